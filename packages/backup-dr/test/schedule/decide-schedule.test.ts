import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { protect } from '../../src/backup.ts';
import type { PointList } from '../../src/repository.ts';
import { decideSchedule, type ScheduleSituation } from '../../src/schedule/decide-schedule.ts';
import type { ScheduledRun, ScheduleMemory } from '../../src/schedule/schedule-memory.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const HOUR = 3_600_000;
const isoOf = (moment: number): string => new Date(moment).toISOString();
const none: PointList = { points: [], broken: [], unreadable: [], strays: [], gaps: [] };
const empty: ScheduleMemory = { running: [], attempts: [], retention: [] };

const runOf = (project: string, purpose: 'back-up' | 'retention'): ScheduledRun => ({
  journal: `${purpose}-${project}`,
  by: 'me',
  about: { project, purpose },
});

const decide = (memory: Partial<ScheduleMemory>, more: Partial<ScheduleSituation> = {}) => {
  const { begin, ...decision } = decideSchedule({
    policies: ['shop', 'mail', 'wiki'].map((project) => protect({ project, rpo: '4h' })),
    points: none,
    memory: { ...empty, ...memory },
    now: NOW,
    atOnce: 2,
    retryAfterMs: 900_000,
    ...more,
  });
  return { ...decision, begin: begin.map(({ project }) => project) };
};

describe('a round', () => {
  test('begins what is due, as many as may run at once, and says why the others wait', () => {
    expect(decide({ running: [runOf('shop', 'back-up')] })).toMatchObject({
      begin: ['mail'],
      retain: undefined,
      heldBack: [
        {
          project: 'wiki',
          purpose: 'back-up',
          because: '2 backups at once: others have their turn before it',
        },
      ],
    });
    const tried = [{ project: 'mail', at: isoOf(NOW - 60_000) }];
    expect(decide({ attempts: tried }).heldBack).toEqual([
      {
        project: 'mail',
        purpose: 'back-up',
        because: `it was tried at ${isoOf(NOW - 60_000)}, and is tried again 15 min after that`,
      },
    ]);
  });

  test('retention waits while a backup is due or under way, and then has the repository for itself', () => {
    const retention = [{ project: 'shop', since: isoOf(NOW - HOUR) }];
    expect(decide({ retention })).toMatchObject({ begin: ['mail', 'shop'], retain: undefined });
    const tried = ['shop', 'mail', 'wiki'].map((project) => ({ project, at: isoOf(NOW) }));
    const busy = decide({ retention, attempts: tried, running: [runOf('mail', 'back-up')] });
    expect(busy).toMatchObject({ begin: [], retain: undefined });
    expect(busy.heldBack).toContainEqual({
      project: 'shop',
      purpose: 'retention',
      because: '1 backup under way',
    });
    expect(decide({ retention, attempts: tried })).toMatchObject({ begin: [], retain: 'shop' });
    const pruning = decide({ running: [runOf('wiki', 'retention')], retention });
    expect(pruning).toMatchObject({ begin: [], retain: undefined });
    expect(pruning.heldBack).toContainEqual({
      project: 'shop',
      purpose: 'back-up',
      because: 'retention has the repository for itself until it has ended',
    });
    expect(pruning.heldBack).toContainEqual({
      project: 'shop',
      purpose: 'retention',
      because: 'that of another project is under way',
    });
  });

  test('after a day retention goes first: no backup begins before it, and those under way end', () => {
    const retention = [{ project: 'shop', since: isoOf(NOW - 25 * HOUR) }];
    expect(decide({ retention })).toMatchObject({ begin: [], retain: 'shop' });
    expect(decide({ retention, running: [runOf('wiki', 'back-up')] })).toMatchObject({
      begin: [],
      retain: undefined,
    });
  });
});

test('law: whatever is due begins or is told why not; retention is never beside anything; no more run than may', () => {
  const projects = ['a', 'b', 'c', 'd'];
  const project = fc.constantFrom(...projects);
  const hoursAgo = fc.integer({ min: -30, max: 60 }).map((hours) => isoOf(NOW - hours * HOUR));
  const memory = fc.record({
    running: fc.uniqueArray(
      fc.record({ project, purpose: fc.constantFrom('back-up' as const, 'retention' as const) }),
      { maxLength: 3, selector: ({ project: name }) => name },
    ),
    attempts: fc.uniqueArray(fc.record({ project, at: hoursAgo }), { selector: (one) => one.project }),
    retention: fc.uniqueArray(fc.record({ project, since: hoursAgo }), { selector: (one) => one.project }),
  });
  fc.assert(
    fc.property(memory, fc.integer({ min: 1, max: 3 }), ({ running, ...rest }, atOnce) => {
      const runs = running.map((about) => runOf(about.project, about.purpose));
      const { begin, retain, heldBack } = decide(
        { ...rest, running: runs },
        { atOnce, policies: projects.map((name) => protect({ project: name, rpo: '4h' })) },
      );
      const busy = running.filter(({ purpose }) => purpose === 'back-up');
      const isPruning = running.length > busy.length;
      expect(retain !== undefined || isPruning ? begin : []).toEqual([]);
      expect(retain === undefined ? [] : running).toEqual([]);
      expect(begin.length === 0 ? 0 : busy.length + begin.length).toBeLessThanOrEqual(atOnce);
      // There is no point of any: each is due that is not under way.
      for (const name of projects.filter((one) => busy.every((run) => run.project !== one)))
        expect(
          begin.includes(name) ||
            heldBack.some((held) => held.project === name && held.purpose === 'back-up'),
        ).toBe(true);
      for (const waiting of rest.retention)
        expect(
          retain === waiting.project ||
            heldBack.some((held) => held.project === waiting.project && held.purpose === 'retention'),
        ).toBe(true);
    }),
  );
});
