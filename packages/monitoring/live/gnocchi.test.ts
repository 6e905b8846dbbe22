import { type Cloud, connect } from '@groundcrew/core';
import { ensureLab, type Lab, waitUntil } from '@groundcrew/lab';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { gnocchiIo } from '../src/volumes.ts';
import {
  alarmHistory,
  alarms,
  assessAlarms,
  type Gnocchi,
  gnocchiFor,
  perSecond,
  UnsupportedAggregationError,
} from '../src/gnocchi.ts';

// A real Gnocchi 4.4 and a real Aodh: known measures in, known answers out. Measures have times of the past, so that nothing is waited for but
// the evaluation of one alarm.
let lab: Lab;
let cloud: Cloud;
let gnocchi: Gnocchi;
const undo: (() => Promise<unknown>)[] = [];
const name = `groundcrew-gnocchi-${process.pid}`;
/** It stays: Gnocchi deletes no policy before it has removed the last points of its metrics, minutes after these were deleted. */
const POLICY = 'groundcrew-gnocchi';
const MINUTE = 60_000;
/** Whole ten minutes, an hour ago: spans of two and of five minutes begin there, too. */
const HOUR_AGO = Math.floor(Date.now() / 600_000) * 600_000 - 60 * MINUTE;
const iso = (ms: number): string => new Date(ms).toISOString();
const hour = { from: iso(HOUR_AGO), to: iso(HOUR_AGO + 20 * MINUTE) };
/** Ids of the metrics by their names, and of the resources. */
const ids = { full: '', half: '' };
let metrics: ReadonlyMap<string, string> = new Map();

const ask = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> =>
  (await cloud.request('metric', { method, path, body, ...(method === 'DELETE' ? ANY : {}) })).body;
/** Gnocchi 4.4 answers 406 to a deletion whose answer must be JSON. */
const ANY = { headers: { accept: '*/*' } };
const Made = z.looseObject({ id: z.string() });
const made = async (path: string, body: unknown): Promise<string> =>
  Made.parse(await ask('POST', path, body)).id;

async function resource(
  measures: Record<string, readonly (readonly [ms: number, value: number])[]>,
  type = 'generic',
  attributes: object = { id: crypto.randomUUID() },
) {
  const policy = { archive_policy_name: POLICY };
  const id = await made(`resource/${type}`, {
    ...attributes,
    metrics: Object.fromEntries(Object.keys(measures).map((metric) => [metric, policy])),
  });
  undo.push(() => ask('DELETE', `resource/generic/${id}`));
  for (const [metric, points] of Object.entries(measures)) {
    await ask(
      'POST',
      `resource/generic/${id}/metric/${metric}/measures`,
      points.map(([ms, value]) => ({ timestamp: iso(ms).replace('Z', ''), value })),
    );
    // What was sent is worked off by the time of the first question.
    await ask('GET', `resource/generic/${id}/metric/${metric}/measures?refresh=true`);
  }
  return id;
}

/** Two measures in each of six minutes. */
const pairs = Array.from({ length: 6 }, (_, minute) => [
  [HOUR_AGO + minute * MINUTE, minute * 10] as const,
  [HOUR_AGO + minute * MINUTE + 30_000, minute * 10 + 4] as const,
]).flat();

