import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertRules, type AlertRule, type AlertRulesOptions } from '../../src/alerts.ts';
import { OWN_NAMES } from '../../src/exporter/own-metrics.ts';
import { collector, metric, metricCollectors, metricLists } from '../../src/metrics.ts';
import { DeclaredSeries } from '../../src/metrics/declared-series.ts';
import { oneLine } from '../../src/prometheus/label-text.ts';

const everything = Object.values(metricCollectors).map(({ name }) => name);
const all = alertRules({ collect: everything, ids: everything, job: 'openstack' });

const declared = new Set([
  ...OWN_NAMES,
  ...Object.values(metricCollectors).flatMap(({ metrics }) => metrics.map((each) => each.metric.name)),
]);

/** Names of metrics in an expression: what stands in quotes is none. */
const namesIn = (expr: string): string[] =>
  [...expr.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').matchAll(/(?:openstack|groundcrew)_\w+/g)].map(
    ([name]) => name,
  );

const READING = [
  'GroundcrewCollectorIncomplete',
  'GroundcrewCollectorOld',
  'GroundcrewCollectorMissing',
] as const;
const isOverReading = ({ name }: AlertRule): boolean => name.startsWith('Groundcrew');

test('every alert is over metrics that are declared, and looks at one job only', () => {
  for (const { name, expr } of all.rules) {
    const names = namesIn(expr);
    expect(names.length, name).toBeGreaterThan(0);
    expect(
      names.filter((each) => !declared.has(each)),
      name,
    ).toEqual([]);
    expect(expr.match(/job="openstack"/g)?.length, expr).toBeGreaterThanOrEqual(names.length);
  }
});

test('a metric, or a label of it, that has another name by now is refused', () => {
  const series = new DeclaredSeries();
  expect(() => series.in(metricCollectors.servers, 'groundcrew_nova_vms')).toThrow(/groundcrew_nova_vms/);
  expect(() => series.in(metricCollectors.servers, 'groundcrew_nova_servers', ['state', '=', 'x'])).toThrow(
    /no label state/,
  );
  expect(series.metrics).toEqual([]);
});

describe('an alert is silent where its figure is absent, so there is another one, as urgent', () => {
  const overFigures = all.rules.filter((rule) => !isOverReading(rule));

  test('there are alerts of both severities over figures', () => {
    expect(new Set(overFigures.map(({ severity }) => severity))).toEqual(new Set(['page', 'ticket']));
  });

  test.each(overFigures.map((rule) => [`${rule.name} ${rule.labels['quota'] ?? ''}`, rule] as const))(
    '%s',
    (_, { collectors, severity, expr }) => {
      expect(collectors).toHaveLength(1);
      for (const name of READING) {
        const beside = all.rules.filter(
          (rule) => rule.name === name && collectors.every((each) => rule.collectors.includes(each)),
        );
        expect(beside.length, name).toBe(1);
        // A page is at least as urgent as a ticket.
        expect(['page', severity], name).toContain(beside[0]?.severity);
      }
      const folded = all.rules.find(({ name }) => name === 'GroundcrewSeriesFolded');
      for (const metricName of namesIn(expr)) expect(folded?.expr).toContain(metricName);
    },
  );

  test('every collector has them, also one that no alert is over', () => {
    for (const name of READING)
      expect(
        all.rules
          .filter((rule) => rule.name === name)
          .flatMap(({ collectors }) => collectors)
          .toSorted(),
      ).toEqual(everything.toSorted());
    expect(all.rules.filter(({ name }) => name === 'GroundcrewExporterAbsent')).toMatchObject([
      { severity: 'page' },
    ]);
  });
});

