import { z } from 'zod';

/** What carrying out a step left: the same for every action, so that an executor of one's own is short. */
export const UpgradeStepReport = z.strictObject({
  /** `unchanged`: it was there already. `confirmed`: a person said so. `dry`: nothing was done. */
  outcome: z.enum(['changed', 'unchanged', 'confirmed', 'dry']),
  /** What was seen: versions, exit codes, rounds. No secrets. */
  facts: z.record(z.string(), z.string()),
});
export type UpgradeStepReport = Readonly<z.output<typeof UpgradeStepReport>>;
