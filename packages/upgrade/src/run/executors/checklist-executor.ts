import { aFunction, optionsSchema, parseArguments } from '@groundcrew/ground';
import { type Action, RunbookError, type StepContext } from '@groundcrew/runbook';
import { z } from 'zod';
import type { UpgradeStepReport } from '../step-report.ts';
import { everyAction } from './every-action.ts';
import type { UpgradeExecutor } from './executor.ts';
import type { ComponentNaming } from './naming.ts';
import { namingShape } from './naming-schema.ts';
import { stepWords } from './step-words.ts';

/** What a person is asked to do. */
export interface ChecklistItem {
  readonly step: string;
  readonly title: string;
  /** Commands, or sentences where there is no one command. */
  readonly how: readonly string[];
  /** What must be so afterwards. */
  readonly check: string;
  /** Whether the run was cut off when somebody had begun it: then first look whether it is done. */
  readonly begunBefore: boolean;
}

/** What the person says. Anything else fails the step: silence is no yes. */
export type ChecklistAnswer =
  | { readonly answer: 'done'; readonly note?: string | undefined }
  /** It was done, and nobody can see what came of it: the run goes on, and its verdict names the step. */
  | { readonly answer: 'unknown'; readonly reason: string }
  | { readonly answer: 'failed'; readonly reason: string };

export interface ChecklistExecutorOptions extends ComponentNaming {
  /** Asks a person, and waits as long as it takes. */
  readonly ask: (item: ChecklistItem, signal: AbortSignal) => Promise<ChecklistAnswer>;
}

const checklistOptions = optionsSchema<ChecklistExecutorOptions>({ ...namingShape, ask: aFunction });

const Answer = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.literal('done'), note: z.string().optional() }),
  z.strictObject({ answer: z.literal('unknown'), reason: z.string().min(1) }),
  z.strictObject({ answer: z.literal('failed'), reason: z.string().min(1) }),
]);

/** A person said that a step did not work, or said nothing that can be understood. */
export class ChecklistError extends RunbookError {
  readonly code: 'upgrade.failed-by-hand' | 'upgrade.unclear-answer';

  constructor(code: ChecklistError['code'], message: string) {
    super(message, { remedy: 'Mend it, and run the plan again: it goes on with this step.' });
    this.code = code;
  }
}

/**
 * Lets people carry out a plan: each step with its commands and its check, and an answer that is kept in the journal. Steps wait for it
 * until their time limit.
 *
 * @throws InputError naming the field
 * @example
 * const executor = checklistExecutor({ ask: async ({ title, how, check }) => prompt(`${title}\n${how.join('\n')}\n${check}`) });
 */
export function checklistExecutor(options: ChecklistExecutorOptions): UpgradeExecutor {
  parseArguments('checklistExecutor', checklistOptions, options);
  return {
    name: 'checklist',
    implementations: () =>
      everyAction((action) => ({ perform: (input, context) => asked(action, input, context, options) })),
  };
}

async function asked(
  action: Action,
  input: unknown,
  { step, attempt, signal }: StepContext,
  options: ChecklistExecutorOptions,
): Promise<UpgradeStepReport> {
  const item = {
    step,
    title: action.title(input),
    ...stepWords(action.name, input, options),
    begunBefore: attempt > 1,
  };
  const said = Answer.safeParse(await options.ask(item, signal));
  if (!said.success)
    throw new ChecklistError(
      'upgrade.unclear-answer',
      `${step}: the answer is neither done, unknown nor failed`,
    );
  if (said.data.answer === 'failed') throw new ChecklistError('upgrade.failed-by-hand', said.data.reason);
  if (said.data.answer === 'unknown') return { outcome: 'unknown', because: said.data.reason, facts: {} };
  const { note } = said.data;
  return { outcome: 'confirmed', facts: note === undefined ? {} : { note } };
}
