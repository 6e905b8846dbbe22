import { InputError } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { gnocchiFor, type GnocchiMeasuresOptions, UnsupportedAggregationError } from '../../src/gnocchi.ts';
import { type Answer, cloudWith, NOW } from '../gnocchi-cloud.ts';
import { metric } from './answers.ts';
import { METRIC, iso, minutesAgo, gnocchiWith, refusalOf } from './fake-gnocchi.ts';

test('the release comes from the version document, the methods from the capabilities', async () => {
  const { gnocchi } = await gnocchiWith();
  expect(gnocchi.server).toMatchObject({
    completeness: 'complete',
    value: { version: '4.4.2', aggregationMethods: ['max', 'mean', 'median', 'rate:mean'] },
  });
});

describe('measures', () => {
  test('a series that lives has a latest value', async () => {
    const { gnocchi, asked } = await gnocchiWith({ measures: { body: minutesAgo(4, 3, 2) } });
    const found = await gnocchi.measures({ metric: METRIC, granularity: '1m', from: '2026-11-29T02:00:00' });
    expect(found).toMatchObject({
      completeness: 'complete',
      gaps: [],
      value: {
        isStale: false,
        latest: { at: NOW - 120_000, value: 2 },
        granularityMs: 60_000,
        method: 'mean',
      },
    });
    expect(asked).toEqual([
      `/metric/v1/metric/${METRIC}`,
      `/metric/v1/metric/${METRIC}/measures?aggregation=mean&granularity=60&start=2026-11-29T02%3A00%3A00.000Z&stop=2026-11-29T02%3A30%3A00.000Z`,
    ]);
  });

  test('one that stopped is stale, and has none', async () => {
    const { gnocchi } = await gnocchiWith({ measures: { body: minutesAgo(7, 6, 5, 4) } });
    const { completeness, value } = await gnocchi.measures({ metric: METRIC, granularity: '1m' });
    expect(completeness).toBe('stale');
    expect(value).toMatchObject({ isStale: true, latest: undefined, newestAt: '2026-11-29T02:27:00.000Z' });
  });

  test('no points are a series that has stopped, and no pass', async () => {
    const { gnocchi } = await gnocchiWith();
    const { completeness, value } = await gnocchi.measures({ metric: METRIC });
    expect(completeness).toBe('stale');
    expect(value?.points).toEqual([]);
  });

  test.each([
    [
      { method: 'max', granularity: '5m' },
      { what: 'granularity', available: ['60s', '3600s'] },
    ],
    [{ method: 'median' }, { what: 'method', by: 'archive policy medium-rate' }],
    [
      { method: 'nonsense' },
      { what: 'method', by: 'Gnocchi 4.4.2', available: ['max', 'mean', 'median', 'rate:mean'] },
    ],
  ] as const)('%j is refused, and no measures are asked for', async (more, facts) => {
    const { gnocchi, asked } = await gnocchiWith();
    const error = await refusalOf(gnocchi.measures({ metric: METRIC, ...more }));
    expect(error).toBeInstanceOf(UnsupportedAggregationError);
    expect(error).toMatchObject({ code: 'unsupported-aggregation', ...facts });
    expect(asked.filter((url) => url.includes('measures'))).toEqual([]);
  });

  test('more points than anybody reads are refused before they are asked for', async () => {
    const { gnocchi, asked } = await gnocchiWith();
    const error = await refusalOf(
      gnocchi.measures({ metric: METRIC, granularity: '1m', from: '2020-01-01T00:00:00Z' }),
    );
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ field: 'from' });
    expect(asked.filter((url) => url.includes('measures'))).toEqual([]);
  });

  test.each([
    [{ from: '2026-11-29T03:00:00Z' }, 'from'],
    [{ from: 'yesterday' }, 'from'],
    [{ granularity: '5 minutes' }, 'granularity'],
    [{ metric: '' }, 'metric'],
    [{ misspelt: 1 }, 'misspelt'],
  ])('%j is an InputError', async (more, field) => {
    const { gnocchi } = await gnocchiWith();
    const error = await refusalOf(gnocchi.measures({ metric: METRIC, ...more } as GnocchiMeasuresOptions));
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ field });
  });

  // A resource's id that is no UUID is made of its text and its creator: only a search finds another's.
  test('the resource of a disk is found by its text', async () => {
    const { gnocchi, asked } = await gnocchiWith({
      measures: { body: minutesAgo(2) },
      more: ({ url = '' }, body) => {
        if (url === '/metric/v1/search/resource/instance_disk')
          return {
            body:
              JSON.parse(body)['='].original_resource_id === 'server-vda'
                ? [{ id: '5e6e2a91-9ac2-5b8a-8a3c-2c1d5a4b7e10' }]
                : [],
          };
        return url.endsWith('5e6e2a91-9ac2-5b8a-8a3c-2c1d5a4b7e10/metric/disk.device.read.bytes')
          ? { body: metric }
          : undefined;
      },
    });
    const of = { metric: 'disk.device.read.bytes', type: 'instance_disk' };
    const found = await gnocchi.measures({ ...of, resource: 'server-vda' });
    expect(found.value?.points).toHaveLength(1);
    expect(asked).toHaveLength(3);
    const none = await gnocchi.measures({ ...of, resource: 'server-vdb' });
    expect(none).toMatchObject({
      completeness: 'failed',
      value: undefined,
      gaps: [{ why: 'Gnocchi has no resource server-vdb that this user is shown' }],
    });
  });
});

