import { z } from 'zod';

/** What was seen: versions, exit codes, rounds. No secrets. */
const facts = z.record(z.string(), z.string());

/** What carrying out a step left: the same for every action, so that an executor of one's own is short. */
export const UpgradeStepReport = z.discriminatedUnion('outcome', [
  z.strictObject({
    /** `unchanged`: it was there already. `confirmed`: a person said so. `dry`: nothing was done. */
    outcome: z.enum(['changed', 'unchanged', 'confirmed', 'dry']),
    facts,
  }),
  z.strictObject({
    /** It was done as far as its commands tell, and nobody could see what came of it. The run goes on; its verdict names the step. */
    outcome: z.literal('unknown'),
    /** Why nobody could. Without the host, which the step has: so that a thousand hosts have one reason. */
    because: z.string().min(1),
    facts,
  }),
]);
export type UpgradeStepReport = Readonly<z.output<typeof UpgradeStepReport>>;
