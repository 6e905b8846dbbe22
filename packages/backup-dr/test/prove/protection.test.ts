import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { assessProtection, proofLedger, type ProofRecords, protectionOf } from '../../src/prove.ts';
import type { PointList, RecoveryPoint } from '../../src/repository.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const HOUR = 3_600_000;
const hoursAgo = (hours: number): string => new Date(NOW - hours * HOUR).toISOString();

const point = (id: string, hours: number, more: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  id,
  at: hoursAgo(hours),
  writtenAt: hoursAgo(hours),
  labels: { kind: 'tenant', project: 'shop' },
  completeness: 'complete',
  gaps: [],
  streams: [],
  contents: {},
  isNewer: false,
  manifests: [],
  ...more,
});
const list = (points: readonly RecoveryPoint[], more: Partial<PointList> = {}): PointList => ({
  points,
  broken: [],
  unreadable: [],
  strays: [],
  gaps: [],
  ...more,
});
const proofs = (...entries: ProofRecords['entries'][number][]): ProofRecords => ({ entries, unreadable: [] });
const readBack = (of: string, hours: number, ok = true) =>
  ({ at: hoursAgo(hours), project: 'shop', point: of, kind: 'read-back', ok }) as const;
const restored = (of: string, hours: number, rtoMs: number) =>
  ({ at: hoursAgo(hours), project: 'shop', point: of, kind: 'restored', ok: true, rtoMs }) as const;

const policy = { project: 'shop', rpoMs: 4 * HOUR, rtoMs: undefined };
const of = (points: PointList, records: ProofRecords, more: { rtoMs?: number } = {}) =>
  protectionOf({ ...policy, ...more }, { points, proofs: records, now: NOW, maxProofAgeMs: 30 * 24 * HOUR });

describe('how it stands', () => {
  test.each([
    ['young and proven', list([point('a', 2)]), proofs(readBack('a', 1)), 'pass'],
    ['young, and nobody read it', list([point('a', 2)]), proofs(), 'fail'],
    ['an older one was proven', list([point('a', 2), point('b', 50)]), proofs(readBack('b', 49)), 'pass'],
    ['the proof failed', list([point('a', 2)]), proofs(readBack('a', 1, false)), 'fail'],
    ['the proof is too old', list([point('a', 2), point('b', 900)]), proofs(readBack('b', 800)), 'fail'],
    ['the proof is of a point that is gone', list([point('a', 2)]), proofs(readBack('gone', 1)), 'fail'],
    ['too old', list([point('a', 5)]), proofs(readBack('a', 1)), 'fail'],
    ['partial', list([point('a', 2, { completeness: 'partial' })]), proofs(readBack('a', 1)), 'fail'],
    [
      'of another project',
      list([point('a', 2, { labels: { project: 'other' } })]),
      proofs(readBack('a', 1)),
      'fail',
    ],
    ['of the future', list([point('a', -3)]), proofs(readBack('a', 1)), 'fail'],
    [
      'none, and the repository was not wholly read',
      list([], { gaps: ['it broke off'] }),
      proofs(),
      'unknown',
    ],
  ])('%s', (_what, points, records, verdict) => {
    const protection = of(points, records);
    expect(protection.verdict).toBe(verdict);
    expect(assessProtection(protection)).toMatchObject({ id: 'backup-dr.protection', verdict });
  });

  test('what a restore takes counts only if it was measured', () => {
    const points = list([point('a', 2)]);
    expect(of(points, proofs(readBack('a', 1)), { rtoMs: HOUR }).verdict).toBe('fail');
    expect(of(points, proofs(restored('a', 1, HOUR / 2)), { rtoMs: HOUR })).toMatchObject({
      verdict: 'pass',
      rtoMs: HOUR / 2,
    });
    expect(of(points, proofs(restored('a', 1, 2 * HOUR)), { rtoMs: HOUR }).verdict).toBe('fail');
  });
});

test('a ledger that somebody died over is read, and written on', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'proofs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'proofs.jsonl');
  const ledger = proofLedger(file);
  expect(await ledger.read()).toEqual({ entries: [], unreadable: [] });
  await ledger.append(readBack('a', 3));
  await appendFile(file, '{"at": "2026');
  await ledger.append(readBack('b', 2));
  const { entries, unreadable } = await ledger.read();
  expect(entries.map((entry) => entry.point)).toEqual(['a', 'b']);
  expect(unreadable).toEqual([2]);
  // A field that is not what it must be is refused, and nothing is written.
  await expect(ledger.append({ ...readBack('c', 1), at: 'yesterday' })).rejects.toThrow('at');
});