beforeAll(async () => {
  lab = await ensureLab({ only: 'full' });
  cloud = connect({ cloud: lab.cloud('admin'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  gnocchi = await gnocchiFor(cloud);
  const kept = await gnocchi.archivePolicies();
  const policy = {
    name: POLICY,
    back_window: 0,
    definition: [
      { granularity: '1m', points: 1440 },
      { granularity: '5m', points: 2016 },
    ],
    aggregation_methods: ['mean', 'max', 'min', 'sum', 'count', 'last', 'rate:mean'],
  };
  if (kept.value.every((one) => one.name !== POLICY)) await ask('POST', 'archive_policy', policy);
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  ids.full = await resource({
    pairs,
    counter: [0, 60, 120, 5, 65].map((value, minute) => [HOUR_AGO + minute * MINUTE, value]),
    live: [4, 3, 2, 1, 0].map((ago) => [now - ago * MINUTE, 100]),
    stopped: [9, 8, 7, 6].map((ago) => [now - ago * MINUTE, 100]),
  });
  ids.half = await resource({ pairs: pairs.slice(0, 6).map(([at]) => [at, 1000]) });
  const found = await gnocchi.resources();
  metrics = found.value.find(({ id }) => id === ids.full)?.metrics ?? metrics;
}, 2_400_000);

afterAll(async () => {
  for (const step of undo.toReversed()) await step();
  await cloud?.close();
}, 300_000);

const pairsOf = (method: string) =>
  gnocchi.measures({ metric: 'pairs', resource: ids.full, method, granularity: '1m', ...hour });
const valuesOf = (points: readonly { readonly value: number }[] | undefined): number[] =>
  (points ?? []).map(({ value }) => value);

test('the server tells its release and what it can', () => {
  expect(metrics.size).toBe(4);
  expect(gnocchi.server).toMatchObject({ completeness: 'complete', gaps: [] });
  expect(gnocchi.server.value.version).toMatch(/^4\.4\.\d/);
  expect(gnocchi.server.value.aggregationMethods).toContain('rate:mean');
});

describe('measures', () => {
  test.each([
    ['mean', [2, 12, 22, 32, 42, 52]],
    ['max', [4, 14, 24, 34, 44, 54]],
    ['sum', [4, 24, 44, 64, 84, 104]],
    ['count', [2, 2, 2, 2, 2, 2]],
    // The changes between measures, and of those in one minute the mean: of the first measure there is none.
    ['rate:mean', [4, 5, 5, 5, 5, 5]],
  ])('%s', async (method, values) => {
    const { value, gaps } = await pairsOf(method);
    expect(gaps).toEqual([]);
    expect(valuesOf(value?.points)).toEqual(values);
    expect(value?.points[0]?.at).toBe(HOUR_AGO);
    expect(value).toMatchObject({
      granularityMs: MINUTE,
      metric: { id: metrics.get('pairs'), name: 'pairs' },
    });
  });

  test('without a granularity the finest is taken, and points of several are not mixed', async () => {
    const { value } = await gnocchi.measures({ metric: metrics.get('pairs') ?? '', ...hour });
    expect(value?.granularityMs).toBe(MINUTE);
    expect(valuesOf(value?.points)).toEqual([2, 12, 22, 32, 42, 52]);
    expect(value?.archivePolicy.resolutions.map(({ granularityMs }) => granularityMs)).toEqual([
      60_000, 300_000,
    ]);
  });

  test('a counter that began anew has no rate there', async () => {
    const { value } = await gnocchi.measures({
      metric: 'counter',
      resource: ids.full,
      method: 'last',
      ...hour,
    });
    expect(valuesOf(perSecond(value?.points ?? []))).toEqual([1, 1, 1]);
  });

  test('a metric that there is not is no empty series', async () => {
    const { value, completeness } = await gnocchi.measures({ metric: 'nonsense', resource: ids.full });
    expect({ value, completeness }).toEqual({ value: undefined, completeness: 'failed' });
  });
});

describe('freshness', () => {
  const live = (more: object = {}) =>
    gnocchi.measures({ metric: 'live', resource: ids.full, granularity: '1m', ...more });

  test('a series to which something is added has a latest value; one that stopped does not', async () => {
    const fresh = await live();
    expect(fresh.completeness).toBe('complete');
    expect(fresh.value?.latest?.value).toBe(100);
    const stopped = await gnocchi.measures({ metric: 'stopped', resource: ids.full, granularity: '1m' });
    expect(stopped.completeness).toBe('stale');
    expect(stopped.value).toMatchObject({ isStale: true, latest: undefined });
    expect(stopped.value?.points).toHaveLength(4);
  });

  test('it is stale when three of its intervals have passed, and not a moment before', async () => {
    const ended = HOUR_AGO + 6 * MINUTE;
    const until = (ms: number) =>
      gnocchi.measures({
        metric: 'pairs',
        resource: ids.full,
        granularity: '1m',
        from: hour.from,
        to: iso(ms),
      });
    expect((await until(ended + 3 * MINUTE - 1)).completeness).toBe('complete');
    expect((await until(ended + 3 * MINUTE)).completeness).toBe('stale');
  });
});

describe('aggregates', () => {
  const of = (metric: string, method = 'mean') => ['metric', metrics.get(metric) ?? '', method] as const;
  const valuesFor = async (operations: Parameters<Gnocchi['aggregates']>[0]['operations']) => {
    const { value, gaps } = await gnocchi.aggregates({ operations, granularity: '1m', ...hour });
    expect(gaps).toEqual([]);
    return valuesOf(value[0]?.points);
  };

  test('arithmetic, changes, windows', async () => {
    expect(await valuesFor(of('pairs'))).toEqual([2, 12, 22, 32, 42, 52]);
    expect(await valuesFor(['*', of('pairs'), 2])).toEqual([4, 24, 44, 64, 84, 104]);
    expect(await valuesFor(['rateofchange', of('pairs')])).toEqual([10, 10, 10, 10, 10]);
    expect(await valuesFor(['rolling', 'mean', 2, of('pairs')])).toEqual([7, 17, 27, 37, 47]);
    expect(await valuesFor(['resample', 'max', '2m', of('pairs')])).toEqual([12, 32, 52]);
    expect(await valuesFor(['clip', of('pairs'), 10, 30])).toEqual([10, 12, 22, 30, 30, 30]);
    // Over these the server itself closes the connection: they are asked for in another form.
    expect(await valuesFor(['>', of('pairs'), 20])).toEqual([0, 0, 1, 1, 1, 1]);
    expect(await valuesFor(['aggregate', 'count', of('pairs')])).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('a sum says of how many series each of its points is', async () => {
    const { value, gaps } = await gnocchi.aggregates({
      operations: ['aggregate', 'sum', ['metric', 'pairs', 'mean']],
      resources: { type: 'generic', search: { in: { id: [ids.full, ids.half] } } },
      granularity: '1m',
      ...hour,
    });
    expect(gaps).toEqual([]);
    expect(valuesOf(value[0]?.points)).toEqual([1002, 1012, 1022, 32, 42, 52]);
    expect([...(value[0]?.of?.values() ?? [])]).toEqual([2, 2, 2, 1, 1, 1]);
  });

  test('by resource: each has its own', async () => {
    const { value } = await gnocchi.aggregates({
      operations: ['metric', 'pairs', 'max'],
      resources: { type: 'generic', search: { in: { id: [ids.full, ids.half] } } },
      groupBy: ['original_resource_id'],
      granularity: '5m',
      ...hour,
    });
    const found = value.map(({ group, resource: id, metric, method, points }) => ({
      group: group['original_resource_id'],
      id,
      metric,
      method,
      values: valuesOf(points),
    }));
    expect(found.toSorted((a, b) => (a.values[0] ?? 0) - (b.values[0] ?? 0))).toEqual([
      { group: ids.full, id: ids.full, metric: 'pairs', method: 'max', values: [44, 54] },
      { group: ids.half, id: ids.half, metric: 'pairs', method: 'max', values: [1000] },
    ]);
  });

  test('what 4.4 and the archive policy do not have is refused before it is asked', async () => {
    const refused = async (asked: Promise<unknown>): Promise<unknown> =>
      asked.then(
        () => 'was answered',
        (error: unknown) => error,
      );
    const operator = await refused(valuesFor(['rateofchangesec', of('pairs')]));
    expect(operator).toBeInstanceOf(UnsupportedAggregationError);
    expect(operator).toMatchObject({ what: 'operator', by: `Gnocchi ${gnocchi.server.value.version}` });
    // The server itself refuses it, too: otherwise ours would be wrong.
    const raw = await refused(ask('POST', 'aggregates', { operations: ['rateofchangesec', of('pairs')] }));
    expect(raw).toMatchObject({ status: 400 });
    expect(await refused(pairsOf('median'))).toMatchObject({
      what: 'method',
      by: `archive policy ${POLICY}`,
      available: ['count', 'last', 'max', 'mean', 'min', 'rate:mean', 'sum'],
    });
    expect(await refused(pairsOf('nonsense'))).toMatchObject({ by: expect.stringMatching(/^Gnocchi 4\.4/) });
    expect(
      await refused(gnocchi.aggregates({ operations: of('pairs'), granularity: '7s', ...hour })),
    ).toMatchObject({ what: 'granularity', available: ['60s', '300s'] });
  });
});

test('a disk of Ceilometer is a volume by its attachment, and found by its text', async () => {
  const serverId = crypto.randomUUID();
  const written = [10, 10, 25, 25, 40].map(
    (value, minute) => [HOUR_AGO + minute * 5 * MINUTE, value] as const,
  );
  const original = `${serverId}-vdb`;
  await resource({ 'disk.device.write.bytes': written }, 'instance_disk', {
    id: original,
    name: 'vdb',
    instance_id: serverId,
  });
  const io = await gnocchiIo(cloud).readVolumeIo({
    windowMs: Date.now() - HOUR_AGO + MINUTE,
    volumeOf: () => undefined,
    disks: [{ volumeId: 'v', serverId, device: 'vdb', attachedAt: undefined }],
  });
  expect(io).toMatchObject({ completeness: 'complete', gaps: [] });
  expect(io.value.get('v')).toMatchObject({ writtenBytes: 30, readBytes: undefined, disks: 1 });
  // It told nothing for the rest of the hour.
  expect(io.value.get('v')?.seen).toBeLessThan(0.6);
  const metric = { metric: 'disk.device.write.bytes', resource: original, type: 'instance_disk' };
  const { value } = await gnocchi.measures({ ...metric, method: 'last', granularity: '5m', from: hour.from });
  expect(valuesOf(value?.points)).toEqual([10, 10, 25, 25, 40]);
});

test('an alarm goes from insufficient data, which is not ok, to raised; its webhook is not shown', async () => {
  const path = 'alarms';
  const rule = {
    metric: 'live',
    resource_id: ids.full,
    resource_type: 'generic',
    aggregation_method: 'mean',
    comparison_operator: 'gt',
    threshold: 1,
    granularity: 60,
    evaluation_periods: 1,
  };
  const { body } = await cloud.request('alarm', {
    method: 'POST',
    path,
    body: {
      name,
      type: 'gnocchi_resources_threshold',
      severity: 'critical',
      gnocchi_resources_threshold_rule: rule,
      ok_actions: ['http://127.0.0.1:9/services/s3cret?token=s3cret'],
    },
    schema: z.looseObject({ alarm_id: z.string() }),
  });
  const id = body.alarm_id;
  undo.push(() => cloud.request('alarm', { method: 'DELETE', path: `alarms/${id}` }));
  const mine = async () => (await alarms(cloud)).value.find((alarm) => alarm.id === id);
  const states = new Set<string | undefined>();
  await waitUntil(
    async () => {
      states.add((await mine())?.state);
      return states.has('alarm');
    },
    { within: 60_000, what: 'the evaluation of the alarm' },
  );
  const observed = await alarms(cloud);
  expect(observed.completeness).toBe('complete');
  const alarm = observed.value.find((one) => one.id === id);
  expect(alarm).toMatchObject({
    name,
    isEnabled: true,
    state: 'alarm',
    severity: 'critical',
    rule: { type: 'gnocchi_resources_threshold', metric: 'live', threshold: 1, granularityMs: MINUTE },
    actions: { ok: [{ scheme: 'http', host: '127.0.0.1:9' }] },
  });
  expect(alarm?.since).toMatch(/Z$/);
  expect(JSON.stringify(observed)).not.toMatch(/s3cret/);
  expect(assessAlarms(observed).find(({ subject }) => subject.id === id)).toMatchObject({ verdict: 'fail' });
  const history = await alarmHistory(cloud, id);
  expect(history.value.map(({ kind, state }) => [kind, state])).toEqual([
    ['state transition', 'alarm'],
    ['creation', undefined],
  ]);
  expect(JSON.stringify(history)).not.toMatch(/s3cret/);
  await using member = connect({
    cloud: lab.cloud('member'),
    env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml },
  });
  const own = await alarms(member);
  expect(own.completeness).toBe('partial');
  expect(own.value.map((one) => one.id)).not.toContain(id);
}, 120_000);
