import { expect, test } from 'vitest';
import { assess, observeMeasured } from '../../src/index.ts';
import { type Answer, cloudWith } from '../gnocchi-cloud.ts';

const instance = (id: string) => ({
  id,
  original_resource_id: id,
  type: 'instance',
  ended_at: null,
  metrics: { vcpus: `m-${id}`, cpu: `c-${id}` },
});
const group = (id: string, points: unknown[]) => ({
  group: { original_resource_id: id },
  measures: { measures: { [id]: { vcpus: { mean: points } } } },
});

const gnocchi = (aggregates: Answer) =>
  cloudWith(({ url = '', method }) => {
    if (method === 'POST' && url.startsWith('/metric/aggregates')) return aggregates;
    if (!url.startsWith('/metric/resource/instance')) return { body: [] };
    return { body: url.includes('marker=b') ? [] : [instance('a'), instance('b')] };
  });

test('a pipeline that died a year ago: the series are there, and nothing is measured', async () => {
  const cloud = await gnocchi({
    body: [group('a', [['2026-11-29T02:25:00+00:00', 300, 1]]), group('b', [])],
  });
  const { value, completeness } = await observeMeasured(cloud);
  expect(completeness).toBe('complete');
  expect([...value.servers]).toEqual(['a', 'b']);
  expect([...value.fresh.servers]).toEqual(['a']);
  expect(value.since).toBe('2026-11-29T00:30:00.000Z');
});

test('how old a value may be is asked of Gnocchi', async () => {
  const asked: string[] = [];
  const cloud = await cloudWith(({ url = '' }) => {
    asked.push(url);
    if (url.startsWith('/metric/aggregates')) return { body: [] };
    return { body: url.includes('instance') && !url.includes('marker') ? [instance('a')] : [] };
  });
  await observeMeasured(cloud, { freshness: 600_000 });
  expect(asked.filter((url) => url.includes('aggregates'))).toEqual([
    '/metric/aggregates?groupby=original_resource_id&start=2026-11-29T02%3A20%3A00.000Z&needed_overlap=0',
  ]);
});

test('a Gnocchi that does not say whether they are fresh leaves a gap, and no pass', async () => {
  const cloud = await gnocchi({ status: 400, body: { cause: 'Metrics not found' } });
  const measured = await observeMeasured(cloud);
  expect(measured.completeness).toBe('failed');
  const seen = { at: measured.at, source: 'x', completeness: 'complete', gaps: [] } as const;
  const none = { ...seen, value: [] };
  const servers = { ...seen, value: [{ id: 'a', name: 'a', status: 'ACTIVE' }] as never };
  const inventory = {
    servers,
    volumes: none,
    snapshots: none,
    backups: none,
    images: none,
    ports: none,
    floatingIps: none,
  };
  const finding = assess({ inventory, measured, pools: none }).find(
    ({ id, subject }) => id === 'monitoring.not-measured' && subject.id === 'servers',
  );
  expect(finding?.verdict).toBe('unknown');
});

test('a catalogue without it says that there is none; another region says nothing', async () => {
  const without = await cloudWith(() => undefined, ['compute']);
  expect(await observeMeasured(without)).toMatchObject({
    completeness: 'complete',
    value: { telemetry: false },
  });
  const none = await cloudWith(() => undefined, []);
  expect((await observeMeasured(none)).completeness).toBe('failed');
});

// gnocchi/indexer/sqlalchemy_base.py, `ResourceJsonifier`: `metrics` is empty of a resource without any, and left out where they
// were not loaded. A Gnocchi that answers series of another form says nothing of what is measured either.
test.each<[string, object, unknown]>([
  ['resources without their metrics', { metrics: undefined }, [group('a', [])]],
  ['metrics that are null', { metrics: null }, [group('a', [])]],
  ['series that are null', {}, [{ ...group('a', []), measures: { measures: null } }]],
  ['series that are left out', {}, [{ ...group('a', []), measures: {} }]],
  ['series that are a text', {}, [{ ...group('a', []), measures: { measures: { a: 'none' } } }]],
])('%s: a gap, and nobody is said to be unmeasured', async (_, parts, groups) => {
  const cloud = await cloudWith(({ url = '', method }) => {
    if (method === 'POST') return { body: groups };
    if (!url.startsWith('/metric/resource/instance') || url.includes('marker')) return { body: [] };
    return { body: [{ ...instance('a'), ...parts }] };
  });
  const measured = await observeMeasured(cloud);
  expect(measured.completeness).not.toBe('complete');
  expect(measured.gaps).toHaveLength(1);
});
