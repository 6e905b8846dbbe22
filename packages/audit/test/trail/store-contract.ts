import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AuditEvent,
  type Checkpoint,
  ed25519Signer,
  openTrail,
  type Signer,
  type Trail,
  type TrailQuery,
  type TrailRecord,
  type TrailStore,
} from '../../src/trail.ts';
import { eventOf, events } from './events.ts';

/** Gives stores of one place: each call a new connection to the same records. */
export interface Place {
  open(): TrailStore;
  end(): Promise<void>;
}

const among = <T>(wanted: T | readonly T[] | undefined, value: T | undefined): boolean =>
  wanted === undefined || (Array.isArray(wanted) ? wanted.includes(value) : wanted === value);

/** The meaning of a query, without a database. */
const fits = (
  query: TrailQuery,
  { at, action, kind, outcome, who, target, request_ids }: AuditEvent,
): boolean =>
  among(query.did, action) &&
  among(query.to?.type, target.type) &&
  among(query.to?.id, target.id) &&
  among(query.by?.user_id, who.user_id) &&
  among(query.by?.user_name, who.user_name) &&
  among(query.by?.project_id, who.project_id) &&
  among(query.by?.address, who.address) &&
  among(query.service, target.service) &&
  among(query.kind, kind) &&
  among(query.outcome, outcome) &&
  (query.request_id === undefined || request_ids.includes(query.request_id)) &&
  (query.from === undefined || at >= query.from) &&
  (query.until === undefined || at < query.until);

const time = fc
  .integer({ min: 0, max: 40 })
  .map((s) => new Date(Date.UTC(2026, 10, 23, 10, 0, s)).toISOString());
const maybe = <T>(...values: readonly T[]): fc.Arbitrary<T | undefined> =>
  fc.option(fc.constantFrom(...values), { nil: undefined });
const queries: fc.Arbitrary<TrailQuery> = fc.record({
  did: maybe<string | string[]>('create', ['delete', 'list'], []),
  to: fc.option(fc.record({ type: maybe('server', 'volume'), id: maybe('a', 'b') }), { nil: undefined }),
  by: fc.option(
    fc.record({
      user_id: maybe('alice', 'nobody'),
      user_name: maybe("Bob'; DROP TABLE trail_record; --"),
      project_id: maybe('shop'),
      address: maybe('2001:db8::1'),
    }),
    { nil: undefined },
  ),
  service: maybe<string | string[]>('compute', ['compute', 'network']),
  kind: maybe('audit.http'),
  outcome: maybe<AuditEvent['outcome'] | AuditEvent['outcome'][]>('failure', ['success', 'pending']),
  request_id: maybe('req-1', 'req-9'),
  from: fc.option(time, { nil: undefined }),
  until: fc.option(time, { nil: undefined }),
  first: maybe<'oldest' | 'newest'>('oldest', 'newest'),
  limit: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
});

export async function all(found: AsyncIterable<TrailRecord>): Promise<TrailRecord[]> {
  const list: TrailRecord[] = [];
  for await (const one of found) list.push(one);
  return list;
}

