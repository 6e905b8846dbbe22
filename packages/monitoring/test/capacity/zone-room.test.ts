import { expect, test } from 'vitest';
import type { CapacityHost } from '../../src/capacity/capacity-hosts.ts';
import type { PlacementQuestion } from '../../src/capacity/placement-question.ts';
import type { CandidateAnswer } from '../../src/capacity/candidates.ts';
import type { ZoneRoom } from '../../src/capacity/zone-count.ts';
import { roomOfQuestion } from '../../src/capacity/zone-room.ts';

type Figures = Readonly<Record<string, readonly [capacity: number, used: number]>>;
interface Tree {
  readonly root?: string;
  readonly has: Figures;
}

const host = (provider: string, more: Partial<CapacityHost> = {}): CapacityHost => ({
  provider,
  name: provider,
  zone: 'az1',
  state: 'open',
  conditions: [],
  ...more,
});
const asking = (amounts: Readonly<Record<string, number>>): PlacementQuestion => ({ query: {}, amounts });
const answer = (
  providers: Readonly<Record<string, Tree>>,
  ...requests: readonly Readonly<Record<string, Readonly<Record<string, number>>>>[]
): CandidateAnswer => ({
  allocation_requests: requests.map((request) => ({
    allocations: Object.fromEntries(Object.entries(request).map(([id, resources]) => [id, { resources }])),
  })),
  provider_summaries: Object.fromEntries(
    Object.entries(providers).map(([id, { root = id, has }]) => [
      id,
      {
        root_provider_uuid: root,
        resources: Object.fromEntries(
          Object.entries(has).map(([name, [capacity, used]]) => [name, { capacity, used }]),
        ),
      },
    ]),
  ),
});
const whole = { areAllHosts: true, isCut: false, base: undefined };
const roomOf = (
  question: PlacementQuestion,
  given: CandidateAnswer,
  hosts: readonly CapacityHost[],
  areAllHosts = true,
): Partial<ZoneRoom>[] => [...roomOfQuestion(question, given, hosts, { ...whole, areAllHosts }).zones];

const SMALL = { VCPU: 2, MEMORY_MB: 512 };

test('of one provider both bounds are what its scarcest class allows', () => {
  const given = answer(
    { a: { has: { VCPU: [16, 3], MEMORY_MB: [8192, 0], DISK_GB: [0, 0] } } },
    { a: SMALL },
  );
  expect(roomOf(asking(SMALL), given, [host('a')])).toMatchObject([
    { zone: 'az1', lower: 6, upper: 6, limits: { VCPU: 1 }, hosts: { free: 1, full: 0, closed: 0 } },
  ]);
});

test('more may be used than there is, and reserved than there was: that is no room, and not less than none', () => {
  // A ratio that was lowered; a capacity below 0 of `reserved` above `total`.
  const given = answer({ a: { has: { VCPU: [16, 40], MEMORY_MB: [-512, 0] } } }, { a: SMALL });
  expect(roomOf(asking(SMALL), given, [host('a')])).toMatchObject([{ lower: 0, upper: 0 }]);
});

test('a summary that is missing is no 0, and no room either: the upper bound is not known', () => {
  const given = answer({}, { a: SMALL });
  expect(roomOf(asking(SMALL), given, [host('a')])).toMatchObject([{ lower: 0, upper: undefined }]);
});

test('hosts that are disabled or down have no room, whatever Placement offers', () => {
  const has = { VCPU: [16, 0], MEMORY_MB: [8192, 0] } as const;
  const given = answer({ a: { has }, b: { has }, c: { has } }, { a: SMALL }, { b: SMALL }, { c: SMALL });
  const hosts = [host('a'), host('b', { state: 'disabled' }), host('c', { state: 'down' })];
  const room = roomOfQuestion(asking(SMALL), given, hosts, whole);
  expect(room.zones).toMatchObject([{ lower: 8, upper: 8, hosts: { free: 1, closed: 2 } }]);
  // Placement does not know who is down, but it does know who is disabled.
  expect(room.closedOffers.map(({ provider }) => provider)).toEqual(['b']);
});

test('a doubtful host counts for the upper bound alone', () => {
  const has = { VCPU: [16, 0], MEMORY_MB: [8192, 0] } as const;
  const given = answer({ a: { has }, b: { has }, c: { has } }, { a: SMALL }, { b: SMALL }, { c: SMALL });
  const hosts = [
    host('a'),
    host('b', { conditions: ['filter_tenant_id=x'] }),
    host('c', { state: 'unknown' }),
  ];
  expect(roomOf(asking(SMALL), given, hosts)).toMatchObject([
    {
      lower: 8,
      upper: 24,
      hosts: {
        doubtful: {
          'an aggregate asks for filter_tenant_id=x': 1,
          'Nova does not tell whether the host takes servers': 1,
        },
      },
    },
  ]);
});

test('an offer of a host that Nova does not tell of may be of any zone, but of none if all hosts are known', () => {
  const has = { VCPU: [4, 0], MEMORY_MB: [8192, 0] } as const;
  const given = answer({ a: { has }, x: { has } }, { a: SMALL }, { x: SMALL });
  const hosts = [host('a'), host('b', { zone: 'az2' })];
  expect(roomOf(asking(SMALL), given, hosts, false)).toMatchObject([
    { zone: 'az1', lower: 2, upper: 4 },
    { zone: 'az2', lower: 0, upper: 2 },
    { zone: undefined, lower: 0, upper: 2 },
  ]);
  const room = roomOfQuestion(asking(SMALL), given, hosts, whole);
  expect(room.zones).toMatchObject([
    { lower: 2, upper: 2 },
    { lower: 0, upper: 0 },
  ]);
  expect(room.unmapped).toEqual(['x']);
});

