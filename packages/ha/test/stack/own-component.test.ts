import { finding } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  assessStack,
  catalogue,
  defineComponent,
  emptySnapshot,
  observeStack,
  UnreadError,
  unsafeNow,
} from '../../src/stack.ts';
import { only } from './assessed.ts';
import { galera, seen, unseen } from './seen.ts';

const redis = defineComponent({
  name: 'redis',
  title: 'Redis',
  mode: 'active-passive',
  state: 'replicated',
  stops: 'jobs of Octavia',
  wanted: 2,
  target: z.strictObject({ host: z.string().min(1), port: z.int().default(6379) }),
  source: ({ host, port }) => `redis ${host}:${port}`,
  observe: async ({ host, port }, { timeout }) => {
    if (host === 'locked') throw new UnreadError('denied', 'NOAUTH');
    return { host, port, timeout, replicas: host === 'redis-1' ? 1 : 0 };
  },
  sign: 'answers',
  replica: ({ host }) => ({ at: host, works: true }),
  judge: (observations, _, view) =>
    observations.flatMap(({ value, source, at }) =>
      value === undefined
        ? []
        : finding({
            id: 'redis.beside-database',
            verdict: 'pass',
            severity: 'low',
            title: `${value.host} stands beside ${view.seen(catalogue.mariadb)[0]?.value?.host ?? 'nothing'}`,
            subject: { kind: 'cache', id: value.host },
            because: [{ statement: `${value.replicas} replicas`, source, at }],
            remedy: undefined,
          }),
    ),
  unsafe: [
    {
      id: 'redis.no-replica',
      moves: ['stop'],
      when: 'no replica follows',
      why: 'what it has is lost',
      source: { kind: 'upstream', where: 'Redis, replication' },
      refuses: (observations) =>
        observations.flatMap(({ value }) =>
          value?.replicas === 0
            ? [{ code: 'redis.no-replica', reason: `${value.host} has no replica`, remedy: 'Start one.' }]
            : [],
        ),
    },
  ],
});
const mine = { ...catalogue, redis };

describe('a component of one’s own is as ours are', () => {
  test('its targets are parsed by its schema, with those of the others', async () => {
    const snapshot = await observeStack(
      { redis: [{ host: 'redis-1' }, { host: 'redis-2', port: 7000 }] },
      { catalogue: mine, timeout: '2s' },
    );
    expect(snapshot.redis).toMatchObject([
      { source: 'redis redis-1:6379', completeness: 'complete', value: { port: 6379, timeout: 2_000 } },
      { source: 'redis redis-2:7000', value: { port: 7000 } },
    ]);
    expect(snapshot.galera).toEqual([]);
  });

  test('a field, a key and an option that there are not are refused by their names, before anything is asked', async () => {
    const wrong = (field: string) => expect.objectContaining({ code: 'input', field });
    await expect(observeStack({ redis: [{ host: '' }] }, { catalogue: mine })).rejects.toThrow(
      wrong('redis.0.host'),
    );
    // @ts-expect-error: the catalogue of this package has no such component
    await expect(observeStack({ redis: [{ host: 'redis-1' }] })).rejects.toThrow(wrong('redis'));
    // @ts-expect-error: a port is a number
    await expect(observeStack({ redis: [{ host: 'a', port: '1' }] }, { catalogue: mine })).rejects.toThrow(
      wrong('redis.0.port'),
    );
    await expect(observeStack({}, { timeout: '5' as never })).rejects.toThrow(wrong('timeout'));
    await expect(observeStack({}, { timeout: -1 })).rejects.toThrow(wrong('timeout'));
    await expect(observeStack({}, { timeout: Number.NaN })).rejects.toThrow(wrong('timeout'));
  });

  test('what was not seen is a gap and a finding, without a word of the component', async () => {
    const snapshot = await observeStack(
      { redis: [{ host: 'redis-1' }, { host: 'locked' }] },
      { catalogue: mine },
    );
    expect(snapshot.redis[1]).toMatchObject({ completeness: 'denied', gaps: [{ why: 'NOAUTH' }] });
    const findings = assessStack(snapshot, { catalogue: mine });
    expect(only(findings, 'redis.unseen')).toMatchObject([{ verdict: 'unknown', severity: 'high' }]);
    expect(
      only(findings, 'stack.single-point-of-failure').find(({ subject }) => subject.id === 'redis'),
    ).toMatchObject({ verdict: 'unknown' });
    expect(unsafeNow('redis', snapshot, { catalogue: mine, move: 'stop' })).toMatchObject([
      { code: 'redis.unseen', rule: 'redis.no-replica' },
    ]);
  });

  test('its judgement sees what others were seen as, with their types', () => {
    const value = { host: 'redis-1', port: 6379, timeout: 1, replicas: 1 };
    const snapshot = { ...emptySnapshot, galera: [galera('db-1')], redis: [seen(value)] };
    expect(only(assessStack(snapshot, { catalogue: mine }), 'redis.beside-database')).toMatchObject([
      { title: 'redis-1 stands beside db-1' },
    ]);
  });

  test('its rules refuse, and refuse while nobody was asked', () => {
    const value = { host: 'redis-2', port: 6379, timeout: 1, replicas: 0 };
    const codes = (observations: (typeof snapshot)['redis']): string[] =>
      unsafeNow('redis', { ...snapshot, redis: observations }, { catalogue: mine }).map(({ code }) => code);
    const snapshot = { ...emptySnapshot, redis: [seen(value)] };
    expect(codes(snapshot.redis)).toEqual(['redis.no-replica']);
    expect(codes([seen({ ...value, replicas: 1 })])).toEqual([]);
    expect(codes([])).toEqual(['redis.unseen']);
    expect(() => unsafeNow('redis', snapshot)).toThrow(expect.objectContaining({ field: 'component' }));
  });

  test('what was seen under a key that no component has is said, with its gaps', () => {
    const snapshot = { ...emptySnapshot, redis: [unseen('redis redis-1:6379')] };
    const findings = assessStack(snapshot);
    expect(only(findings, 'stack.not-catalogued')).toMatchObject([
      { verdict: 'unknown', subject: { id: 'redis' } },
    ]);
    expect(only(findings, 'stack.gap')).toMatchObject([{ verdict: 'unknown' }]);
  });
});