/** The contract of every store: the same tests for each. */
export function storeContract(place: () => Promise<Place>, runs: number): void {
  const within = async (work: (place: Place, trail: Trail) => Promise<void>): Promise<void> => {
    const here = await place();
    const trail = await openTrail({ store: here.open() });
    try {
      await work(here, trail);
    } finally {
      await trail.close();
      await here.end();
    }
  };

  test('what was written is there, whole, in order, and verifies', () =>
    within(async (here, trail) => {
      const list = [
        eventOf('1'),
        eventOf('2', { at: '2026-11-23T09:00:00.000Z' }),
        eventOf('3', { who: {} }),
      ];
      expect(await trail.append(list)).toMatchObject({
        known: 0,
        added: [{ seq: 1 }, { seq: 2 }, { seq: 3 }],
      });
      const again = await openTrail({ store: here.open() });
      expect(again.id).toBe(trail.id);
      expect((await all(again.find())).map(({ event }) => event)).toEqual([list[1], list[0], list[2]]);
      expect(await again.verify()).toEqual({ ok: true, records: 3, from: 1, signedTo: 0, redacted: 0 });
      await again.close();
    }));

  test('what is delivered twice is kept once, in one append and in two', () =>
    within(async (_, trail) => {
      expect(await trail.append([eventOf('1'), eventOf('1')])).toMatchObject({ known: 1 });
      expect(await trail.append([eventOf('2'), eventOf('1')])).toMatchObject({
        known: 1,
        added: [{ seq: 2 }],
      });
      expect(await all(trail.find())).toHaveLength(2);
      expect(await trail.append([])).toEqual({ added: [], known: 0 });
    }));

  test('of an append with a bad event nothing is written, and the field is named', () =>
    within(async (_, trail) => {
      const bad = { ...eventOf('2'), at: 'yesterday' };
      await expect(trail.append([eventOf('1'), bad])).rejects.toThrow(/at/);
      expect(await all(trail.find())).toEqual([]);
    }));

  test('every query finds what it means', async () => {
    await fc.assert(
      fc.asyncProperty(events, fc.array(queries, { minLength: 5, maxLength: 10 }), (list, asked) =>
        within(async (_, trail) => {
          await trail.append(list);
          for (const query of asked) {
            const newest = query.first === 'newest';
            const meant = list
              .map((event, index) => ({ event, index }))
              .filter(({ event }) => fits(query, event))
              .toSorted((a, b) => a.event.at.localeCompare(b.event.at) || a.index - b.index);
            const wanted = (newest ? meant.toReversed() : meant).slice(0, query.limit ?? list.length);
            const found = await all(trail.find(query));
            expect(found.map(({ event }) => event)).toEqual(wanted.map(({ event }) => event));
          }
        }),
      ),
      { numRuns: runs },
    );
  });

  test('more than a page, in both directions, with times that are alike', () =>
    within(async (_, trail) => {
      const list = Array.from({ length: 1_203 }, (_one, index) =>
        eventOf(String(index), { at: `2026-11-23T10:00:0${index % 3}.000Z` }),
      );
      await trail.append(list);
      const oldest = (await all(trail.find())).map(({ seq }) => seq);
      const newest = (await all(trail.find({ first: 'newest' }))).map(({ seq }) => seq);
      expect(new Set(oldest).size).toBe(1_203);
      expect(newest).toEqual(oldest.toReversed());
      expect(await all(trail.find({ limit: 700 }))).toHaveLength(700);
    }));

  test('two writers at once: one chain, nothing lost, nothing double', () =>
    within(async (here, trail) => {
      const other = await openTrail({ store: here.open() });
      const batches = Array.from({ length: 20 }, (_, batch) =>
        Array.from({ length: 10 }, (_one, index) => eventOf(`${Math.floor(batch / 2)}-${index}`)),
      );
      await Promise.all(batches.map((batch, index) => (index % 2 === 0 ? trail : other).append(batch)));
      expect(await all(trail.find())).toHaveLength(100);
      expect(await trail.verify()).toMatchObject({ ok: true, records: 100 });
      await other.close();
    }));

  test('two signers at once: one chain of checkpoints, none of which is lost', () =>
    within(async (here, first) => {
      const { privateKey } = generateKeyPairSync('ed25519');
      const signer = ed25519Signer(privateKey);
      // As far away as a KMS: both have read the last checkpoint before either writes the next.
      let waiting: (() => void)[] = [];
      const far: Signer = {
        keyId: signer.keyId,
        sign: async (bytes) => {
          await new Promise<void>((resolve) => {
            waiting.push(resolve);
            if (waiting.length < 2) return;
            for (const go of waiting) go();
            waiting = [];
          });
          return signer.sign(bytes);
        },
      };
      const [one, other] = await Promise.all(
        [far, far].map((each) => openTrail({ store: here.open(), signer: each })),
      );
      if (one === undefined || other === undefined) throw new Error('no trails');
      const signed: (Checkpoint | undefined)[] = [];
      for (let round = 0; round < 10; round += 1) {
        await first.append([eventOf(`round-${round}`)]);
        signed.push(...(await Promise.all([one.checkpoint(), other.checkpoint()])));
      }
      // The second finds that the first has signed the same.
      const anchors = signed.filter((each) => each !== undefined);
      expect(anchors).toHaveLength(10);
      expect(await first.verify({ keys: [createPublicKey(privateKey)], anchors })).toMatchObject({
        ok: true,
        records: 10,
        signedTo: 10,
      });
      await one.close();
      await other.close();
    }));

  test('a person is taken out: found no more, the chain holds, and who did it is told', () =>
    within(async (_, trail) => {
      await trail.append([eventOf('1'), eventOf('2', { who: { user_id: 'bob' } })]);
      const why = { by: 'privacy officer', reason: 'erasure request 7' };
      expect(
        await trail.redact({ where: { by: { user_id: 'alice' } }, parts: ['person', 'place'], ...why }),
      ).toBe(1);
      expect(await all(trail.find({ by: { user_id: 'alice' } }))).toEqual([]);
      const [first] = await all(trail.find({ to: { id: 'rule-1' } }));
      expect(first).toMatchObject({ redacted: ['person', 'place'], event: { who: { project_id: 'shop' } } });
      expect(JSON.stringify(first)).not.toMatch(/alice|192\.0\.2\.7/i);
      const [maintenance] = await all(trail.find({ kind: 'groundcrew' }));
      expect(maintenance?.event).toMatchObject({
        action: 'redact',
        who: { user_name: 'privacy officer' },
        reason: { text: 'erasure request 7' },
      });
      expect(await trail.verify()).toMatchObject({ ok: true, records: 3, redacted: 1 });
    }));

  test('a redaction without a reason, or of a part that is none, is refused', () =>
    within(async (_, trail) => {
      await trail.append([eventOf('1')]);
      await expect(
        trail.redact({ where: { did: 'create' }, parts: ['person'], by: 'me', reason: '' }),
      ).rejects.toThrow(/reason/);
      await expect(
        trail.redact({ where: { did: 'create' }, parts: ['core' as never], by: 'me', reason: 'x' }),
      ).rejects.toMatchObject({ code: 'input', field: 'parts.0' });
      expect(await trail.verify()).toMatchObject({ ok: true, records: 1, redacted: 0 });
    }));

  test('only the trail tells of its own maintenance', () =>
    within(async (_, trail) => {
      const forged = eventOf('x', { kind: 'groundcrew', action: 'redact', target: { type: 'trail' } });
      await expect(trail.append([forged])).rejects.toMatchObject({ code: 'trail.reserved' });
    }));
}
