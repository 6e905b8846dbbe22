import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type UptimeEvidence, type UptimeLedger, uptimeLedger, type UptimeStore } from '../../src/uptime.ts';
import { at, DAY, poll } from './evidence.ts';

/** Gives stores of one place: each call a new connection to the same evidence. */
export interface Place {
  open(): UptimeStore;
  end(): Promise<void>;
}

const hour = { from: at(0), to: at(60) };
const options = { staleness: '5m', skew: 0 } as const;

const evidence: fc.Arbitrary<UptimeEvidence> = fc
  .record({
    server: fc.constantFrom('a', 'b', `c'; DROP TABLE uptime_evidence; --`),
    minute: fc.nat({ max: 30 }),
    state: fc.constantFrom<UptimeEvidence['state']>('up', 'up', 'up', 'down', 'unknown', 'deleted'),
    source: fc.constantFrom('poll', 'probe'),
  })
  .map(({ server, minute, state, source }) => ({
    ...poll(server, minute, state, { source, project: `of ${server}` }),
    id: `${source}:${server}:${minute}:${state}`,
  }));

/** The contract of every store: the same tests for each. */
export function storeContract(place: () => Promise<Place>, runs: number): void {
  const within = async (work: (place: Place, ledger: UptimeLedger) => Promise<void>): Promise<void> => {
    const here = await place();
    const ledger = await uptimeLedger({ store: here.open() });
    try {
      await work(here, ledger);
    } finally {
      await ledger.close();
      await here.end();
    }
  };

  test('what was kept is there for another one who opens it, and says why', () =>
    within(async (here, ledger) => {
      const text = 'action stop (req-1) “é 💥” \u0001 \\ \' "';
      const given = [
        poll('a', 0),
        poll('a', 4, 'up', { text, since: DAY, project: 'shop' }),
        poll('a', 5, 'down'),
        poll('a', 9, 'down'),
      ];
      expect(await ledger.append(given)).toEqual({ added: 4, known: 0, refused: [] });
      const again = await uptimeLedger({ store: here.open() });
      const up = await again.of({ server: 'a' }, { ...hour, to: at(10), ...options });
      await again.close();
      expect(up.durations).toEqual({ upMs: 240_000, downMs: 240_000, excludedMs: 0, unknownMs: 120_000 });
      expect(up.availability).toEqual({ lower: 0.4, upper: 0.6 });
      expect(up.intervals[0]).toEqual({
        state: 'up',
        from: at(0),
        to: at(4),
        durationMs: 240_000,
        because: `opened by a poll at ${at(0)}, closed by ${text}`,
      });
      expect(await ledger.subjects('server')).toEqual([
        { name: 'a', project: 'shop', newest: DAY + 540_000, newestAction: undefined, isDeleted: false },
      ]);
      await ledger.append([poll('a', 2, 'up', { id: 'stop', source: 'action' })]);
      expect(await ledger.subjects('server')).toMatchObject([
        { newest: DAY + 540_000, newestAction: DAY + 120_000 },
      ]);
    }));

  test('twice, late and in any order: it is kept once, and says the same', () =>
    within(async (_, ledger) => {
      const [first, second] = [poll('a', 0), poll('a', 3)];
      const [third, fourth] = [poll('a', 6, 'down'), poll('a', 8, 'down')];
      expect(await ledger.append([fourth, second, second])).toMatchObject({ added: 2, known: 1 });
      expect(await ledger.append([third, first, fourth])).toMatchObject({ added: 2, known: 1 });
      expect(await ledger.append([])).toEqual({ added: 0, known: 0, refused: [] });
      const up = await ledger.of({ server: 'a' }, { ...hour, ...options });
      expect(up.durations).toMatchObject({ upMs: 180_000, downMs: 120_000, unknownMs: 55 * 60_000 });
    }));

  test('a thing never seen is unknown for all of the time; so is one of another kind with its name', () =>
    within(async (_, ledger) => {
      await ledger.append([poll('a', 0), poll('a', 3)]);
      for (const subject of [{ server: 'b' }, { host: 'a' }, { endpoint: 'a' }, { service: 'a' }]) {
        const up = await ledger.of(subject, { ...hour, ...options, target: 0.9 });
        expect(up).toMatchObject({ availability: { lower: 0, upper: 1 }, verdict: 'unknown' });
        expect(up.intervals).toMatchObject([{ state: 'unknown', because: 'nobody saw it' }]);
      }
    }));

  test.each([
    ['a NUL', { id: 'x\0y' }, 'id'],
    ['a lone surrogate', { text: 'broken \ud800' }, 'text'],
    ['a name too long for an index', { subject: { server: 'x'.repeat(501) } }, 'subject.server'],
    ['a time that is none', { latest: Number.NaN }, 'latest'],
    ['an end before its beginning', { earliest: DAY + 1e9 }, 'latest'],
    ['a week of doubt', { earliest: DAY - 7 * 86_400_000 }, 'latest'],
    ['a misspelt field', { sate: 'up' }, 'sate'],
  ])('%s is refused at the door and counted; the rest is taken', (_name, wrong, field) =>
    within(async (_, ledger) => {
      const given = [poll('a', 0), { ...poll('a', 1), ...wrong } as UptimeEvidence, poll('a', 2)];
      const { added, refused } = await ledger.append(given);
      expect(added).toBe(2);
      expect(refused).toMatchObject([{ index: 1, field }]);
    }),
  );

  test('purged is unknown, and the rest stays', () =>
    within(async (_, ledger) => {
      await ledger.append([poll('a', 0), poll('a', 4), poll('a', 8), poll('a', 12)]);
      expect(await ledger.purge({ before: at(8) })).toBe(2);
      const up = await ledger.of({ server: 'a' }, { ...hour, to: at(12), ...options });
      expect(up.intervals.map(({ state, to }) => [state, to])).toEqual([
        ['unknown', at(8)],
        ['up', at(12)],
      ]);
      // The same again, from a source that begins anew: it is evidence again.
      expect(await ledger.append([poll('a', 4)])).toMatchObject({ added: 1 });
    }));

  test('created and deleted long before or after are known to be so', () =>
    within(async (_, ledger) => {
      const far = 60 * 24 * 40;
      await ledger.append([poll('a', -far, 'deleted'), poll('b', far, 'not-created'), poll('b', far + 1)]);
      for (const server of ['a', 'b'])
        expect(await ledger.of({ server }, { ...hour, ...options })).toMatchObject({
          durations: { excludedMs: 3_600_000 },
          availability: undefined,
        });
      expect(await ledger.report({ ...hour, ...options, of: 'server' })).toEqual([]);
      const known = await ledger.subjects('server');
      expect(known.filter(({ isDeleted }) => isDeleted).map(({ name }) => name)).toEqual(['a']);
    }));

  test('a report says of each what a question about it alone says, over several pages; of projects the sum', () =>
    within(async (_, ledger) => {
      const names = Array.from({ length: 450 }, (_one, index) => `server-${index}`);
      await ledger.append(
        names.flatMap((name, index) => [
          poll(name, 0, 'up', { project: `p${index % 3}` }),
          poll(name, (index % 5) + 1),
        ]),
      );
      const month = { month: '2026-11', ...options, exclude: [{ from: at(1), to: at(2) }] } as const;
      const rows = await ledger.report({ ...month, of: 'server', target: 0.999 });
      expect(rows.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
      for (const row of rows.filter((_row, index) => index % 90 === 0)) {
        const alone = await ledger.of(
          { server: row.name },
          {
            from: '2026-11-01T00:00:00Z',
            to: '2026-12-01T00:00:00Z',
            ...options,
            exclude: month.exclude,
          },
        );
        expect(row.durations).toEqual(alone.durations);
        expect(row).toMatchObject({ subjects: 1, verdict: 'unknown' });
      }
      const projects = await ledger.report({ ...month, of: 'project' });
      expect(projects.map(({ name, subjects }) => `${name}: ${subjects}`).toSorted()).toEqual([
        'p0: 150',
        'p1: 150',
        'p2: 150',
      ]);
      const sum = (list: typeof rows): number =>
        list.reduce((total, { durations }) => total + durations.upMs, 0);
      expect(sum(projects)).toBe(sum(rows));
    }));

  test('two writers at once: nothing is lost, nothing is double', () =>
    within(async (here, ledger) => {
      const other = await uptimeLedger({ store: here.open() });
      const batches = Array.from({ length: 20 }, (_, batch) =>
        Array.from({ length: 10 }, (_one, index) => poll(`s${index}`, Math.floor(batch / 2))),
      );
      const told = await Promise.all(
        batches.map((batch, index) => (index % 2 === 0 ? ledger : other).append(batch)),
      );
      expect(told.reduce((sum, { added }) => sum + added, 0)).toBe(100);
      expect(told.reduce((sum, { known }) => sum + known, 0)).toBe(100);
      const rows = await other.report({ from: at(0), to: at(9), ...options, of: 'server' });
      expect(rows).toHaveLength(10);
      for (const row of rows) expect(row.availability).toEqual({ lower: 1, upper: 1 });
      await other.close();
    }));

  test('any evidence in any order is told by the store as it was given', async () => {
    const all = fc.uniqueArray(evidence, { selector: ({ id }) => id, minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(all, fc.nat(), (given, turn) =>
        within(async (here, ledger) => {
          const shift = turn % given.length;
          await ledger.append(given);
          const turned = await place();
          const second = await uptimeLedger({ store: turned.open() });
          await second.append(
            [...given.slice(shift), ...given.slice(0, shift), ...given.slice(0, 3)].toReversed(),
          );
          const store = here.open();
          for (const server of new Set(
            given.map(({ subject }) => ('server' in subject ? subject.server : '')),
          )) {
            const asked = { ...hour, to: at(30), ...options };
            expect(await second.of({ server }, asked)).toEqual(await ledger.of({ server }, asked));
            const own = given.filter(({ subject }) => 'server' in subject && subject.server === server);
            const read = await store.read({ server }, { from: DAY, to: DAY + 30 * 60_000 });
            const plain = own.map(({ subject: _subject, project: _project, ...claim }) => claim);
            const byId = (a: { id: string }, b: { id: string }): number => a.id.localeCompare(b.id);
            expect(read.toSorted(byId)).toEqual(plain.toSorted(byId));
          }
          await store.close();
          await second.close();
          await turned.end();
        }),
      ),
      { numRuns: runs },
    );
  });
}