test('a storage that two hosts share is given away once', () => {
  const cpu = { VCPU: [64, 0] } as const;
  const wanted = { VCPU: 1 };
  const given = answer(
    { a: { has: cpu }, b: { has: cpu }, shared: { has: { DISK_GB: [100, 0] } } },
    { a: wanted, shared: { DISK_GB: 10 } },
    { b: wanted, shared: { DISK_GB: 10 } },
  );
  expect(roomOf(asking({ VCPU: 1, DISK_GB: 10 }), given, [host('a'), host('b')])).toMatchObject([
    { lower: 10, upper: 10, limits: { DISK_GB: 2 }, hosts: { free: 2 } },
  ]);
});

test('a tree with GPUs: each of its candidates is taken until nothing is left of it', () => {
  const gpu = (used: number): Tree => ({ root: 'a', has: { VGPU: [4, used] } });
  const wanted = { VCPU: 2 };
  const given = answer(
    { a: { has: { VCPU: [32, 0] } }, gpu0: gpu(1), gpu1: gpu(2) },
    { a: wanted, gpu0: { VGPU: 1 } },
    { a: wanted, gpu1: { VGPU: 1 } },
  );
  expect(roomOf(asking({ VCPU: 2, VGPU: 1 }), given, [host('a')])).toMatchObject([
    { lower: 5, upper: 5, limits: { VGPU: 1 } },
  ]);
});

const CELLS = {
  n0: { root: 'a', has: { VCPU: [6, 0], MEMORY_MB: [1024, 0] } },
  n1: { root: 'a', has: { VCPU: [2, 0], MEMORY_MB: [3072, 0] } },
} as const;
const CELL = { VCPU: 2, MEMORY_MB: 1024 };

test('each class from any of its providers: the order does not matter, and both bounds are the same', () => {
  const given = answer(
    CELLS,
    { n0: CELL },
    { n0: { VCPU: 2 }, n1: { MEMORY_MB: 1024 } },
    { n1: CELL },
    { n1: { VCPU: 2 }, n0: { MEMORY_MB: 1024 } },
  );
  expect(roomOf(asking(CELL), given, [host('a')])).toMatchObject([{ lower: 4, upper: 4 }]);
});

test('two ways that exclude each other: of the host one server is certain', () => {
  // A trait is on one of the cells only: memory and CPUs can come from each, but not from the other one alone.
  const given = answer(
    CELLS,
    { n0: CELL },
    { n0: { VCPU: 2 }, n1: { MEMORY_MB: 1024 } },
    { n1: { VCPU: 2 }, n0: { MEMORY_MB: 1024 } },
  );
  expect(roomOf(asking(CELL), given, [host('a')])).toMatchObject([{ lower: 1, upper: 4 }]);
});

test('a class that comes in parts, of groups, is counted together', () => {
  const tree = {
    a: { has: { MEMORY_MB: [8192, 0] } },
    n0: { root: 'a', has: { VCPU: [7, 0] } },
    n1: { root: 'a', has: { VCPU: [5, 0] } },
  } as const;
  const given = answer(tree, { a: { MEMORY_MB: 512 }, n0: { VCPU: 2 }, n1: { VCPU: 2 } });
  // Both cells are taken together, twice; twelve CPUs would be three.
  expect(roomOf(asking({ MEMORY_MB: 512, VCPU: 4 }), given, [host('a')])).toMatchObject([
    { lower: 2, upper: 3 },
  ]);
});

test('hosts that share in different ways: the order decides, and of them together one server is certain', () => {
  // `b` needs both storages: if it comes first, nothing is left for `a` and `c`.
  const cpu = { VCPU: [1, 0] } as const;
  const wanted = { VCPU: 1, DISK_GB: 1, IPV4_ADDRESS: 1 };
  const given = answer(
    {
      a: { has: { ...cpu, IPV4_ADDRESS: [1, 0] } },
      b: { has: cpu },
      c: { has: { ...cpu, DISK_GB: [1, 0] } },
      disks: { has: { DISK_GB: [1, 0] } },
      addresses: { has: { IPV4_ADDRESS: [1, 0] } },
    },
    { a: { VCPU: 1, IPV4_ADDRESS: 1 }, disks: { DISK_GB: 1 } },
    { b: { VCPU: 1 }, disks: { DISK_GB: 1 }, addresses: { IPV4_ADDRESS: 1 } },
    { c: { VCPU: 1, DISK_GB: 1 }, addresses: { IPV4_ADDRESS: 1 } },
  );
  const hosts = ['a', 'b', 'c'].map((each) => host(each));
  expect(roomOf(asking(wanted), given, hosts)).toMatchObject([{ lower: 1, upper: 2 }]);
});

test('a host that is not offered is full, of the class that is short, where the wider question tells', () => {
  const base = new Map([
    ['b', { VCPU: 8, MEMORY_MB: 100 }],
    ['c', { VCPU: 8, MEMORY_MB: 4096 }],
  ]);
  const hosts = ['a', 'b', 'c'].map((name) => host(name));
  const room = roomOfQuestion(asking(SMALL), answer({}), hosts, { ...whole, base });
  expect(room.zones).toMatchObject([
    { lower: 0, upper: 0, limits: { VCPU: 1, MEMORY_MB: 1, '': 1 }, hosts: { free: 0, full: 3 } },
  ]);
});
