import { parseStrictly } from '@groundcrew/ground';
import type { z } from 'zod';
import type { Action, Implementation } from './action.ts';
import { RunbookError } from '../errors.ts';
import { frozenJson, type Json } from '../json.ts';

/** Data that its action does not take; `field` says where: `input.host`, `output.pid`. */
export class StepDataError extends RunbookError {
  readonly code: 'input' | 'output';
  readonly field: string;

  constructor(code: 'input' | 'output', action: string, field: string, message: string) {
    super(`${action}: ${field}: ${message}`);
    this.code = code;
    this.field = field;
  }
}

/** The input as the handlers take it. @throws StepDataError */
export const inputFor = ({ action }: Implementation, input: Json): unknown => readInput(action, input);

/**
 * The input of a step that is kept in a plan or a journal, as its action has it.
 *
 * @throws StepDataError on what an action of another release, or another action of that name, may have left
 */
export const readInput = <Input extends z.ZodType>(
  action: Pick<Action<Input>, 'name' | 'input'>,
  input: unknown,
): z.output<Input> => checked(action.input, 'input', action.name, input);

/** Reads the output of a step, likewise. @throws StepDataError */
export const readOutput = <Output extends z.ZodType>(
  action: Pick<Action<z.ZodType, Output>, 'name' | 'output'>,
  output: unknown,
): z.output<Output> => checked(action.output, 'output', action.name, output);

/**
 * The output as the journal keeps it. An action that says it leaves nothing leaves `null`.
 *
 * @throws StepDataError, NotJsonError
 */
export const outputFrom = ({ action }: Implementation, output: unknown): Json =>
  frozenJson(readOutput(action, output) ?? null, 'output');

function checked<T extends z.ZodType>(
  schema: T,
  what: 'input' | 'output',
  action: string,
  value: unknown,
): z.output<T> {
  return parseStrictly(
    schema,
    value,
    ({ field, message }) =>
      new StepDataError(what, action, field === '' ? what : `${what}.${field}`, message),
  );
}
