// Gnocchi 4.4's documents: resources with the ids of their metrics, and aggregates by resource.
import type { Cloud } from '@groundcrew/core';
import { expect, test } from 'vitest';
import {
  assessCoverage,
  blindSpots,
  type CloudCoverage,
  type FigureId,
  observeCoverage,
} from '../../src/coverage.ts';
import type { CloudInventory } from '../../src/index.ts';
import { cloudWith, NOW } from '../gnocchi-cloud.ts';

const [A, B, C] = ['a', 'b', 'c'].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000`) as [
  string,
  string,
  string,
];
const SERVER = '11111111-1111-4111-8111-111111111111';

const whole = { at: new Date(NOW).toISOString(), source: 'x', completeness: 'complete', gaps: [] } as const;
const inventoryOf = (parts: {
  readonly [part in keyof CloudInventory]?: readonly object[];
}): CloudInventory =>
  Object.fromEntries(
    ['servers', 'volumes', 'snapshots', 'backups', 'images', 'ports', 'floatingIps'].map((part) => [
      part,
      { ...whole, value: parts[part as keyof CloudInventory] ?? [] },
    ]),
  ) as unknown as CloudInventory;

const volume = (id: string, more: object = {}) => ({
  id,
  name: id,
  status: 'in-use',
  size: 1,
  attachments: [],
  created_at: '2026-11-01T00:00:00Z',
  ...more,
});
const server = (id: string, more: object = {}) => ({
  id,
  name: id,
  status: 'ACTIVE',
  'OS-EXT-STS:power_state': 1,
  'OS-SRV-USG:launched_at': '2026-11-01T00:00:00Z',
  ...more,
});
const resource = (id: string, ...metrics: string[]) => ({
  id,
  original_resource_id: id,
  metrics: Object.fromEntries(metrics.map((name) => [name, `m-${id}-${name}`])),
});
const timedelta = (seconds: number) =>
  `${Math.floor(seconds / 3600)}:${String((seconds / 60) % 60).padStart(2, '0')}:00`;
type Point = readonly [time: string, granularity: number, value: number];

/** Gnocchi with resources by type, and points by resource and metric; it rounds `start` down to the granularity, as the real one. */
function gnocchi(
  resources: Readonly<
    Record<string, readonly { readonly id: string; readonly original_resource_id: string }[]>
  >,
  points: Readonly<Record<string, Readonly<Record<string, readonly Point[]>>>>,
  failing: (url: string, body: string) => number | undefined = () => undefined,
): Promise<Cloud> {
  // A policy keeps as many spans as there are lengths of points.
  const metricsOf = (called: string) =>
    Object.entries(points).map(([id, series]) => ({
      id: `m-${id}-${called}`,
      name: called,
      archive_policy: {
        name: 'p',
        aggregation_methods: ['mean'],
        definition: [...new Set((series[called] ?? []).map(([, seconds]) => seconds))].map((seconds) => ({
          granularity: timedelta(seconds),
          points: 10,
          timespan: '1 day, 0:00:00',
        })),
      },
    }));
  return cloudWith((request, body) => {
    const url = new URL(request.url ?? '', 'http://gnocchi');
    if (!url.pathname.startsWith('/metric')) return undefined;
    const status = failing(url.pathname, body);
    if (status !== undefined) return { status, body: { cause: 'Metrics with unknown aggregation' } };
    const [, type = ''] = /resource\/(\w+)$/.exec(url.pathname) ?? [];
    if (type !== '') return { body: url.searchParams.has('marker') ? [] : (resources[type] ?? []) };
    const metric = url.searchParams.get('name');
    if (metric !== null) return { body: url.searchParams.has('marker') ? [] : metricsOf(metric) };
    if (request.method !== 'POST') return { body: [] };
    const asked = JSON.parse(body) as {
      readonly resource_type: string;
      readonly search: { readonly in?: { readonly id: readonly string[] } };
      readonly operations: readonly [string, string, string];
    };
    const [start, stop] = ['start', 'stop'].map((name) => Date.parse(url.searchParams.get(name) ?? ''));
    const groups = (resources[asked.resource_type] ?? [])
      .filter(({ id }) => asked.search.in?.id.includes(id) ?? true)
      .map(({ id, original_resource_id }) => ({
        group: { original_resource_id },
        measures: {
          measures: {
            [id]: {
              [asked.operations[1]]: {
                mean: (points[original_resource_id]?.[asked.operations[1]] ?? []).filter(
                  ([time, seconds]) =>
                    Date.parse(time) + seconds * 1000 > (start ?? NaN) &&
                    !(Date.parse(time) >= (stop ?? NaN)),
                ),
              },
            },
          },
        },
      }));
    return { body: groups };
  });
}

const figure = (found: CloudCoverage, id: FigureId) => {
  const finding = assessCoverage(found).find(({ subject }) => subject.id === id);
  const spot = blindSpots(found).find((blind) => blind.figure === id);
  return { finding, spot };
};

const FRESH: Point = ['2026-11-29T02:25:00+00:00', 300, 1];
const OLD: Point = ['2026-11-28T10:00:00+00:00', 300, 1];

test('a volume without the meter is a blind spot, and the line of polling.yaml that opens it is named', async () => {
  const cloud = await gnocchi(
    { volume: [resource(A, 'volume.size'), resource(B, 'snapshot.size')] },
    { [A]: { 'volume.size': [OLD, FRESH] } },
  );
  const inventory = inventoryOf({ volumes: [volume(A), volume(B)] });
  const { finding, spot } = figure(await observeCoverage(cloud, { inventory }), 'volumes.size');
  expect(spot).toMatchObject({
    things: [B],
    of: 2,
    stale: [],
    completeness: 'complete',
    notAsked: ['prometheus'],
  });
  expect(spot?.opensWith.map(({ line, byDefault }) => [line, byDefault])).toEqual([
    ['- volume.size', { onSince: '2023.2' }],
  ]);
  expect(spot?.because.map(({ statement }) => statement)).toEqual([`1 of 2 have no volume.size: ${B}`]);
  expect(finding).toMatchObject({
    id: 'monitoring.blind-spot',
    verdict: 'fail',
    title: 'Size of volumes: 1 of 2 have no fresh value in Gnocchi',
  });
  expect(finding?.because.at(-1)?.statement).toBe('Prometheus might have it, and was not asked');
});

test('a series that has stopped says since when; a fresh point is needed for it to be measured again', async () => {
  const inventory = inventoryOf({ volumes: [volume(A)] });
  const resources = { volume: [resource(A, 'volume.size')] };
  const before = await gnocchi(resources, { [A]: { 'volume.size': [OLD] } });
  const { finding, spot } = figure(await observeCoverage(before, { inventory }), 'volumes.size');
  expect(spot?.stale).toEqual([{ id: A, since: '2026-11-28T10:00:00.000Z' }]);
  expect(finding?.because[0]?.statement).toContain('the last one at 2026-11-28T10:00:00.000Z');
  expect(finding?.remedy).toMatch(/had values before.*Opens with polling\.yaml/);
  const after = await gnocchi(resources, { [A]: { 'volume.size': [OLD, FRESH] } });
  expect(figure(await observeCoverage(after, { inventory }), 'volumes.size').finding?.verdict).toBe('pass');
});

test('points in spans of an hour do not say what the last 15 minutes had: unknown, until freshness is as long', async () => {
  const cloud = await gnocchi(
    { volume: [resource(A, 'volume.size')] },
    { [A]: { 'volume.size': [['2026-11-29T02:00:00+00:00', 3600, 1]] } },
  );
  const inventory = inventoryOf({ volumes: [volume(A)] });
  const { finding } = figure(await observeCoverage(cloud, { inventory }), 'volumes.size');
  expect(finding?.verdict).toBe('unknown');
  expect(finding?.because[0]?.statement).toContain('spans longer than');
  const patient = await observeCoverage(cloud, { inventory, freshness: '2h' });
  expect(figure(patient, 'volumes.size').finding?.verdict).toBe('pass');
});

test('a series by the minute and by the hour that has stopped is stale, though the point of the hour is still there', async () => {
  const cloud = await gnocchi(
    { volume: [resource(A, 'volume.size')] },
    {
      [A]: {
        'volume.size': [
          ['2026-11-29T02:00:00+00:00', 3600, 1],
          ['2026-11-29T02:01:00+00:00', 60, 1],
        ],
      },
    },
  );
  const inventory = inventoryOf({ volumes: [volume(A)] });
  const { finding, spot } = figure(await observeCoverage(cloud, { inventory }), 'volumes.size');
  expect(finding?.verdict).toBe('fail');
  expect(spot?.stale).toEqual([{ id: A, since: '2026-11-29T02:01:00.000Z' }]);
});

test('a thing that is younger than a value may be old is no blind spot yet', async () => {
  const cloud = await gnocchi({}, {});
  const of = (created_at: string) => inventoryOf({ volumes: [volume(A, { created_at })] });
  const young = await observeCoverage(cloud, { inventory: of('2026-11-29T02:20:00Z') });
  expect(blindSpots(young)).toEqual([]);
  const old = await observeCoverage(cloud, { inventory: of('2026-11-29T02:10:00Z') });
  expect(blindSpots(old).map((spot) => spot.figure)).toEqual(['volumes.size']);
});

test('a disk is a volume’s by server and device; both of two must be seen; a detached volume is not looked for', async () => {
  const attached = (id: string, ...devices: string[]) =>
    volume(id, { attachments: devices.map((device) => ({ server_id: SERVER, device: `/dev/${device}` })) });
  const disk = (device: string) => ({
    ...resource(`r-${device}`, 'disk.device.write.bytes'),
    original_resource_id: `${SERVER}-${device}`,
    instance_id: SERVER,
  });
  const cloud = await gnocchi(
    { instance_disk: [disk('vdb'), disk('vdc')] },
    {
      [`${SERVER}-vdb`]: { 'disk.device.write.bytes': [FRESH] },
      [`${SERVER}-vdc`]: { 'disk.device.write.bytes': [FRESH] },
    },
  );
  const inventory = inventoryOf({
    servers: [server(SERVER)],
    volumes: [attached(A, 'vdb'), attached(B, 'vdc', 'vdd'), volume(C)],
  });
  const found = await observeCoverage(cloud, { inventory });
  expect(figure(found, 'volumes.io').spot).toMatchObject({ things: [B], of: 2 });
  expect(figure(found, 'servers.disk').finding?.verdict).toBe('pass');
});

test('a server that is shut off has no CPU time that anything could measure', async () => {
  const cloud = await gnocchi({}, {});
  const inventory = inventoryOf({
    servers: [server(A), server(B, { status: 'SHUTOFF', 'OS-EXT-STS:power_state': 4 })],
  });
  const found = await observeCoverage(cloud, { inventory });
  expect(figure(found, 'servers.cpu').spot).toMatchObject({ things: [A], of: 1 });
});

test.each([
  ['resources', 503],
  ['resources', 403],
  ['aggregates', 404],
  ['aggregates', 500],
])('%s that answer %i: unknown, and nobody is said to be unmeasured', async (part, status) => {
  const cloud = await gnocchi({ volume: [resource(A, 'volume.size')] }, {}, (path) =>
    path.includes(part === 'resources' ? '/resource/volume' : '/aggregates') ? status : undefined,
  );
  const inventory = inventoryOf({ volumes: [volume(A)] });
  const { finding, spot } = figure(await observeCoverage(cloud, { inventory }), 'volumes.size');
  expect(spot).toBeUndefined();
  expect(finding?.verdict).toBe('unknown');
  expect(finding?.because[0]?.source).toContain('Gnocchi');
});

test('if only the question since when fails, that it is stale is still known', async () => {
  const cloud = await gnocchi(
    { volume: [resource(A, 'volume.size')] },
    { [A]: { 'volume.size': [OLD] } },
    (path, body) => (path.includes('/aggregates') && body.includes('"in"') ? 500 : undefined),
  );
  const inventory = inventoryOf({ volumes: [volume(A)] });
  const { spot } = figure(await observeCoverage(cloud, { inventory }), 'volumes.size');
  expect(spot?.stale).toEqual([{ id: A, since: undefined }]);
});

test('a list that was not read to its end: what is seen is judged, and nothing passes', async () => {
  const cloud = await gnocchi({ volume: [resource(A, 'volume.size')] }, { [A]: { 'volume.size': [FRESH] } });
  const gap = {
    what: 'volumes',
    kind: 'denied',
    why: 'only of the own project',
    remedy: 'Give the role.',
    requestIds: [],
  } as const;
  const all = inventoryOf({ volumes: [volume(A)] });
  const inventory: CloudInventory = {
    ...all,
    volumes: { ...all.volumes, completeness: 'partial', gaps: [gap] },
  };
  const { finding } = figure(await observeCoverage(cloud, { inventory }), 'volumes.size');
  expect(finding).toMatchObject({ verdict: 'unknown', remedy: 'Give the role.' });
  expect(finding?.title).toContain('that were seen');
  const two = { ...inventory, volumes: { ...inventory.volumes, value: [volume(A), volume(B)] as never } };
  const { spot } = figure(await observeCoverage(cloud, { inventory: two }), 'volumes.size');
  expect(spot).toMatchObject({ things: [B], of: 2, completeness: 'partial' });
});

test('without Gnocchi in the catalogue and without a Prometheus nothing was asked: unknown', async () => {
  const cloud = await cloudWith(() => undefined, ['compute']);
  const found = await observeCoverage(cloud, { inventory: inventoryOf({ volumes: [volume(A)] }) });
  expect(found.sources).toEqual({
    gnocchi: 'absent',
    prometheus: 'not-asked',
    notifications: 'not-asked',
    nova: 'asked',
  });
  const { finding, spot } = figure(found, 'volumes.size');
  expect(spot).toBeUndefined();
  expect(finding).toMatchObject({ verdict: 'unknown', remedy: 'Give observeCoverage prometheus.' });
});
