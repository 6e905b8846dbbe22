import { expect, test } from 'vitest';
import {
  decode,
  ingest,
  type Oddity,
  openTrail,
  sqliteStore,
  StoreError,
  type Trail,
} from '../../src/trail.ts';
import { eventOf } from '../trail/events.ts';

// Groundcrew's issue 9, kind 14: an id with a lone surrogate made verify() false for good, a NUL came again for ever.

const signal = new AbortController().signal;
const options = { source: 'x', now: 0 };
const sourceOf = (messages: readonly (string | Uint8Array)[]) => {
  const state = { done: 0 };
  return {
    state,
    name: 'poisoned',
    async *batches() {
      yield { messages, done: () => Promise.resolve(void (state.done += 1)) };
    },
  };
};
const text = (id: string, more = {}) => JSON.stringify(eventOf(id, more));
const nova = (id: string, payload: string): string =>
  `{"message_id":"${id}","publisher_id":"compute.x","event_type":"compute.instance.create.end","timestamp":"2026-11-23 10:00:00","payload":${payload}}`;

test.each<[string, string | Uint8Array]>([
  ['an id with a lone surrogate', text('\ud800')],
  ['a NUL in an indexed field', nova('m', '{"instance_id":"a\\u0000b"}')],
  ['a user with both', text('1', { who: { user_id: 'x\udfff\0' } })],
  ['a key of 5,000 characters', text('1', { target: { type: 'object', id: 'x'.repeat(5_000) } })],
  ['a lone surrogate at the cut of what begins', `{"${'x'.repeat(1_997)}\u{1f600}`],
  ['odd keys in the detail', text('1', { detail: { 'a\ud800': { '\0': ['\udc00'] } } })],
  ['nested a hundred thousand deep', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ['a payload nested deep', nova('m', `${'{"nova_object.data":'.repeat(5_000)}{}${'}'.repeat(5_000)}`)],
  ['ten megabytes', Buffer.alloc(10_000_000, 'x')],
  ['bytes that are no UTF-8', Buffer.from([0xff, 0, 0xfe])],
])('%s: kept as well as it can be, acknowledged, and the chain holds', async (_, poison) => {
  await using trail = await openTrail({ store: sqliteStore(':memory:') });
  const source = sourceOf([text('good-1'), poison, text('good-2')]);
  const odd: Oddity[] = [];
  const sum = await ingest({ from: source, into: trail, oddity: (entry) => odd.push(entry), signal });
  expect(source.state.done).toBe(1);
  expect(sum).toMatchObject({ messages: 3, added: 3 });
  expect(sum.altered + sum.undecoded + sum.refused).toBe(odd.length);
  expect(await trail.verify()).toMatchObject({ ok: true, records: 3 });
  for (const { event } of await Array.fromAsync(trail.find())) {
    // What is shown is a backslash and four digits, of which JSON doubles the backslash.
    expect(JSON.stringify(event)).not.toMatch(/(?<!\\)\\u(?:d[89a-f]|0000)/i);
    expect(event.id.length).toBeLessThanOrEqual(256);
    expect(await Array.fromAsync(trail.find({ to: { type: event.target.type } }))).not.toEqual([]);
  }
});

test('what is shown instead is told with its fields', () => {
  const event = decode(text('\ud800', { who: { user_name: 'a\0' } }), options);
  expect(event).toMatchObject({ id: '\\ud800', who: { user_name: 'a\\u0000' } });
});

test('append itself refuses what no store keeps, with the field', async () => {
  await using trail = await openTrail({ store: sqliteStore(':memory:') });
  for (const event of [eventOf('\ud800'), eventOf('a\0'), eventOf('x'.repeat(300))])
    await expect(trail.append([event])).rejects.toThrow(/id/);
});

test('a store that refuses one of a batch: the others are kept, that one as what was refused', async () => {
  await using trail = await openTrail({ store: sqliteStore(':memory:') });
  const picky: Pick<Trail, 'append'> = {
    append: (events) =>
      events.some(({ id }) => id === '2')
        ? Promise.reject(new StoreError('trail.refused', 'invalid byte sequence'))
        : trail.append(events),
  };
  const odd: Oddity[] = [];
  const source = sourceOf([text('1'), text('2'), text('3')]);
  const sum = await ingest({ from: source, into: picky, oddity: (entry) => odd.push(entry), signal });
  expect(sum).toMatchObject({ added: 3, refused: 1 });
  expect(odd).toMatchObject([
    { what: 'refused', why: 'invalid byte sequence', event: { kind: 'undecoded' } },
  ]);
  expect(source.state.done).toBe(1);
});