describe('what is not collected', () => {
  const namesOf = (options?: AlertRulesOptions): Set<string> =>
    new Set(alertRules(options).rules.map(({ name }) => name));

  test('has no alert: quotas by default, and each collector by its own', () => {
    expect(namesOf()).not.toContain('OpenstackQuotaNearlyUsed');
    expect(namesOf({ collect: ['quotas'] })).toContain('OpenstackQuotaNearlyUsed');
    expect([...namesOf({ collect: ['servers'] })].filter((name) => name.startsWith('Openstack'))).toEqual([
      'OpenstackServersInError',
    ]);
  });

  test('series of single things have an alert only where they are asked for, all of them', () => {
    const collect = ['ip-availability'] as const;
    const used = 'openstack_neutron_network_ip_availabilities_used';
    const max = 'openstack_neutron_network_ip_availabilities_total';
    const name = 'OpenstackSubnetNearlyUsed';
    expect(namesOf({ collect })).not.toContain(name);
    expect(namesOf({ collect, ids: [used] })).not.toContain(name);
    expect(namesOf({ collect, ids: [used, max] })).toContain(name);
    expect(namesOf({ collect, ids: ['ip-availability'] })).toContain(name);
  });

  test('a collector of your own is watched for what it sees', () => {
    const paused = collector({
      name: 'paused',
      help: 'Paused servers.',
      lists: [metricLists.servers],
      metrics: [{ metric: metric({ name: 'shop_paused', help: 'Paused servers.' }), draw: () => [[1]] }],
    });
    const { rules } = alertRules({ collect: [paused] });
    expect(rules.map(({ name, severity }) => [name, severity])).toEqual([
      ['GroundcrewExporterAbsent', 'page'],
      ...READING.map((name) => [name, 'ticket']),
    ]);
  });
});

test('thresholds are those that are given', () => {
  const { rules } = alertRules({
    collect: ['pools', 'placement'],
    freeShare: 0.05,
    usedShare: 0.8,
    old: '1h',
  });
  const exprOf = (name: string): string | undefined => rules.find((rule) => rule.name === name)?.expr;
  expect(exprOf('OpenstackPoolNearlyFull')).toBe('groundcrew_cinder_pool_free_ratio < 0.05');
  expect(exprOf('OpenstackPoolPromisedAway')).toBe('groundcrew_cinder_pool_promisable_ratio < 0.05');
  expect(exprOf('OpenstackResourcesNearlyUsed')).toMatch(/> 0\.8$/);
  expect(exprOf('GroundcrewCollectorOld')).toMatch(/> 3600$/);
});

describe('texts that mean something elsewhere', () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      '{{ $value }}',
      '{{{',
      '"',
      '\\',
      '"} or vector(1) #',
      'a: b',
      '- x',
      "'",
      '%',
      '{{',
      '}}',
    ),
    fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
  );

  test('a job stays one string of PromQL, and a label one of YAML that is no template', () => {
    fc.assert(
      fc.property(hostile, hostile, (job, team) => {
        // What has a line of its own is refused at the door.
        fc.pre(oneLine.safeParse(job).success && oneLine.safeParse(team).success);
        const rules = alertRules({ collect: ['servers'], job, labels: { team } });
        for (const { expr, labels } of rules.rules) {
          expect(expr).toContain(`job=${JSON.stringify(job)}`);
          expect(labels['team']).toBe(team);
        }
        const lines = rules.toPrometheusRules().split('\n');
        const written = lines.filter((line) => line.startsWith('          team: '));
        expect(written).toHaveLength(rules.rules.length);
        for (const line of written) {
          const value = JSON.parse(line.slice('          team: '.length)) as string;
          // Each brace that would begin an action is the text of an action that says it.
          expect(value.replaceAll('{{ "{{" }}', '')).not.toContain('{{');
          expect(value.replaceAll('{{ "{{" }}', '{{')).toBe(team);
        }
      }),
    );
  });

  test.each([
    [{ job: 'a\nb' }, 'job'],
    [{ job: '' }, 'job'],
    [{ labels: { severity: 'none' } }, 'labels'],
    [{ labels: { 'te am': 'x' } }, 'labels'],
    [{ labels: { team: 'a\u2028b' } }, 'labels'],
    [{ freeShare: 15 }, 'freeShare'],
    [{ usedShare: 0 }, 'usedShare'],
    [{ old: '0s' }, 'old'],
    [{ collect: ['servers'], ids: ['volumes'] }, 'ids.0'],
    [{ folded: true }, 'folded'],
  ])('%j is refused by its field', (options, field) => {
    expect(() => alertRules(options as never)).toThrow(
      expect.objectContaining({ code: 'input', field: expect.stringContaining(field) }),
    );
  });
});
