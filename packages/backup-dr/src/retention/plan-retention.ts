import {
  aDuration,
  anObjectWith,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { definePlan, type Json, planned, type Planned, type Refusal, refused } from '@groundcrew/runbook';
import { z } from 'zod';
import type { ProofRecords } from '../prove/proof-ledger.ts';
import type { PointList } from '../repository/point.ts';
import { provenPoints } from './proven-points.ts';
import { forgetPoint, sweepStreams } from './retention-actions.ts';
import { chooseRetention, type RetentionChoice } from './retention-choice.ts';
import { forgetRefusal, type RetentionRefusalCode, unseenRefusals } from './retention-refusals.ts';
import { refuseKeepingNothing, type RetentionRules, retentionRules } from './retention-rules.ts';

/** Of whom which points are kept; a `BackupPolicy` is one. */
export interface RetentionPolicy {
  /** Id or name of a project, or a site; points of others are not touched. @default all, each with the rules for itself */
  readonly project?: string | undefined;
  /** @default all points: only strays go */
  readonly keep?: RetentionRules | undefined;
}

export interface PlanRetentionOptions {
  /** What the repository holds, as `points()` of it tells. */
  readonly points: PointList;
  /** What was proven, as the ledger tells: the newest proven point stays. */
  readonly proofs: ProofRecords;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Ids of points that go whatever the rules say, also broken ones. @default none */
  readonly forget?: readonly string[] | undefined;
  /** The age at which streams of no point go: their writer is not at work any more. @default '7d' */
  readonly strayAfter?: Duration | undefined;
}

const retentionOptions = optionsSchema<PlanRetentionOptions>({
  points: anObjectWith<PointList>('a PointList, as a repository answers it', 'points', 'broken', 'gaps'),
  proofs: anObjectWith<ProofRecords>('ProofRecords, as proofLedger reads them', 'entries'),
  now: z.number(),
  forget: z.array(z.string()).optional(),
  strayAfter: aDuration.optional(),
});
const policyParts = z.looseObject({
  project: z.string().min(1).optional(),
  keep: retentionRules.optional(),
});

/**
 * Plans which points of a project are forgotten, and which streams are removed with them. Pure. Whatever the rules say, these stay:
 * the newest point of which nothing is missing, the newest that was proven, points of a newer release, of the future, broken ones, and
 * every stream that a point which stays needs. To name one of the first three in `forget` is refused. The plan's `inputs` say of each
 * point that stays why.
 *
 * @throws InputError naming the field, also for rules that keep nothing
 * @example
 * const given = { points: await repo.points(), proofs: await ledger.read(), now: Date.now() };
 * const planned = planRetention(protect({ project: 'shop', rpo: '4h', keep: { daily: 14 } }), given);
 * if (planned.ok) console.log(explain(planned.plan));
 */
export function planRetention(
  policy: RetentionPolicy,
  given: PlanRetentionOptions,
): Planned<RetentionRefusalCode> {
  parseArguments('planRetention', retentionOptions, given);
  parseArguments('planRetention', policyParts, policy);
  const { points, proofs, now, forget = [], strayAfter = '7d' } = given;
  const { project, keep } = policy;
  if (keep !== undefined) refuseKeepingNothing('planRetention', keep);
  const proven = provenPoints(proofs);
  const [first, ...more] = [
    ...unseenRefusals(points),
    ...forget.flatMap((id) => refusalOf(id, points, { proven, now })),
  ];
  if (first !== undefined) return refused(first, ...more);
  const straysBefore = now - milliseconds(strayAfter);
  const choice = chooseRetention(points, proven, { project, keep, forget, straysBefore, now });
  const steps = choice.goes.map(({ point: { id, at, labels, manifests } }) =>
    forgetPoint.step({
      id: `forget-${id}`,
      input: {
        point: id,
        at,
        of: labels['project'] ?? labels['project-id'] ?? labels['site'] ?? null,
        manifests: [...manifests],
      },
      why: forget.includes(id) ? 'It is named.' : 'No rule keeps it.',
      // One that may not go by now keeps no other one.
      onFailure: 'continue',
      group: 'repository',
    }),
  );
  return planned(
    definePlan({
      id: 'retention',
      title: project === undefined ? 'Retention of all points' : `Retention of the points of ${project}`,
      inputs: inputsOf(policy, choice, now),
      steps: [
        ...steps,
        sweepStreams.step({
          id: 'sweep',
          input: { points: streamsOf(choice) },
          after: steps.map(({ id }) => id),
          why: 'What it was that somebody has begun to need since is left.',
          group: 'repository',
          // Engines rewrite what is left of their packs.
          timeout: '1d',
        }),
      ],
      warnings: warningsOf(points, proofs, policy),
    }),
  );
}

function refusalOf(
  id: string,
  list: PointList,
  facts: Parameters<typeof forgetRefusal>[2],
): Refusal<RetentionRefusalCode>[] {
  const point = [...list.points, ...list.broken.map((each) => each.point)].find((each) => each.id === id);
  const refusal =
    point === undefined
      ? { code: 'retention.no-such-point' as const, reason: `there is no point ${id}`, remedy: undefined }
      : forgetRefusal(point, list, facts);
  return refusal === undefined ? [] : [refusal];
}

const inputsOf = ({ project, keep }: RetentionPolicy, { stays }: RetentionChoice, now: number): Json =>
  JSON.parse(JSON.stringify({ at: new Date(now).toISOString(), project, keep, stays })) as Json;

const streamsOf = ({ goes, strays }: RetentionChoice) =>
  [...goes.map(({ point, streams }) => ({ point: point.id, streams })), ...strays]
    .filter(({ streams }) => streams.length > 0)
    .map(({ point, streams }) => ({ point, streams: [...streams] }));

const warningsOf = (
  points: PointList,
  { unreadable }: ProofRecords,
  { project, keep }: RetentionPolicy,
): readonly string[] => [
  ...(unreadable.length === 0
    ? []
    : [`Lines of the ledger that cannot be read: ${unreadable.join(', ')}. What they prove is not known.`]),
  ...(keep === undefined ? ['There are no rules: all points stay but those that are named.'] : []),
  ...(points.points.length === 0 && project !== undefined ? ['The repository has no whole point.'] : []),
];
