import { describe, expect, test } from 'vitest';
import {
  catalogue,
  emptySnapshot,
  standingWarnings,
  type StackSnapshot,
  unsafeNow,
  type UnsafeNowOptions,
} from '../../src/stack.ts';
import { galera, rabbit, seen, unseen } from './seen.ts';

const codes = (component: string, parts: Partial<StackSnapshot>, options: UnsafeNowOptions = {}): string[] =>
  unsafeNow(component, { ...emptySnapshot, ...parts }, options).map((refusal) => refusal.code);

describe('the database', () => {
  const restart = { move: 'restart' };
  const three = [galera('db-1'), galera('db-2'), galera('db-3')];

  test('three synced nodes: one may be restarted, none bootstrapped', () => {
    expect(codes('mariadb', { galera: three }, restart)).toEqual([]);
    expect(codes('mariadb', { galera: three }, { move: 'bootstrap' })).toEqual(
      Array.from({ length: 3 }, () => 'mariadb.bootstrap-beside-primary'),
    );
  });

  test('nothing while a joiner is in a transfer: the donor says so, and the joiner cannot be asked', () => {
    const transfer = [
      galera('db-1'),
      galera('db-2', { localState: 'Donor/Desynced', donor: true }),
      unseen('galera db-3:3306'),
    ];
    expect(codes('mariadb', { galera: transfer }, restart)).toEqual([
      'mariadb.transfer-running',
      'mariadb.unseen',
    ]);
  });

  test('nothing with two nodes, with one, with a lone database, with nobody asked', () => {
    expect(
      codes(
        'mariadb',
        { galera: [galera('db-1', { clusterSize: 2 }), galera('db-2', { clusterSize: 2 })] },
        restart,
      ),
    ).toEqual(['mariadb.no-margin']);
    expect(codes('mariadb', { galera: [galera('db-1', { clusterSize: 1 })] }, restart)).toEqual([
      'mariadb.no-margin',
    ]);
    expect(codes('mariadb', { galera: [galera('db-1', 'off')] }, restart)).toEqual(['mariadb.alone']);
    expect(codes('mariadb', {}, restart)).toEqual(['mariadb.unseen']);
  });

  test('no bootstrap while a node is not seen: it may have newer data', () => {
    const down = { clusterStatus: 'non-Primary', clusterSize: 1 };
    expect(
      codes('mariadb', { galera: [galera('db-1', down), unseen('galera db-2:3306')] }, { move: 'bootstrap' }),
    ).toEqual(['mariadb.bootstrap-unseen']);
    expect(
      codes('mariadb', { galera: [galera('db-1', down), galera('db-2', down)] }, { move: 'bootstrap' }),
    ).toEqual([]);
  });

  test('a refusal says which node, why, what to do, and whose rule it is', () => {
    const [refusal] = unsafeNow('mariadb', {
      ...emptySnapshot,
      galera: [galera('db-1', { localState: 'Joined', joiner: true })],
    });
    expect(refusal).toMatchObject({
      code: 'mariadb.transfer-running',
      rule: 'mariadb.acting-during-transfer',
      subject: { id: 'db-1:3306' },
      source: { kind: 'kolla' },
      because: [{ statement: 'wsrep_local_state_comment Joined', source: 'galera db-1:3306' }],
    });
    expect(refusal?.remedy).not.toBe('');
  });
});

describe('the bus', () => {
  test('a quorum-critical node stays, and it is named', () => {
    const critical = {
      quorumCritical: { ok: false, reason: 'There are queues that would lose their quorum' },
    };
    const refusals = unsafeNow(
      'rabbitmq',
      { ...emptySnapshot, rabbit: [rabbit('rabbit-1'), rabbit('rabbit-2', critical)] },
      { move: 'restart' },
    );
    expect(refusals).toMatchObject([{ code: 'rabbitmq.quorum-critical', subject: { id: 'rabbit-2' } }]);
  });

  test('a health check that did not answer is a refusal, not an all-clear', () => {
    const mute = {
      ...rabbit('rabbit-1', { quorumCritical: undefined }),
      completeness: 'partial',
      gaps: unseen('rabbitmq rabbit-1 node-is-quorum-critical').gaps,
    } as const;
    expect(codes('rabbitmq', { rabbit: [mute] }, { move: 'stop' })).toEqual(['rabbitmq.unseen']);
  });

  test('two of three, and a partition, and nobody asked', () => {
    expect(
      codes(
        'rabbitmq',
        { rabbit: [rabbit('rabbit-1', {}, { 'rabbit-3': { running: false } })] },
        { move: 'restart' },
      ),
    ).toEqual(['rabbitmq.no-margin']);
    expect(
      codes(
        'rabbitmq',
        { rabbit: [rabbit('rabbit-1', {}, { 'rabbit-1': { partitions: ['rabbit-2'] } })] },
        { move: 'bootstrap' },
      ),
    ).toEqual(['rabbitmq.parted']);
    expect(codes('rabbitmq', {})).toEqual(['rabbitmq.unseen']);
  });
});

test('an address with two owners, or without a spare, holds HAProxy and keepalived', () => {
  const vip = (owners: string[], ready: string[]): Partial<StackSnapshot> => ({
    vips: [
      seen({
        address: '10.0.0.10',
        candidates: ['a', 'b'],
        hosts: ['a', 'b'].map((host) => ({
          host,
          owns: owners.includes(host),
          interface: undefined,
          keepalived: ready.includes(host),
        })),
        owners,
      }),
    ],
  });
  expect(codes('keepalived', vip(['a'], ['a', 'b']), { move: 'restart' })).toEqual([]);
  expect(codes('keepalived', vip(['a', 'b'], ['a', 'b']), { move: 'restart' })).toEqual([
    'keepalived.double-master',
  ]);
  expect(codes('haproxy', vip(['a'], ['a']), { move: 'restart' })).toEqual(['keepalived.no-spare']);
});

test('the last replica of an API stays; with nobody asked nothing is promised', () => {
  const replica = { url: 'http://ctl-1:5000/', status: 300, latencyMs: 2, versions: [], release: undefined };
  const single = {
    apis: [seen({ component: 'keystone', urls: [replica.url], replicas: [replica] }, 'api keystone')],
  };
  expect(codes('keystone', single, { move: 'restart' })).toEqual(['api.last-replica']);
  expect(codes('keystone', {}, { move: 'restart' })).toEqual(['api.unseen']);
  const two = {
    apis: [
      seen(
        {
          component: 'keystone',
          urls: ['a', 'b'],
          replicas: [replica, { ...replica, url: 'http://ctl-2:5000/' }],
        },
        'api keystone',
      ),
    ],
  };
  expect(codes('keystone', two, { move: 'restart' })).toEqual([]);
});

test('every rule that an observation decides refuses when nothing was observed, or another of its component does', () => {
  for (const { name, unsafe } of Object.values(catalogue)) {
    const moves = new Set(unsafe.filter((rule) => rule.refuses !== undefined).flatMap((rule) => rule.moves));
    for (const move of moves) expect(codes(name, {}, { move }), `${move} of ${name}`).not.toEqual([]);
  }
});

test('what no observation decides is a warning', () => {
  expect(standingWarnings('nova-compute', { move: 'evacuate' }).map((warning) => warning.id)).toEqual([
    'nova-compute.evacuate-unfenced',
  ]);
  expect(codes('nova-compute', {})).toEqual([]);
});

test('a component that nobody knows is the caller’s mistake', () => {
  expect(() => unsafeNow('toString', emptySnapshot)).toThrow(
    expect.objectContaining({ code: 'input', field: 'component' }),
  );
});