// What Gnocchi, and what stands before it, may answer instead of measures.
const odd: [string, Answer, string][] = [
  ['403', { status: 403, body: { code: 403, title: 'Forbidden', description: '' } }, 'denied'],
  // A metric that is gone, and since 2025 also one that this user is not shown.
  [
    '404',
    { status: 404, body: { code: 404, title: 'Not Found', description: 'Metric x does not exist' } },
    'failed',
  ],
  ['500', { status: 500, body: '' }, 'failed'],
  ['503', { status: 503, body: 'Unable to refresh metric' }, 'failed'],
  ['null', { body: null }, 'failed'],
  ['an object', { body: {} }, 'failed'],
  ['a text', { body: 'no measures' }, 'failed'],
  ['a point that is none', { body: [...minutesAgo(2), ['yesterday', 60, 1]] }, 'failed'],
  ['a value that is a text', { body: [[iso(NOW - 120_000), 60, '1']] }, 'failed'],
  ['a span of no length', { body: [[iso(NOW - 120_000), 0, 1]] }, 'failed'],
];

test.each(odd)('measures: %s leaves a gap, and no series', async (_, measures, completeness) => {
  const { gnocchi } = await gnocchiWith({ measures });
  const found = await gnocchi.measures({ metric: METRIC });
  expect(found).toMatchObject({ completeness, value: undefined });
  expect(found.gaps).toHaveLength(1);
});

test.each(odd)(
  'archive policies and resources: %s leaves a gap, and no empty list as truth',
  async (_, answer) => {
    const { gnocchi } = await gnocchiWith({
      more: ({ url = '' }) => (/archive_policy|resource/.test(url) ? answer : undefined),
    });
    for (const found of [await gnocchi.archivePolicies(), await gnocchi.resources()]) {
      expect(found.completeness).not.toBe('complete');
      expect(found.gaps).toHaveLength(1);
      expect(found.value).toEqual([]);
    }
  },
);

test('a cloud without Gnocchi is unsupported, whatever is asked', async () => {
  const cloud = await cloudWith(() => undefined, ['compute']);
  const gnocchi = await gnocchiFor(cloud);
  const found = [
    gnocchi.server,
    await gnocchi.measures({ metric: METRIC }),
    await gnocchi.aggregates({ operations: ['metric', METRIC, 'mean'], granularity: '1m' }),
    await gnocchi.resources(),
    await gnocchi.archivePolicies(),
  ];
  expect(found.map(({ completeness }) => completeness)).toEqual(found.map(() => 'unsupported'));
});

test('a proxy that hides the root leaves a gap, and nothing is refused for its sake', async () => {
  const { gnocchi } = await gnocchiWith({
    more: ({ url = '' }) =>
      url.includes('aggregates') ? { status: 400, body: { cause: 'Invalid input' } } : undefined,
    build: '',
  });
  expect(gnocchi.server.value.version).toBeUndefined();
  const found = await gnocchi.aggregates({
    operations: ['rateofchangesec', ['metric', METRIC, 'mean']],
    granularity: '1m',
  });
  expect(found).toMatchObject({ completeness: 'failed', value: [] });
});

test('resources come with their metrics; those that ended say so', async () => {
  const { gnocchi } = await gnocchiWith({
    more: ({ url = '' }) =>
      url.startsWith('/metric/v1/resource/instance')
        ? {
            body: url.includes('marker')
              ? []
              : [
                  {
                    id: 'a',
                    original_resource_id: 'a',
                    type: 'instance',
                    project_id: 'p',
                    ended_at: '2026-11-28T10:00:00+00:00',
                    metrics: { cpu: METRIC },
                    display_name: 'web',
                  },
                ],
          }
        : undefined,
  });
  const { value, completeness } = await gnocchi.resources({ type: 'instance' });
  expect(completeness).toBe('complete');
  expect(value).toMatchObject([
    { id: 'a', originalId: 'a', type: 'instance', projectId: 'p', endedAt: '2026-11-28T10:00:00.000Z' },
  ]);
  expect(value[0]?.metrics.get('cpu')).toBe(METRIC);
  expect(value[0]?.attributes['display_name']).toBe('web');
});

test('a list of resources without end is cut', async () => {
  let page = 0;
  const { gnocchi } = await gnocchiWith({
    more: ({ url = '' }) =>
      url.startsWith('/metric/v1/resource/') ? { body: [{ id: `r${(page += 1)}`, metrics: {} }] } : undefined,
  });
  const found = await gnocchi.resources();
  expect(found).toMatchObject({ completeness: 'partial', gaps: [{ kind: 'cut' }] });
}, 60_000);
