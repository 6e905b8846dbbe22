// A fault script, a filter or a host that is misspelt means nothing, and a test with it cannot fail: two of ours counted the
// requests of `instance-ha` and broke those of `block-storage`, whose records are `instanceHa` and `blockStorage`.
import { isGroundcrewError } from '@groundcrew/core';
import { expect, test } from 'vitest';
import {
  hang,
  htmlPage,
  latency,
  odd,
  reset,
  simulateBmcs,
  simulateCloud,
  status,
  truncate,
  UnexpectedRequestError,
  virtualClock,
} from '../../src/index.ts';
import { routesOf } from '../../src/request/routes.ts';
import { services } from '../../src/services/all.ts';
import { Client } from '../client.ts';

const cloud = simulateCloud();
const errorOf = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    return error;
  }
};
const refused = (field: string, known: RegExp | string = ''): object => ({
  code: 'input',
  field,
  message: expect.stringMatching(known),
});

/** Filters of requests, the field that is wrong with each, and what the refusal tells. */
const filters: [filter: object, field: string, known: RegExp][] = [
  [{ service: 'block-storage' }, 'service', /blockStorage/],
  [{ service: 'instance-ha' }, 'service', /instanceHa/],
  [{ service: 'constructor' }, 'service', /identity, compute, network/],
  [{ service: 'Compute' }, 'service', /compute/],
  [{ service: '' }, 'service', /compute/],
  [{ service: null }, 'service', /compute/],
  [{ operation: 'servers.lst' }, 'operation', /servers\.list/],
  [{ operation: 'server.list' }, 'operation', /servers/],
  [{ operation: 'constructor' }, 'operation', /METHOD path/],
  [{ operation: 'servers.constructor' }, 'operation', /servers\.list/],
  [{ operation: '' }, 'operation', /METHOD path/],
  [{ service: 'network', operation: 'servers.list' }, 'operation', /networks/],
  [{ service: 'none', operation: 'servers.list' }, 'operation', /METHOD path/],
  [{ method: 'FETCH' }, 'method', /GET/],
  [{ method: '' }, 'method', /GET/],
  [{ path: '' }, 'path', /end of a path/],
  [{ path: '/servers?limit=1' }, 'path', /query/],
  [{ path: 5 }, 'path', /RegExp/],
  [{ serivce: 'compute' }, 'serivce', /no such field/],
  [{ resource: 'servers' }, 'resource', /no such field/],
];

test.each(filters)('a fault script for %j is refused', (match, field, known) => {
  const reply = reset();
  expect(errorOf(() => cloud.fault({ match, reply }))).toMatchObject(refused(`match.${field}`, known));
});

test.each(filters)('requests like %j are not counted', (filter, field, known) => {
  for (const look of [
    () => cloud.requests.filter(filter),
    () => cloud.requests.count(filter),
    () => cloud.requests.expectNone(filter),
  ])
    expect(errorOf(look)).toMatchObject(refused(field, known));
});

test.each<[object, string]>([
  [{ reply: reset() }, 'match'],
  [{ match: 'servers', reply: reset() }, 'match'],
  [{ match: { status: 200 }, reply: reset() }, 'match.status'],
  [{ match: {} }, 'reply'],
  [{ match: {}, reply: { kind: 'restart' } }, 'reply.kind'],
  [{ match: {}, reply: reset }, 'reply'],
  [{ match: {}, reply: { kind: 'latency', waitMs: Number.NaN } }, 'reply.waitMs'],
  [{ match: {}, reply: reset(), first: 0 }, 'first'],
  [{ match: {}, reply: reset(), first: '1' }, 'first'],
  [{ match: {}, reply: reset(), skip: -1 }, 'skip'],
  [{ match: {}, reply: reset(), percent: 0 }, 'percent'],
  [{ match: {}, reply: reset(), percent: 101 }, 'percent'],
  [{ match: {}, reply: reset(), frist: 1 }, 'frist'],
])('a fault script of %j is refused', (script, field) => {
  expect(errorOf(() => cloud.fault(script as never))).toMatchObject(refused(field));
});

test.each<[string, () => unknown, string]>([
  ['status 1', () => status(1), 'status'],
  ['status 99.5', () => status(99.5), 'status'],
  ['status 700', () => status(700), 'status'],
  ['a misspelt option of status', () => status(503, { retryafter: 1 } as never), 'retryafter'],
  ['retryAfter as text', () => status(503, { retryAfter: '1' as never }), 'retryAfter'],
  ['a header that is none', () => status(503, { headers: { 'a b': 'x' } }), 'headers.a b'],
  ['a page without a status', () => htmlPage(0), 'status'],
  ['less than no bytes', () => truncate(-1), 'bytes'],
  ['no moment of a reset', () => reset('during' as never), 'when'],
  ['no kind of odd answers', () => odd('oddest' as never), 'odd'],
  ['a latency without a unit', () => latency('3' as never), 'wait'],
])('%s is refused', (_, make, field) => {
  expect(errorOf(make)).toMatchObject(refused(field));
});

