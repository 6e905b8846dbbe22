import {
  type Action,
  implement,
  type Implementation,
  type Refusal,
  type StepHandlers,
} from '@groundcrew/runbook';
import type { z } from 'zod';
import { confirmRestore, upgradeActions } from '../actions.ts';
import type { UpgradeStepReport } from '../step-report.ts';

type Handlers = StepHandlers<unknown, UpgradeStepReport>;

/** One kind of handlers for every action but the one that asks for the age of the proof, which nobody may skip. */
export const everyAction = (handlersOf: (action: Action) => Handlers): Implementation[] => [
  confirmingRestore(),
  ...Object.values(upgradeActions)
    .filter((one) => one.name !== confirmRestore.name)
    .map((one) => implement(one as Action, handlersOf(one) as StepHandlers<never, never>)),
];

/** The proof's age on the day of the run. */
export const confirmingRestore = (): Implementation =>
  implement(confirmRestore, {
    precondition: async (input, { clock }) => tooOld(input, clock.now()),
    perform: async ({ at, point }): Promise<UpgradeStepReport> => ({
      outcome: 'unchanged',
      facts: { at, ...(point === null ? {} : { point }) },
    }),
  });

function tooOld({ at, limitMs }: z.output<typeof confirmRestore.input>, now: number): Refusal | undefined {
  if (now - Date.parse(at) <= limitMs) return undefined;
  return {
    code: 'upgrade.no-proof',
    reason: `the proof that the databases can be restored is of ${at}, and too old by now`,
    remedy: 'Prove a newer backup, and plan anew with it.',
  };
}
