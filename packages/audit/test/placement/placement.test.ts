import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  admit,
  assessPlacement,
  canRun,
  definePlacementRule,
  encryption,
  legalLocations,
  licence,
  type Location,
  type PlacementRule,
  residency,
  schedulerRules,
  serverGroup,
  tenancy,
  traits,
  aggregateProperties,
  type Workload,
} from '../../src/placement.ts';
import { location, stock, workload, snapshot } from './small-site.ts';

const room = location('h1').stock;
const said = (
  rule: PlacementRule,
  one: Partial<Workload>,
  place: Partial<Location> = {},
  others: readonly Workload[] = [],
) => canRun(workload('w', one), location('h9', place), snapshot([], others), [rule]);

describe('rules', () => {
  const eu = residency({ values: z.enum(['eu', 'us']) });

  test('residency: by label, strictly; what was not seen is unknown', () => {
    expect(said(eu, { labels: { residency: 'eu' } }, { labels: { residency: 'eu,us' } })).toEqual({
      answer: 'yes',
    });
    expect(said(eu, { labels: { residency: 'eu' } }, { labels: { residency: 'us' } })).toMatchObject({
      answer: 'no',
      because: [{ rule: 'residency', why: 'h9 is residency us, and it needs eu' }],
    });
    expect(said(eu, { labels: { residency: 'eu' } }, { labels: {} }).answer).toBe('no');
    expect(said(eu, { labels: { residency: 'mars' } }, { labels: { residency: 'mars' } }).answer).toBe(
      'unknown',
    );
    expect(said(eu, { labels: undefined }).answer).toBe('unknown');
    expect(said(eu, { labels: { residency: 'eu' } }, { labels: undefined }).answer).toBe('unknown');
    expect(said(eu, { labels: {} }).answer).toBe('yes');
    expect(said(residency({ required: true }), { labels: {} }).answer).toBe('unknown');
  });

  test('licence', () => {
    const windows = licence({ licensed: ['windows'] });
    expect(
      said(windows, { image_properties: { os_distro: 'windows' } }, { labels: { licences: 'windows,rhel' } })
        .answer,
    ).toBe('yes');
    expect(said(windows, { image_properties: { os_distro: 'windows' } }).answer).toBe('no');
    expect(said(windows, { image_properties: { os_distro: 'debian' } }).answer).toBe('yes');
    expect(said(windows, { image_properties: undefined }).answer).toBe('unknown');
  });

  test('tenancy: both ways', () => {
    expect(said(tenancy(), {}, { labels: { filter_tenant_id: 'bank' } }).answer).toBe('no');
    expect(
      said(tenancy(), {}, { labels: { filter_tenant_id: 'bank', filter_tenant_id_2: 'shop' } }).answer,
    ).toBe('yes');
    expect(said(tenancy(), { labels: { tenancy: 'dedicated' } }).answer).toBe('no');
    expect(
      said(tenancy(), { labels: { tenancy: 'dedicated' } }, { labels: { filter_tenant_id: 'shop' } }).answer,
    ).toBe('yes');
  });

  test('encryption: of volumes and of the local disk', () => {
    const must = { labels: { encryption: 'required' } };
    const volumes = (encrypted: boolean | undefined) => [{ id: 'v', encrypted }];
    expect(said(encryption(), { ...must, onVolume: true, volumes: volumes(true) }).answer).toBe('yes');
    expect(said(encryption(), { ...must, onVolume: true, volumes: volumes(false) }).answer).toBe('no');
    expect(said(encryption(), { ...must, onVolume: true, volumes: volumes(undefined) }).answer).toBe(
      'unknown',
    );
    expect(said(encryption(), { ...must, volumes: volumes(true) }).answer).toBe('no');
    expect(said(encryption(), { ...must, volumes: undefined }).answer).toBe('unknown');
  });

  test('traits of flavor and image', () => {
    const wants = {
      extra_specs: { 'trait:HW_CPU_X86_AVX2': 'required' },
      image_properties: { 'trait:CUSTOM_LOUD': 'forbidden' },
    };
    expect(said(traits(), wants, { traits: ['HW_CPU_X86_AVX2'] }).answer).toBe('yes');
    expect(said(traits(), wants, { traits: [] }).answer).toBe('no');
    expect(said(traits(), wants, { traits: ['HW_CPU_X86_AVX2', 'CUSTOM_LOUD'] }).answer).toBe('no');
    expect(said(traits(), wants, { traits: undefined }).answer).toBe('unknown');
  });

  test('aggregate properties, with the operators of Nova', () => {
    const rule = aggregateProperties();
    const wants = (spec: string) => ({ extra_specs: { 'aggregate_instance_extra_specs:disk': spec } });
    expect(said(rule, wants('ssd'), { labels: { disk: 'ssd' } }).answer).toBe('yes');
    expect(said(rule, wants('<or> ssd <or> nvme'), { labels: { disk: 'nvme' } }).answer).toBe('yes');
    expect(said(rule, wants('s!= hdd'), { labels: { disk: 'ssd' } }).answer).toBe('yes');
    expect(said(rule, wants('>= 100'), { labels: { disk: '90' } }).answer).toBe('no');
    expect(said(rule, wants('ssd'), {}).answer).toBe('no');
  });

  test('server groups', () => {
    const group = (policy: string) => ({ id: 'g', policy, members: ['w', 'x'] });
    const there = [workload('x', { host: 'h9' })];
    const away = [workload('x', { host: 'h8' })];
    expect(said(serverGroup(), { group: group('anti-affinity') }, {}, there).answer).toBe('no');
    expect(said(serverGroup(), { group: group('anti-affinity') }, {}, away).answer).toBe('yes');
    expect(said(serverGroup(), { group: group('affinity') }, {}, away).answer).toBe('no');
    expect(said(serverGroup(), { group: group('soft-affinity') }, {}, away).answer).toBe('yes');
    expect(
      said(serverGroup(), { group: group('affinity') }, {}, [workload('x', { host: undefined })]).answer,
    ).toBe('unknown');
  });

  test('a rule that throws says nothing, and nothing is no yes', () => {
    const broken = definePlacementRule({
      id: 'mine',
      severity: 'low',
      title: 'mine',
      allows: () => {
        throw new Error('oops');
      },
    });
    expect(said(broken, {})).toEqual({
      answer: 'unknown',
      because: [{ rule: 'mine', why: 'the rule failed: oops' }],
    });
  });
});

