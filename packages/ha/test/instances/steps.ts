import type { Action, Implementation, Refusal, StepContext } from '@groundcrew/runbook';
import { systemClock } from '@groundcrew/core';
import type { z } from 'zod';

/** The parts of a step's code that a test asks one by one. */
export interface StepParts<Input, Output> {
  precondition(input: Input): Promise<Refusal | undefined>;
  done(input: Input): Promise<Output | undefined>;
  perform(input: Input): Promise<Output>;
  verify(input: Input): Promise<Refusal | undefined>;
  compensate(input: Input): Promise<void>;
}

/** Asks the code of one action part by part: in a run, another part would refuse as well. */
export function partsOf<Input extends z.ZodType, Output extends z.ZodType>(
  implementations: readonly Implementation[],
  action: Action<Input, Output>,
): StepParts<z.output<Input>, z.output<Output>> {
  const found = implementations.find(({ action: { name } }) => name === action.name);
  if (found === undefined) throw new Error(`nobody carries out ${action.name}`);
  const handlers = found.handlers as unknown as Record<string, (...all: unknown[]) => Promise<never>>;
  const context: StepContext = {
    run: 'run-1',
    step: 'step',
    key: 'key',
    attempt: 1,
    signal: new AbortController().signal,
    clock: systemClock,
    token: 1,
    outputOf: () => {
      throw new Error('there is no earlier step');
    },
    progress: () => undefined,
  };
  const ask = (name: string, ...all: unknown[]): Promise<never> => {
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`${action.name} has no ${name}`);
    return handler(...all, context);
  };
  return {
    precondition: (input) => ask('precondition', input),
    done: (input) => ask('done', input),
    perform: (input) => ask('perform', input),
    verify: (input) => ask('verify', input, undefined),
    compensate: (input) => ask('compensate', input, undefined),
  };
}