test('what a record, a route and a path are called is known', async () => {
  const asked = simulateCloud();
  const nova = await new Client(asked).login();
  const faults = [
    asked.fault({ match: { service: 'compute', operation: 'servers.list' }, first: 1, reply: status(503) }),
    asked.fault({ match: { operation: 'GET nothing/here' }, first: 1, reply: status(503) }),
    asked.fault({ match: { operation: 'versions', service: undefined }, first: 1, reply: status(503) }),
    asked.fault({ match: { service: 'none', method: 'get' }, first: 1, reply: status(503) }),
    asked.fault({ match: { path: /servers/g }, skip: 2, first: 1, reply: status(503) }),
  ];
  for (const path of ['/compute/v2.1/servers/detail', '/compute/v2.1/nothing/here', '/compute/', '/nowhere'])
    await nova.send('GET', path);
  for (let index = 0; index < 3; index += 1) await nova.send('GET', '/compute/v2.1/servers');
  expect(faults.map(({ struck }) => struck)).toEqual([1, 1, 1, 1, 1]);
  expect(errorOf(hang)).toEqual({ kind: 'hang' });
});

test('an operation that shares its route with another is refused by the name that the log has', () => {
  const names = [...namesBehindOthers()];
  expect(names.length).toBeGreaterThan(0);
  for (const { service, hidden, shown } of names)
    expect(errorOf(() => cloud.requests.count({ service, operation: hidden }))).toMatchObject(
      refused('operation', new RegExp(shown.replace('.', '\\.'))),
    );
});

test('requests that were expected not to be are an error of the family, which has them', async () => {
  await new Client(cloud).login();
  const error = errorOf(() => cloud.requests.expectNone({ service: 'identity' }));
  expect(error).toBeInstanceOf(UnexpectedRequestError);
  expect(error).toMatchObject({
    code: 'unexpected-request',
    message: expect.stringContaining('POST /identity/v3/auth/tokens -> 201'),
    requests: [{ operation: expect.any(String) }],
  });
});

test.each<[string, () => unknown, string, RegExp]>([
  ['a scenario', () => simulateCloud({ scenario: 'smal' as never }), 'scenario', /small, site/],
  [
    'a scenario of the prototype',
    () => simulateCloud({ scenario: 'constructor' as never }),
    'scenario',
    /small/,
  ],
  ['a release', () => simulateCloud({ release: 'zedd' }), 'release', /zed/],
  ['a release of the prototype', () => simulateCloud({ release: 'constructor' }), 'release', /zed/],
  ['a role', () => cloud.state.identity.role('admn'), 'name', /admin/],
  ['a project', () => cloud.state.identity.project('dmo'), 'name', /demo/],
  ['a host that loses power', () => cloud.hosts.kill('compute-99'), 'host', /compute-1/],
  ['a host that gets power', () => cloud.hosts.revive('nohost'), 'host', /compute-1/],
  ['no host', () => cloud.hosts.kill(undefined as never), 'host', /compute-1/],
  ['a cell', () => cloud.cells.lose('compute-1', 'nohost'), 'hosts.1', /compute-1/],
  ['a cell of no host', () => cloud.cells.lose(), 'hosts', /compute-1/],
  ['a board', () => simulateBmcs({ hosts: ['a'] }).board('b'), 'host', /there are a/],
  ['the board of a fault', () => simulateBmcs({ hosts: ['a'] }).fault('b', 'mute'), 'host', /there are a/],
  ['a fault of a board', () => simulateBmcs({ hosts: ['a'] }).fault('a', 'muted' as never), 'fault', /mute/],
  [
    'power',
    () =>
      simulateBmcs({ hosts: ['a'] })
        .board('a')
        .set('off' as never),
    'power',
    /On/,
  ],
  ['the start of a clock', () => virtualClock('soon'), 'start', /soon/],
])('%s that is misspelt is refused with what there is', (_, call, field, known) => {
  expect(errorOf(call)).toMatchObject(refused(field, known));
});

test('a host that is misspelt loses no cell', () => {
  errorOf(() => cloud.cells.lose('compute-1', 'nohost'));
  expect(cloud.state.compute.hostsInDownCells.size).toBe(0);
});

test.each<[string, object, string]>([
  ['a port as text', { port: '5000' }, 'port'],
  ['a port that is none', { port: 70_000 }, 'port'],
  ['a misspelt option', { prot: 5000 }, 'prot'],
  ['a speed below 0', { speed: -1 }, 'speed'],
])('a cloud does not listen with %s', async (_, options, field) => {
  const error = await cloud.listen(options).catch((caught: unknown) => caught);
  expect(error).toMatchObject(refused(field));
  expect(isGroundcrewError(error)).toBe(true);
});

test('a port that is taken is refused by the field', async () => {
  await using first = simulateCloud();
  await using second = simulateCloud();
  const { url } = await first.listen();
  const port = Number(new URL(url).port);
  for (const listening of [second.listen({ port }), simulateBmcs({ hosts: ['a'] }).listen({ port })])
    expect(await listening.catch((caught: unknown) => caught)).toMatchObject(refused('port', /EADDRINUSE/));
});

function* namesBehindOthers(): Generator<{ service: string; hidden: string; shown: string }> {
  for (const service of services)
    for (const { operation, others } of routesOf(service))
      for (const [resource, { operations }] of Object.entries(service.spec.resources))
        for (const [name, spec] of Object.entries(operations))
          if (others.includes(spec))
            yield { service: service.spec.name, hidden: `${resource}.${name}`, shown: operation };
}