describe('legal locations', () => {
  const rules = [...schedulerRules, residency()];

  test('the cheapest move first: in the zone before across it, live before cold, the emptier before the full', () => {
    const here = location('h1', { labels: { residency: 'us' } });
    const places = [
      here,
      location('h2', { labels: { residency: 'eu' }, zone: 'b' }),
      location('h3', {
        labels: { residency: 'eu' },
        stock: { ...room, MEMORY_MB: stock(32_768, { used: 20_000 }) },
      }),
      location('h4', { labels: { residency: 'eu' } }),
      location('h5', { labels: { residency: 'us' } }),
      location('h6', { labels: { residency: 'eu' }, enabled: false }),
      location('h7', { labels: undefined }),
    ];
    const one = workload('w', { labels: { residency: 'eu' }, onVolume: true });
    const { legal, unknown, illegal } = legalLocations(one, snapshot(places, [one]), rules);
    expect(legal.map(({ location: { host }, cost }) => [host, cost.method])).toEqual([
      ['h4', 'live'],
      ['h3', 'live'],
      ['h2', 'shelve'],
    ]);
    expect(legal[0]?.cost).toEqual({ method: 'live', bytes: 4_096 * 1_048_576, downtime: 'moment' });
    expect(unknown.map(({ location: { host } }) => host)).toEqual(['h7']);
    expect(illegal.map(({ location: { host } }) => host)).toEqual(['h1', 'h5', 'h6']);
    const cold = legalLocations(
      { ...one, status: 'SHUTOFF', onVolume: false },
      snapshot(places, [one]),
      rules,
    );
    expect(cold.legal[0]?.cost).toMatchObject({ method: 'cold', bytes: 20 * 1_073_741_824 });
  });

  test('where there is none, it says what comes nearest', () => {
    const full = location('h2', {
      labels: { residency: 'eu' },
      stock: { ...room, MEMORY_MB: stock(4_096, { used: 4_000 }) },
    });
    const one = workload('w', { labels: { residency: 'eu' } });
    const places = [
      location('h1', { labels: { residency: 'us' } }),
      full,
      location('h3', { up: false, labels: {} }),
    ];
    const { legal, nearest } = legalLocations(one, snapshot(places, [one]), rules);
    expect(legal).toEqual([]);
    expect(nearest).toContain('h2, but for: h2 has no room for 4096 MEMORY_MB');
    expect(nearest.join()).not.toContain('h3');
  });

  test('legal is what brute force finds legal, and nothing else', () => {
    const label = fc.constantFrom(
      undefined,
      {},
      { residency: 'eu' },
      { residency: 'us' },
      { filter_tenant_id: 'shop' },
      { filter_tenant_id: 'bank', residency: 'eu' },
    );
    const place = fc.record({
      labels: label,
      zone: fc.constantFrom('a', 'b', undefined),
      enabled: fc.boolean(),
      up: fc.boolean(),
      used: fc.constantFrom(0, 30_000),
      traits: fc.constantFrom<readonly string[] | undefined>(undefined, [], ['T']),
    });
    const wish = fc.record({
      labels: label,
      zone: fc.constantFrom(undefined, 'a'),
      extra_specs: fc.constantFrom<Record<string, string>>(
        {},
        { 'trait:T': 'required' },
        { 'trait:T': 'forbidden' },
      ),
    });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 6 }), wish, (places, wanted) => {
        const one = workload('w', { ...wanted, host: undefined });
        const locations = places.map(({ used, ...parts }, index) =>
          location(`h${index}`, { ...parts, stock: { ...room, MEMORY_MB: stock(32_768, { used }) } }),
        );
        const { legal } = legalLocations(one, snapshot(locations, [one]), rules);
        const brute = locations.filter((at, index) => {
          const owner =
            at.labels !== undefined && 'filter_tenant_id' in at.labels
              ? at.labels['filter_tenant_id']
              : undefined;
          const needs =
            wanted.labels !== undefined && 'residency' in wanted.labels
              ? wanted.labels['residency']
              : undefined;
          const offers =
            at.labels !== undefined && 'residency' in at.labels ? at.labels['residency'] : undefined;
          const trait = wanted.extra_specs['trait:T'];
          return (
            at.up &&
            at.enabled &&
            at.labels !== undefined &&
            wanted.labels !== undefined &&
            (owner === undefined || owner === 'shop') &&
            (needs === undefined || needs === offers) &&
            (wanted.zone === undefined || at.zone === wanted.zone) &&
            (trait === undefined ||
              (at.traits !== undefined && at.traits.includes('T') === (trait === 'required'))) &&
            places[index]?.used === 0
          );
        });
        expect(new Set(legal.map(({ location: { host } }) => host))).toEqual(
          new Set(brute.map(({ host }) => host)),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('the whole cloud', () => {
  test('what breaks a rule fails with where it could go; what all keep passes', () => {
    const rules = [...schedulerRules, residency()];
    const places = [
      location('h1', { labels: { residency: 'us' } }),
      location('h2', { labels: { residency: 'eu' } }),
    ];
    const workloads = [
      workload('good', { host: 'h2', labels: { residency: 'eu' } }),
      workload('bad', { labels: { residency: 'eu' } }),
    ];
    const findings = assessPlacement(snapshot(places, workloads), rules);
    const failed = findings.filter(({ verdict }) => verdict === 'fail');
    expect(failed).toMatchObject([
      {
        id: 'audit.placement.residency',
        severity: 'critical',
        subject: { id: 'bad' },
        remedy: 'Move it to h2: live-block.',
      },
    ]);
    expect(findings.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id)).toContain(
      'audit.placement.tenancy',
    );
  });

  test('a server whose host is not shown, and a cloud without servers: nothing passes', () => {
    const findings = assessPlacement(
      snapshot([location('h1')], [workload('w', { host: undefined })]),
      schedulerRules,
    );
    expect(findings.every(({ verdict }) => verdict === 'unknown')).toBe(true);
    expect(assessPlacement(snapshot([]), schedulerRules).every(({ verdict }) => verdict === 'unknown')).toBe(
      true,
    );
  });
});

describe('admission', () => {
  const applicant = {
    name: 'new',
    project_id: 'shop',
    flavor: { vcpus: 1, ram: 512, disk: 1 },
    image_properties: {},
    metadata: { residency: 'eu' },
  };
  const rules = [...schedulerRules, residency()];

  test('admitted, with the zone if only that is legal', () => {
    const places = [
      location('h1', { labels: { residency: 'us' } }),
      location('h2', { zone: 'b', labels: { residency: 'eu' } }),
    ];
    expect(admit(applicant, snapshot(places), { rules })).toMatchObject({
      admitted: true,
      availability_zone: 'b',
    });
  });

  test('refused where there is no place; unknown is a no unless the policy says otherwise', () => {
    expect(admit(applicant, snapshot([location('h1')]), { rules })).toMatchObject({
      admitted: false,
      refusal: { code: 'audit.no-legal-place', reason: expect.stringContaining('h1, but for') as string },
    });
    const blind = snapshot([location('h1', { labels: undefined })]);
    expect(admit(applicant, blind, { rules })).toMatchObject({
      admitted: false,
      refusal: { code: 'audit.place-unknown' },
    });
    expect(admit(applicant, blind, { rules, unknown: 'admit' })).toMatchObject({ admitted: true });
  });
});

test('a thousand hosts and twenty thousand servers are judged while one waits', () => {
  const places = Array.from({ length: 1_000 }, (_, index) =>
    location(`h${index}`, { labels: { residency: index % 2 === 0 ? 'eu' : 'us' } }),
  );
  const workloads = Array.from({ length: 20_000 }, (_, index) =>
    workload(`w${index}`, {
      host: `h${index % 1_000}`,
      labels: index % 1_000 === 0 ? { residency: 'us' } : {},
    }),
  );
  const findings = assessPlacement(snapshot(places, workloads), [...schedulerRules, residency()]);
  expect(findings.filter(({ verdict }) => verdict === 'fail')).toHaveLength(20);
});
