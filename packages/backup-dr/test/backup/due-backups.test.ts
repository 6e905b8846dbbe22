import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dueBackups, type DueBackupsOptions, nextBackup, protect } from '../../src/backup.ts';
import type { PointList, RecoveryPoint } from '../../src/repository.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const isoOf = (moment: number): string => new Date(moment).toISOString();

/** A point of a project whose data are of a moment, and that took so long to write. */
function pointAt(project: string, at: number, tookMs = 0, more: Partial<RecoveryPoint> = {}): RecoveryPoint {
  return {
    id: `${project}-${at}`,
    at: isoOf(at),
    writtenAt: isoOf(at + tookMs),
    labels: { kind: 'tenant', project },
    completeness: 'complete',
    gaps: [],
    streams: [],
    contents: undefined,
    isNewer: false,
    manifests: [],
    ...more,
  };
}

const listOf = (points: readonly RecoveryPoint[], more: Partial<PointList> = {}): PointList => ({
  points: points.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at)),
  broken: [],
  unreadable: [],
  strays: [],
  gaps: [],
  ...more,
});

const policyOf = (project: string, rpoMs: number) => protect({ project, rpo: rpoMs });
const shop = policyOf('shop', 4 * HOUR);

describe('the next backup of a project', () => {
  test('begins earlier than the RPO by as long as the last ones took, and a tenth of it', () => {
    const points = listOf([
      pointAt('shop', NOW - HOUR, 10 * MINUTE),
      pointAt('shop', NOW - 5 * HOUR, 20 * MINUTE),
      pointAt('mail', NOW, 0),
    ]);
    expect(nextBackup(shop, { points, now: NOW })).toMatchObject({
      isDue: false,
      lateAt: isoOf(NOW + 3 * HOUR),
      allowedMs: 44 * MINUTE,
      dueAt: isoOf(NOW + 3 * HOUR - 44 * MINUTE),
      newest: `shop-${NOW - HOUR}`,
    });
    const due = NOW + 3 * HOUR - 44 * MINUTE;
    expect(nextBackup(shop, { points, now: due - 1 }).isDue).toBe(false);
    expect(nextBackup(shop, { points, now: due }).isDue).toBe(true);
  });

  test('never before half of the RPO, however long they take', () => {
    const points = listOf([pointAt('shop', NOW, 9 * HOUR)]);
    expect(nextBackup(shop, { points, now: NOW })).toMatchObject({ dueAt: isoOf(NOW + 2 * HOUR) });
  });

  test('is due now where there is no point, and says what was not seen', () => {
    const next = nextBackup(shop, { points: listOf([], { gaps: ['it broke off'] }), now: NOW });
    expect(next).toMatchObject({ isDue: true, dueAt: isoOf(NOW), newest: undefined });
    expect(next.because).toBe('no point of shop was seen, and not all of the repository could be read');
  });

  test('a point that a clock a day ahead has made puts off nothing, and one of minutes ahead is taken', () => {
    const tomorrow = pointAt('shop', NOW + 24 * HOUR);
    expect(nextBackup(shop, { points: listOf([tomorrow]), now: NOW })).toMatchObject({
      isDue: true,
      because: expect.stringContaining('1 of the future'),
    });
    const points = listOf([tomorrow, pointAt('shop', NOW + MINUTE)]);
    expect(nextBackup(shop, { points, now: NOW })).toMatchObject({ isDue: false });
  });

  test('partial points count: what the writer cannot see a second one does not see either', () => {
    const points = listOf([pointAt('shop', NOW, 0, { completeness: 'partial' })]);
    expect(nextBackup(shop, { points, now: NOW }).isDue).toBe(false);
  });
});

describe('which begin now', () => {
  const due = (more: Partial<DueBackupsOptions> & { points?: PointList }) =>
    dueBackups([policyOf('hourly', HOUR), policyOf('daily', 24 * HOUR), policyOf('new', 24 * HOUR)], {
      points: listOf([pointAt('hourly', NOW - 5 * HOUR), pointAt('daily', NOW - 29 * HOUR)]),
      now: NOW,
      ...more,
    });
  const names = ({ begin, waiting }: ReturnType<typeof due>) => [
    begin.map(({ project }) => project),
    waiting.map(({ project }) => project),
  ];

  test('the latest by what was promised first, and no more than may run at once', () => {
    expect(names(due({}))).toEqual([['new', 'hourly'], ['daily']]);
    expect(names(due({ atOnce: 9 }))).toEqual([['new', 'hourly', 'daily'], []]);
    expect(names(due({ running: ['new', 'other'] }))).toEqual([[], ['hourly', 'daily']]);
    expect(due({ atOnce: 9 }).lookAgainAt).toBeUndefined();
  });

  test('what was just tried waits, and keeps nobody else', () => {
    const attempts = [{ project: 'new', at: isoOf(NOW - 5 * MINUTE) }];
    const answer = due({ attempts });
    expect(names(answer)).toEqual([['hourly', 'daily'], ['new']]);
    expect(answer.lookAgainAt).toBe(isoOf(NOW + 10 * MINUTE));
    // An attempt of tomorrow is a wrong clock’s.
    expect(names(due({ attempts: [{ project: 'new', at: isoOf(NOW + 24 * HOUR) }] }))[0]).toContain('new');
  });

  test('nothing is due: when to look again', () => {
    const points = listOf(['hourly', 'daily', 'new'].map((project) => pointAt(project, NOW)));
    expect(due({ points })).toEqual({
      begin: [],
      waiting: [],
      lookAgainAt: isoOf(NOW + HOUR - HOUR / 10),
    });
  });

  test('two policies of one project, and options that there are not, are refused', () => {
    const given = { points: listOf([]), now: NOW };
    expect(() => dueBackups([shop, shop], given)).toThrow(
      expect.objectContaining({ field: 'policies.1.project' }),
    );
    expect(() => dueBackups([shop], { ...given, misspelt: 1 } as never)).toThrow(
      expect.objectContaining({ field: 'misspelt' }),
    );
  });
});

