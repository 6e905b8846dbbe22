import { overall } from '@groundcrew/runbook';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { assessStack, defineComponent } from '../../src/stack.ts';
import { machineOfAddress } from '../../src/components/assess-options.ts';
import { quorumMargin, weightedMargin } from '../../src/probing/quorum.ts';
import { assess } from './assessed.ts';
import { seen } from './seen.ts';

test('of nothing it knows nothing: each essential component is unknown, none passes', () => {
  const findings = assess({});
  expect(new Set(findings.map((finding) => finding.verdict))).toEqual(new Set(['unknown']));
  expect(findings.map((finding) => finding.subject.id)).toEqual(
    expect.arrayContaining(['mariadb', 'rabbitmq', 'keystone', 'nova-scheduler']),
  );
  expect(assess({}, { expect: ['etcd'] }).map((finding) => finding.subject.id)).toContain('etcd');
  expect(overall(findings)).toBe('unknown');
});

test('a component of one’s own is judged by its own functions, over what its own checker saw', () => {
  const redis = defineComponent({
    name: 'redis',
    title: 'Redis',
    mode: 'active-passive',
    state: 'replicated',
    stops: 'jobs of Octavia',
    wanted: 2,
    essential: true,
    target: z.strictObject({ host: z.string() }),
    source: ({ host }) => `redis ${host}`,
    observe: async ({ host }) => `${host}:6379`,
    replica: (address) => ({ at: address, works: true }),
  });
  const findings = assessStack(
    { redis: [seen('redis-1:6379'), seen('redis-2:6379')], heartbeats: undefined },
    { catalogue: { redis } },
  );
  expect(findings).toMatchObject([
    { id: 'stack.single-point-of-failure', verdict: 'pass', subject: { id: 'redis' } },
  ]);
});

test.each([
  ['db-1:3306', 'db-1'],
  ['[fd00::1]:3306', 'fd00::1'],
  ['http://ctl-1:5000/v3', 'ctl-1'],
  ['rabbit@ctl-1', 'ctl-1'],
  ['ctl-1', 'ctl-1'],
  ['fd00::1', 'fd00::1'],
  ['/run/haproxy/admin.sock', '/run/haproxy/admin.sock'],
])('%s is on %s', (address, machine) => {
  expect(machineOfAddress(address)).toBe(machine);
});

test('margins', () => {
  expect([1, 2, 3, 4, 5, 7].map((of) => quorumMargin({ of, present: of }))).toEqual([0, 0, 1, 1, 2, 3]);
  expect(quorumMargin({ of: 3, present: 1 })).toBe(-1);
  expect([1, 2, 3, 4, 5].map((size) => weightedMargin(Array.from({ length: size }, () => 1)))).toEqual([
    0, 0, 1, 1, 2,
  ]);
  expect(weightedMargin([0, 0])).toBe(0);
  expect(weightedMargin([])).toBe(0);
});