test('a definition that cannot be right is refused by its field', () => {
  const wrong = (field: string) => expect.objectContaining({ code: 'input', field });
  const define = (parts: object) => () => defineComponent({ ...redis, ...parts } as never);
  expect(define({ key: 'heartbeats' })).toThrow(wrong('key'));
  expect(define({ target: {} })).toThrow(wrong('target'));
  expect(define({ observe: undefined })).toThrow(wrong('observe'));
  expect(define({ source: undefined })).toThrow(wrong('source'));
  expect(define({ replica: undefined, judge: undefined, unsafe: [] })).toThrow(wrong('judge'));
  const check = { id: 'ping', expects: 'PONG', source: { kind: 'upstream', where: 'PING' } };
  expect(define({ checks: [{ ...check, every: '2' }] })).toThrow(wrong('checks.0.every'));
  expect(define({ checks: [{ ...check, every: '2s' }] })().checks[0]?.every).toBe(2_000);
});

test('components that share their targets are asked once', async () => {
  const asked: string[] = [];
  const shared = {
    key: 'sentinel',
    target: z.strictObject({ host: z.string() }),
    source: ({ host }: { host: string }) => host,
    observe: async ({ host }: { host: string }) => {
      asked.push(host);
      return host;
    },
    componentOf: ({ value }: { value?: string | undefined }) => (value === 'a' ? 'first' : 'second'),
    replica: (host: string) => ({ at: host, works: true }),
  } as const;
  const facts = {
    mode: 'independent',
    state: 'cache',
    stops: 'nothing',
    wanted: 1,
    title: 'Sentinel',
  } as const;
  const both = {
    first: defineComponent({ ...facts, ...shared, name: 'first' }),
    second: defineComponent({ ...facts, ...shared, name: 'second' }),
  };
  const snapshot = await observeStack({ sentinel: [{ host: 'a' }, { host: 'b' }] }, { catalogue: both });
  expect(asked).toEqual(['a', 'b']);
  expect(
    assessStack(snapshot, { catalogue: both }).map(({ subject, because }) => [
      subject.id,
      because[0]?.statement,
    ]),
  ).toEqual([
    ['first', 'working: a'],
    ['second', 'working: b'],
  ]);
});

test('two components that observe different things under one key are refused', async () => {
  const observe = async () => ({ host: 'a', port: 1, timeout: 1, replicas: 0 });
  const other = defineComponent({ ...redis, name: 'valkey', key: 'redis', observe } as never) as typeof redis;
  const both = { redis, other };
  await expect(observeStack({ redis: [] }, { catalogue: both })).rejects.toThrow(
    expect.objectContaining({ code: 'input', field: 'catalogue.valkey.key' }),
  );
});