/** A schedule as a process keeps it: it asks, begins what it is told, and asks again when told or when one ends. */
function simulate(
  projects: readonly { readonly rpoMs: number; readonly tookMs: number }[],
  options: { readonly atOnce: number; readonly hours: number; readonly outage: readonly [number, number] },
) {
  const policies = projects.map(({ rpoMs }, at) => policyOf(`p${at}`, rpoMs));
  const points: RecoveryPoint[] = policies.map(({ project }) => pointAt(project, NOW, 0));
  let running: { readonly project: string; readonly at: number; readonly end: number }[] = [];
  const attempts = new Map<string, number>();
  const ages: { readonly project: string; readonly at: number; readonly age: number }[] = [];
  let [now, most, begun] = [NOW, 0, 0];
  while (now < NOW + options.hours * HOUR) {
    for (const { project, at, end } of running.filter((one) => one.end <= now)) {
      const newest = Math.max(
        ...points.filter(({ labels }) => labels['project'] === project).map((point) => Date.parse(point.at)),
      );
      ages.push({ project, at: end, age: end - newest });
      points.push(pointAt(project, at, end - at));
    }
    running = running.filter(({ end }) => end > now);
    const [from, to] = options.outage;
    const isDown = now >= NOW + from && now < NOW + to;
    const { begin, lookAgainAt } = dueBackups(policies, {
      points: listOf(points),
      now,
      running: running.map(({ project }) => project),
      attempts: [...attempts].map(([project, at]) => ({ project, at: isoOf(at) })),
      atOnce: options.atOnce,
      retryAfter: 0,
    });
    if (!isDown)
      for (const { project } of begin) {
        attempts.set(project, now);
        begun += 1;
        running.push({ project, at: now, end: now + (projects[Number(project.slice(1))]?.tookMs ?? 0) });
      }
    most = Math.max(most, running.length);
    const wake = isDown ? NOW + to : Math.max(now + 1, Date.parse(lookAgainAt ?? isoOf(now + HOUR)));
    now = Math.min(wake, ...running.map(({ end }) => end));
  }
  return { ages, most, begun };
}

test('law: where there is room for it no point is older than promised; after an outage no herd, and all catch up', () => {
  const project = fc.record({
    rpoMs: fc.integer({ min: 2, max: 24 }).map((hours) => hours * HOUR),
    tookMs: fc.integer({ min: 1, max: 10 }).map((minutes) => minutes * MINUTE),
  });
  fc.assert(
    fc.property(fc.array(project, { minLength: 1, maxLength: 8 }), fc.nat(20), (projects, down) => {
      // Room: of each two hours they take eighty minutes at the most, two at a time.
      const outage = [30 * HOUR, (30 + down) * HOUR] as const;
      const { ages, most } = simulate(projects, { atOnce: 2, hours: 30 + down + 30, outage });
      expect(most).toBeLessThanOrEqual(2);
      const after = NOW + outage[1] + 2 * HOUR;
      // All that was due together has its turn within the time that eight of them take on two places.
      const slack = 40 * MINUTE;
      const late = ages
        .filter(({ at }) => at < NOW + outage[0] || at > after)
        .filter(({ project: name, age }) => age > (projects[Number(name.slice(1))]?.rpoMs ?? 0) + slack);
      expect(late).toEqual([]);
      // Each has a point again, and none is made more often than twice as often as promised.
      for (const [index, { rpoMs }] of projects.entries()) {
        const own = ages.filter((one) => one.project === `p${index}`);
        expect(own.some(({ at }) => at > NOW + outage[1])).toBe(true);
        expect(own.length).toBeLessThanOrEqual((2 * (60 + down) * HOUR) / rpoMs + 1);
      }
    }),
    { numRuns: 60 },
  );
});
