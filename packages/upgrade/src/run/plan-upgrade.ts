import { milliseconds, parseArguments } from '@groundcrew/ground';
import { definePlan, type Json, type Plan, planned, type Planned, refused } from '@groundcrew/runbook';
import { z } from 'zod';
import { hopBetween } from '../path/hop-between.ts';
import type { Hop } from '../path/plan-path.ts';
import { type Series, title } from '../series.ts';
import { confirmRestore } from './actions.ts';
import { writeControlPlane } from './control-plane.ts';
import { writeDataPlane } from './data-plane.ts';
import { writeEnd, writePins, writeRefresh } from './finish.ts';
import { hopRefusals, partRefusals, rowOf } from './judge-upgrade.ts';
import { PlanDraft } from './plan-draft.ts';
import { type PlanUpgradeOptions, planUpgradeOptions } from './plan-options.ts';
import { warningsOf } from './plan-warnings.ts';
import type { UpgradeRefusal, UpgradeRefusalCode } from './refusals.ts';
import { StepWriter } from './step-writer.ts';
import { partsOf, type UpgradePart } from './upgrade-parts.ts';

/** A hop of `planPath`, or two series of the table. */
export type PlannedHop = Pick<Hop, 'from' | 'to'>;

const aSeries = z.looseObject({ name: z.string().min(1) });
/** The argument of whatever is made of a hop; what else its series have is read from the table. */
export const hopArgument = z.object({ hop: z.looseObject({ from: aSeries, to: aSeries }) });

/**
 * Plans the upgrade of a cloud by one hop: pins on every host first; then service by service the new schema beside the old code, and the
 * control plane, host by host; then computes and agents in waves; then the word to all that everybody is new; and at the very end, behind
 * a gate, what cannot be taken back: old columns, and data in the new form. Pure: all that it knows is given.
 *
 * A step that has no way back but a backup is `restore`, one that ends the old release's life is `none`. Times are those that the caller
 * gives in `estimates`; of all else the plan says that it does not know.
 *
 * @throws InputError naming the field, also of an estimate that no step of the plan has
 * @example
 * const planned = planUpgrade(hop, { topology, now: new Date().toISOString(), proof, checks, schema });
 * if (planned.ok) console.log(explain(planned.plan));
 * else for (const { code, reason, remedy } of planned.refusals) console.log(code, reason, remedy);
 */
export function planUpgrade(hop: PlannedHop, options: PlanUpgradeOptions): Planned<UpgradeRefusalCode> {
  parseArguments('planUpgrade', hopArgument, { hop });
  parseArguments('planUpgrade', planUpgradeOptions, options);
  const from = rowOf(hop.from);
  const to = rowOf(hop.to);
  if (from === undefined || to === undefined)
    return refused({
      code: 'not-a-hop',
      reason: `there is no series ${(from === undefined ? hop.from : hop.to).name}`,
      remedy: 'Take the hops that planPath names.',
    });
  const parts = partsOf(options, to);
  const refusals: UpgradeRefusal[] = [...hopRefusals({ from, to }, options), ...partRefusals(parts, options)];
  if (parts.length === 0 && refusals.length === 0)
    refusals.push({
      code: 'unknown-service',
      reason: 'none of the services runs in the topology',
      remedy: 'Name services of the topology.',
    });
  const [first, ...more] = refusals;
  if (first !== undefined) return refused(first, ...more);
  return planned(planOf({ from, to }, parts, options));
}

function planOf(
  { from, to }: { readonly from: Series; readonly to: Series },
  parts: readonly UpgradePart[],
  options: PlanUpgradeOptions,
): Plan {
  const { topology, wave = 1, proof, proofLimit = '24h', gate = true, targets = [], estimates } = options;
  const draft = new PlanDraft(estimates);
  const writer = new StepWriter(options);
  if (proof !== undefined)
    draft.block((chain) =>
      chain.add(confirmRestore, {
        id: 'confirm-restore',
        input: { at: proof.at, point: proof.point ?? null, limitMs: milliseconds(proofLimit) },
        why: 'No database goes back by itself.',
        timeout: '1m',
        estimate: 'upgrade.confirm-restore',
      }),
    );
  for (const part of parts) writePins(draft, { part, topology, from: from.number ?? from.name });
  for (const part of parts) {
    if (part.recipe.dataFirst) writeDataPlane(draft, writer, { parts: [part], wave });
    writeControlPlane(draft, writer, part);
  }
  writeDataPlane(draft, writer, { parts: parts.filter(({ recipe }) => recipe.dataFirst !== true), wave });
  for (const part of parts) writeRefresh(draft, writer, { part, topology, wave });
  writeEnd(draft, writer, parts);
  draft.checkEstimates();
  const hop = hopBetween(from, to);
  return definePlan({
    id: `upgrade-${from.number ?? from.name}-to-${to.number ?? to.name}`,
    title: `Upgrade ${parts.map(({ recipe }) => recipe.service).join(', ')} from ${title(from)} to ${title(to)}`,
    inputs: inputsOf({ from, to }, parts, options),
    targets,
    steps: draft.steps,
    gates:
      gate && draft.gated !== undefined
        ? [
            {
              id: 'no-way-back',
              question: `From here on ${title(from)} comes back only from a backup, without what was written since. Go on?`,
              before: [draft.gated],
            },
          ]
        : [],
    concurrency: { total: Math.max(wave, 8) },
    warnings: warningsOf(parts, { kind: hop.ok ? hop.kind : 'next', options }),
  });
}

/** What explains the plan, as JSON. */
const inputsOf = (
  { from, to }: { readonly from: Series; readonly to: Series },
  parts: readonly UpgradePart[],
  { topology, strategy = 'rolling', now }: PlanUpgradeOptions,
): Json =>
  JSON.parse(
    JSON.stringify({
      from: from.name,
      to: to.name,
      strategy,
      plannedAt: now,
      outage: parts.filter(({ outage }) => outage).map(({ recipe }) => recipe.service),
      topology,
    }),
  ) as Json;
