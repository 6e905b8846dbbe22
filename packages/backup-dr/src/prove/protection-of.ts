import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { BackupPolicy } from '../backup/protect.ts';
import type { PointList, RecoveryPoint } from '../repository/point.ts';
import { isPointOf } from '../repository/whose-point.ts';
import type { ProofEntry, ProofRecords } from './proof-ledger.ts';

export interface ProtectionInputs {
  /** What the repository holds. */
  readonly points: PointList;
  readonly proofs: ProofRecords;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The age of a proof beyond which it proves nothing; milliseconds. */
  readonly maxProofAgeMs: number;
}

const protectionInputs = optionsSchema<ProtectionInputs>({
  points: anObjectWith<PointList>('a PointList, as a repository answers it', 'points'),
  proofs: anObjectWith<ProofRecords>('ProofRecords, as proofLedger reads them', 'entries'),
  now: z.number(),
  maxProofAgeMs: z.number().nonnegative(),
});

/** How a project stands to what was promised of it. */
export interface Protection {
  readonly project: string;
  /** The newest whole point; `undefined` if none was seen. */
  readonly newest: RecoveryPoint | undefined;
  /** The newest point that was proven to be restorable, and the proof. */
  readonly proven: { readonly point: RecoveryPoint; readonly proof: ProofEntry } | undefined;
  /** The age of the newest point, in milliseconds. */
  readonly rpoMs: number | undefined;
  /** What the last restore took, in milliseconds. */
  readonly rtoMs: number | undefined;
  readonly verdict: 'pass' | 'fail' | 'unknown';
  /** In sentences. */
  readonly because: readonly string[];
}

/**
 * Compares what is there with what was promised. A target without a young proof is not met: a copy that nobody read back is a hope.
 *
 * @example
 * protectionOf(policy, { points: await repo.points(), proofs: await ledger.read(), now: Date.now(), maxProofAgeMs: 30 * 86_400_000 });
 */
export function protectionOf(
  policy: Pick<BackupPolicy, 'project' | 'rpoMs' | 'rtoMs'>,
  given: ProtectionInputs,
): Protection {
  parseArguments('protectionOf', protectionInputs, given);
  const { points, proofs, now, maxProofAgeMs } = given;
  const own = points.points.filter((point) => isPointOf(point, policy.project));
  const newest = own.toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
  const usable = proofs.entries.filter(({ ok, at }) => ok && age(at, now) <= maxProofAgeMs);
  const proven = latest(
    usable.flatMap((proof) => own.filter(({ id }) => id === proof.point).map((point) => ({ point, proof }))),
  );
  const rpoMs = newest === undefined ? undefined : age(newest.at, now);
  const restored = proofs.entries.filter(
    ({ kind, ok, rtoMs, point }) =>
      kind === 'restored' && ok && rtoMs !== undefined && own.some(({ id }) => id === point),
  );
  const rtoMs = restored.toSorted((a, b) => (a.at < b.at ? 1 : -1))[0]?.rtoMs;
  const base = { project: policy.project, newest, proven, rpoMs, rtoMs };
  const unseen = [
    ...points.gaps.map((gap) => `the repository could not be read wholly: ${gap}`),
    ...points.unreadable.map(({ why }) => `a manifest could not be read: ${why}`),
    ...(proofs.unreadable.length === 0
      ? []
      : [`${proofs.unreadable.length} lines of the ledger could not be read`]),
  ];
  const failures = [
    ...rpoFailures(newest, rpoMs, policy.rpoMs),
    ...(proven === undefined ? [`no point was proven within the last ${days(maxProofAgeMs)}`] : []),
    ...rtoFailures(rtoMs, policy.rtoMs),
  ];
  // What was not seen may hold a newer point, or its proof.
  if (failures.length > 0 && unseen.length > 0)
    return { ...base, verdict: 'unknown', because: [...failures, ...unseen] };
  if (failures.length > 0) return { ...base, verdict: 'fail', because: failures };
  return {
    ...base,
    verdict: 'pass',
    because: [`the newest point is ${hours(rpoMs ?? 0)} old, and one was proven`],
  };
}

function rpoFailures(newest: RecoveryPoint | undefined, rpoMs: number | undefined, target: number): string[] {
  if (newest === undefined || rpoMs === undefined) return ['there is no recovery point'];
  // A clock that is wrong makes no point young.
  if (rpoMs < -FIVE_MINUTES) return [`the newest point is of ${newest.at}, which is to come`];
  const late =
    rpoMs > target ? [`the newest point is ${hours(rpoMs)} old; ${hours(target)} are promised`] : [];
  const partial =
    newest.completeness === 'complete' ? [] : [`the newest point is partial: ${newest.gaps.length} gaps`];
  return [...late, ...partial];
}

const FIVE_MINUTES = 300_000;

function rtoFailures(rtoMs: number | undefined, target: number | undefined): string[] {
  if (target === undefined) return [];
  if (rtoMs === undefined) return [`no restore was measured; ${hours(target)} are promised`];
  return rtoMs > target ? [`the last restore took ${hours(rtoMs)}; ${hours(target)} are promised`] : [];
}

function latest(found: readonly { readonly point: RecoveryPoint; readonly proof: ProofEntry }[]) {
  return found.toSorted((a, b) => (a.point.at < b.point.at ? 1 : -1))[0];
}

const age = (at: string, now: number): number => now - Date.parse(at);
const hours = (ms: number): string => `${(ms / 3_600_000).toFixed(1)} h`;
const days = (ms: number): string => `${Math.round(ms / 86_400_000)} days`;
