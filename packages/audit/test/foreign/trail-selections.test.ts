import { expect, test } from 'vitest';
import {
  anchorTrail,
  exportTrail,
  openTrail,
  sqliteStore,
  type Trail,
  type TrailQuery,
} from '../../src/trail.ts';
import { eventOf } from '../trail/events.ts';

// Groundcrew's issue 9, kind 3: a misspelt selection took everybody out of every record; odd limits gave everything.

const why = { by: 'officer', reason: 'asked' } as const;
const wrong = (value: unknown): never => value as never;

async function filled(): Promise<Trail> {
  const trail = await openTrail({ store: sqliteStore(':memory:') });
  await trail.append([eventOf('1'), eventOf('2', { who: { user_id: 'bob' } })]);
  return trail;
}

test.each<[string, unknown, string]>([
  ['nothing', {}, 'where'],
  ['a misspelt key', { byy: { user_id: 'bob' } }, 'where.byy'],
  ['a misspelt key within', { by: { userid: 'bob' } }, 'where.by.userid'],
  ['an undefined id', { by: { user_id: undefined } }, 'where.by.user_id'],
  ['an undefined criterion beside a good one', { did: 'create', to: undefined }, 'where.to'],
  ['an empty criterion', { by: {} }, 'where'],
  ['an empty id', { by: { user_id: '' } }, 'where.by.user_id'],
  ['an order alone', { first: 'newest', limit: 5 }, 'where'],
  ['no selection', undefined, 'where'],
])('redact by %s is refused, and nobody is taken out', async (_, where, field) => {
  await using trail = await filled();
  await expect(trail.redact({ where: wrong(where), parts: ['person'], ...why })).rejects.toMatchObject({
    code: 'input',
    field,
  });
  expect(await Array.fromAsync(trail.find({ by: { user_id: 'bob' } }))).toHaveLength(1);
});

test.each<[unknown, string]>([
  [{ limit: Number.NaN }, 'limit'],
  [{ limit: -1 }, 'limit'],
  [{ limit: 1.5 }, 'limit'],
  [{ limit: '5' }, 'limit'],
  [{ did: 5 }, 'did'],
  [{ user_id: 'bob' }, 'user_id'],
  [{ to: 'server' }, 'to'],
  [{ from: 'yesterday' }, 'from'],
  [{ until: '2026-02-30' }, 'until'],
  [{ from: 1_700_000_000_000 }, 'from'],
  [{ first: 'latest' }, 'first'],
  [{ outcome: 'fine' }, 'outcome'],
])('find %j is refused with its field', async (query, field) => {
  await using trail = await filled();
  await expect(Array.fromAsync(trail.find(wrong(query) as TrailQuery))).rejects.toMatchObject({
    code: 'input',
    field,
  });
});

test('a time without a zone is UTC, and a date its first moment', async () => {
  await using trail = await filled();
  const within = async (query: TrailQuery) => (await Array.fromAsync(trail.find(query))).length;
  expect(await within({ from: '2026-11-23T10:00:00', until: '2026-11-23T10:00:01' })).toBe(2);
  expect(await within({ from: '2026-11-23', until: '2026-11-24' })).toBe(2);
  expect(await within({ from: '2026-11-23T12:00:00+02:00' })).toBe(2);
});

test('who, retire, verify, anchor and export refuse what they do not know', async () => {
  await using trail = await filled();
  const refused = (field: string) => ({ code: 'input', field });
  await expect(trail.who(wrong({ did: 'create', to: { type: 'server' } }))).rejects.toMatchObject(
    refused('to.id'),
  );
  await expect(
    trail.who(wrong({ did: 'create', to: { type: 'server', id: 'x' }, when: 'x' })),
  ).rejects.toMatchObject(refused('when'));
  await expect(trail.retire({ before: 'some day', ...why })).rejects.toMatchObject(refused('before'));
  await expect(trail.retire(wrong({ before: '2026-01-01', until: 'x', ...why }))).rejects.toMatchObject(
    refused('until'),
  );
  await expect(trail.verify(wrong({ key: [] }))).rejects.toMatchObject(refused('key'));
  const anchors = { keep: () => Promise.resolve() };
  const signal = AbortSignal.abort();
  await expect(anchorTrail(trail, { anchors, every: Number.NaN, signal })).rejects.toMatchObject(
    refused('every'),
  );
  await expect(Array.fromAsync(exportTrail(trail.find(), wrong('xml')))).rejects.toMatchObject({
    code: 'input',
  });
});
