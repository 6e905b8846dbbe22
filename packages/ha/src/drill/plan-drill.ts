import { parseArguments } from '@groundcrew/ground';
import { definePlan, type Json, type Plan } from '@groundcrew/runbook';
import * as z from 'zod';
import { drill, DrillTiming } from './drill-action.ts';
import { DrillAims } from './drill-report.ts';
import { DrillFault, faultName } from './fault.ts';

const Options = z.strictObject({
  /** The component that is tested: `keystone`. */
  target: z.string().min(1).max(200),
  /** Faults, made one after the other; each only if the target is whole again. */
  faults: z.array(DrillFault).min(1).max(50),
  aims: DrillAims.prefault({}),
  timing: DrillTiming.prefault({}),
});

export type DrillOptions = Readonly<z.input<typeof Options>>;

/**
 * Plans a drill, for approval: what will be killed, frozen or cut off, on which host, for how long at most, and how
 * each fault is undone.
 *
 * @throws InputError naming the field; PlanError
 */
export function planDrill(options: DrillOptions): Plan {
  const { target, faults, aims, timing } = parseArguments('planDrill', Options, options);
  const most = timing.baseline + timing.limit + 2 * timing.settle;
  let last: readonly string[] = [];
  const steps = faults.map((fault, at) => {
    const step = drill.step({
      id: `drill-${at + 1}-${fault.kind}`,
      input: { target, fault, aims, timing },
      needs: last,
      why: undoingOf[fault.kind],
      timeout: most + SLACK,
      estimate: {
        duration: timing.baseline + 3 * timing.settle,
        downtime: aims.downtime,
        basis: 'the aim; if it is missed, until the fault is undone',
      },
    });
    last = [step.id];
    return step;
  });
  return definePlan({
    id: `drill-${target.replaceAll(/[^A-Za-z0-9._-]+/g, '-')}`,
    title: `Prove that ${target} survives: ${faults.map(faultName).join(', ')}`,
    inputs: JSON.parse(JSON.stringify({ target, faults, aims, timing })) as Json,
    steps,
    warnings: [
      'Faults are made on purpose: users notice what does not survive them.',
      `Each is undone after ${timing.limit / 1_000} s at the latest, also by the host itself if nobody reaches it.`,
    ],
  });
}

/** Milliseconds for finding, making and undoing, on a slow host. */
const SLACK = 300_000;

const undoingOf: Readonly<Record<DrillFault['kind'], string>> = {
  kill: 'Undone by starting it again.',
  freeze: 'Undone by SIGCONT.',
  partition: 'Undone by deleting the nftables table groundcrew_drill there.',
  command: 'Undone by its own command.',
};
