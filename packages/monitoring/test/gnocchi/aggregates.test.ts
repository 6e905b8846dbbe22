import { describe, expect, test } from 'vitest';
import { NOW } from '../gnocchi-cloud.ts';
import { METRIC, minutesAgo, gnocchiWith, refusalOf } from './fake-gnocchi.ts';

describe('aggregates', () => {
  const of = ['metric', METRIC, 'mean'] as const;
  const aggregating = (measures: unknown, build?: string) =>
    gnocchiWith({
      ...(build === undefined ? {} : { build }),
      more: ({ url = '' }, body) =>
        url.includes('/aggregates')
          ? {
              body: body.includes('"count"')
                ? {
                    measures: {
                      aggregated: minutesAgo(3, 2).map((point) => [...(point as unknown[]).slice(0, 2), 2]),
                    },
                  }
                : measures,
            }
          : undefined,
    });

  test.each([
    ['4.4.2', ['rateofchangesec', of], 'rateofchangesec'],
    ['4.4.99', ['max', of, 0], 'max'],
    ['4.3.1.dev38', ['*', ['rateofchangesec', of], 2], 'rateofchangesec'],
  ] as const)('%s does not have %j', async (build, operations, asked) => {
    const { gnocchi, asked: sent } = await aggregating({}, build);
    const error = await refusalOf(gnocchi.aggregates({ operations, granularity: '1m' }));
    expect(error).toMatchObject({ what: 'operator', asked, by: `Gnocchi ${build}` });
    expect(sent).toEqual([]);
  });

  test.each(['4.5.0', '4.7.0', '5.0.0', '4.10.1.dev3'])('%s has rateofchangesec', async (build) => {
    const { gnocchi } = await aggregating({ measures: { [METRIC]: { mean: minutesAgo(3, 2) } } }, build);
    const found = await gnocchi.aggregates({ operations: ['rateofchangesec', of], granularity: '1m' });
    expect(found).toMatchObject({ completeness: 'complete', value: [{ metric: METRIC, method: 'mean' }] });
  });

  test('what the archive policy of a metric does not keep is refused before it is computed with', async () => {
    const { gnocchi, asked } = await aggregating({});
    const operations = ['abs', ['metric', METRIC, 'median']] as const;
    expect(await refusalOf(gnocchi.aggregates({ operations, granularity: '1m' }))).toMatchObject({
      what: 'method',
      by: 'archive policy medium-rate',
    });
    expect(asked.filter((url) => url.includes('aggregates'))).toEqual([]);
  });

  test('a series made of several says of how many, at each time', async () => {
    const { gnocchi } = await aggregating({ measures: { aggregated: minutesAgo(3, 2) } });
    const { value, completeness } = await gnocchi.aggregates({
      operations: ['*', ['aggregate', 'sum', ['metric', 'cpu', 'mean']], 2],
      resources: { type: 'instance' },
      granularity: '1m',
    });
    expect(completeness).toBe('complete');
    expect(value).toMatchObject([{ metric: undefined, group: {} }]);
    expect([...(value[0]?.of ?? [])]).toEqual([
      [NOW - 180_000, 2],
      [NOW - 120_000, 2],
    ]);
  });

  test('if the count is refused the answer is partial: a lower sum may be a missing series', async () => {
    const { gnocchi } = await gnocchiWith({
      more: ({ url = '' }, body) =>
        url.includes('/aggregates')
          ? body.includes('"count"')
            ? { status: 500, body: '' }
            : { body: { measures: { aggregated: minutesAgo(3, 2) } } }
          : undefined,
    });
    const found = await gnocchi.aggregates({
      operations: ['aggregate', 'sum', ['metric', 'cpu', 'mean']],
      resources: { type: 'instance' },
      granularity: '1m',
    });
    expect(found).toMatchObject({ completeness: 'partial', value: [{ of: undefined }] });
    expect(found.gaps).toHaveLength(1);
  });

  test('groups: each has its series, and one that stopped makes the whole stale', async () => {
    const { gnocchi, asked } = await aggregating([
      { group: { project_id: 'a' }, measures: { measures: { r: { cpu: { mean: minutesAgo(3, 2) } } } } },
      { group: { project_id: null }, measures: { measures: { s: { cpu: { mean: minutesAgo(50, 49) } } } } },
    ]);
    const { value, completeness } = await gnocchi.aggregates({
      operations: ['metric', 'cpu', 'mean'],
      resources: { type: 'instance', search: { '=': { ended_at: null } } },
      groupBy: ['project_id'],
      granularity: '1m',
    });
    expect(completeness).toBe('stale');
    expect(
      value.map(({ group, resource, metric: name, method, isStale }) => ({
        group,
        resource,
        name,
        method,
        isStale,
      })),
    ).toEqual([
      { group: { project_id: 'a' }, resource: 'r', name: 'cpu', method: 'mean', isStale: false },
      { group: { project_id: null }, resource: 's', name: 'cpu', method: 'mean', isStale: true },
    ]);
    expect(asked[0]).toContain('groupby=project_id');
  });

  // gnocchixyz/gnocchi issue 1013: none of the resources has the metric. 400 before 4.5, 404 since.
  test.each([400, 404])('metrics that are not found (%i) are a gap, and no empty answer', async (status) => {
    const description = { cause: 'Metrics not found', detail: ['volume.size'] };
    const { gnocchi } = await gnocchiWith({
      more: ({ url = '' }) =>
        url.includes('/aggregates')
          ? { status, body: { code: status, title: 'Bad Request', description } }
          : undefined,
    });
    const found = await gnocchi.aggregates({
      operations: ['metric', 'volume.size', 'max'],
      resources: { type: 'volume' },
      granularity: '5m',
      groupBy: ['id'],
    });
    expect(found).toMatchObject({ completeness: 'failed', value: [] });
    expect(found.gaps[0]?.why).toContain('Metrics not found');
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a list of nothing known', [1]],
    ['measures that are null', { measures: null }],
    ['measures that are text', { measures: { a: 'none' } }],
    ['measures nested too deep', { measures: { a: { b: { c: { d: [] } } } } }],
    ['groups without measures', [{ group: {} }]],
  ])('%s is a gap, and no empty answer', async (_, body) => {
    const { gnocchi } = await aggregating(body);
    const found = await gnocchi.aggregates({ operations: ['metric', METRIC, 'mean'], granularity: '1m' });
    expect(found).toMatchObject({ completeness: 'failed', value: [] });
  });

  test('of more series than anybody reads the first are kept, and the rest is said to be cut', async () => {
    const series = Object.fromEntries(
      Array.from({ length: 10_001 }, (__, index) => [`r${index}`, { cpu: { mean: [] } }]),
    );
    const { gnocchi } = await aggregating({ measures: series });
    const found = await gnocchi.aggregates({
      operations: ['metric', 'cpu', 'mean'],
      resources: { type: 'instance' },
      granularity: '1m',
    });
    expect(found.value).toHaveLength(10_000);
    expect(found.completeness).toBe('partial');
    expect(found.gaps[0]?.why).toBe('1 further series are left out');
  });
});
