import type { Backup } from '@groundcrew/core/block-storage';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chainsIn, planCinderRetention } from '../../src/cinder-backups.ts';
import { nextInChain } from '../../src/cinder-backups/next-in-chain.ts';
import { pointsToKeep } from '../../src/retention/retention-rules.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);

/** Backups as Cinder would make them: an incremental one builds on the one with the latest data before it. */
interface Made {
  readonly backups: readonly Backup[];
  readonly parents: ReadonlyMap<string, string>;
}

const aBackup = fc.record({
  volume: fc.constantFrom('a', 'b', 'gone'),
  hours: fc.integer({ min: 1, max: 40 }),
  full: fc.boolean(),
});

function made(wishes: readonly { volume: string; hours: number; full: boolean }[]): Made {
  const backups: Backup[] = [];
  const parents = new Map<string, string>();
  let now = START;
  for (const [at, { volume, hours, full }] of wishes.entries()) {
    now += hours * HOUR;
    const parent = full ? undefined : backups.findLast((backup) => backup.volume_id === volume);
    const id = `backup-${at}`;
    if (parent !== undefined) parents.set(id, parent.id);
    const moment = new Date(now).toISOString();
    backups.push({
      id,
      name: null,
      description: null,
      status: 'available',
      fail_reason: null,
      volume_id: volume,
      size: 1,
      object_count: 1,
      container: 'backups',
      availability_zone: 'nova',
      is_incremental: parent !== undefined,
      has_dependent_backups: false,
      data_timestamp: moment,
      created_at: moment,
    });
  }
  const needed = new Set(parents.values());
  return {
    backups: backups.map((backup) => ({ ...backup, has_dependent_backups: needed.has(backup.id) })),
    parents,
  };
}

test('the chains are those of the parents, in any order of the list', () => {
  fc.assert(
    fc.property(fc.array(aBackup, { maxLength: 25 }), fc.nat(), (wishes, turn) => {
      const { backups, parents } = made(wishes);
      const turned = [...backups.slice(turn % 7), ...backups.slice(0, turn % 7)];
      for (const { backups: chain } of chainsIn(turned)) {
        // The parent of the first is none, and of each other one the one before it.
        expect(chain.map(({ id }) => parents.get(id))).toEqual([
          undefined,
          ...chain.slice(0, -1).map(({ id }) => id),
        ]);
      }
    }),
  );
});

test('whatever the rules are: what is kept keeps all that it builds on, the last of a chain goes first, and the newest stays', () => {
  const rules = fc.record({ last: fc.integer({ min: 1, max: 4 }), daily: fc.nat(3), weekly: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(aBackup, { maxLength: 25 }), rules, (wishes, keep) => {
      const { backups, parents } = made(wishes);
      const now = START + 2000 * HOUR;
      const planned = planCinderRetention({ backups, volumes: [{ id: 'a' }, { id: 'b' }], keep, now });
      const order = planned.ok ? planned.plan.steps.map(({ id }) => id.replace('delete-', '')) : [];
      const goes = new Set(order);
      const orphaned = [...parents].filter(([child, parent]) => !goes.has(child) && goes.has(parent));
      expect(orphaned).toEqual([]);
      const together = [...parents].filter(([, parent]) => goes.has(parent));
      for (const [child, parent] of together) {
        expect(order.indexOf(child)).toBeLessThan(order.indexOf(parent));
        const steps = planned.ok ? planned.plan.steps : [];
        expect(steps.find(({ id }) => id === `delete-${parent}`)?.needs).toEqual([`delete-${child}`]);
      }
      const kept = ['a', 'b'].flatMap((volume) => {
        const own = backups.filter((backup) => backup.volume_id === volume);
        const points = own.map(({ id, created_at: at }) => ({ id, at, completeness: 'complete' as const }));
        return [...pointsToKeep(points, keep, now).keys()];
      });
      const others = backups.filter(({ volume_id }) => volume_id === 'gone').map(({ id }) => id);
      expect([...kept, ...others].filter((id) => goes.has(id))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('the next one is incremental only where Cinder would take it', () => {
  expect.hasAssertions();
  const statuses = fc.constantFrom('available', 'available', 'available', 'error', 'error_deleting');
  fc.assert(
    fc.property(
      fc.array(aBackup, { maxLength: 12 }),
      fc.array(statuses, { maxLength: 12 }),
      (wishes, states) => {
        const { backups } = made(wishes.map((wish) => ({ ...wish, volume: 'a' })));
        const all = backups.map((backup, at) => ({ ...backup, status: states[at] ?? 'available' }));
        const next = nextInChain({ size: 1 }, all, { fullEveryMs: 1e12, longest: 100 }, START + 2000 * HOUR);
        // `cinder/backup/api.py` takes the one with the latest data for the parent, and refuses if it is not available.
        const parent = all.at(-1);
        expect(next.kind === 'incremental' && parent?.status !== 'available').toBe(false);
        expect([parent?.status === 'available', next.kind === 'full']).toContain(true);
      },
    ),
  );
});
