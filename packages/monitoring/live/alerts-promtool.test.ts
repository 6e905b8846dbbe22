// Prometheus' own promtool reads the rules, and computes them over series as an exporter shows them: what fires, what it
// says, and what does not fire. Names come from a hostile cloud.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { alertRules, type AlertRules } from '../src/alerts.ts';
import { metricCollectors } from '../src/metrics.ts';
import { runPromtool } from './promtool.ts';

const everything = Object.values(metricCollectors).map(({ name }) => name);

/** By the name of an alert, the labels and the summary of each that fires. */
type Firing = Readonly<
  Record<string, readonly { readonly labels: Readonly<Record<string, string>>; readonly summary: string }[]>
>;

interface Case {
  readonly rules: AlertRules;
  /** By selector the values of an hour, one in a minute, in promtool's words. */
  readonly series: Readonly<Record<string, string>>;
  readonly at?: string;
  readonly firing: Firing;
}

async function promtool({ rules, series, at = '50m', firing }: Case): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alerts-'));
  try {
    const file = path.join(folder, 'rules.yml');
    await writeFile(file, rules.toPrometheusRules());
    const checked = await runPromtool(['check', 'rules', file]);
    if (!checked.passed) return checked.output;
    const runbooks = new Map(rules.rules.map(({ name, runbook }) => [name, runbook]));
    const names = new Set([...rules.rules.map(({ name }) => name), ...Object.keys(firing)]);
    const expected = [...names].map((alertname) => ({
      eval_time: at,
      alertname,
      exp_alerts: (firing[alertname] ?? []).map(({ labels, summary }) => ({
        exp_labels: labels,
        exp_annotations: { summary, runbook: runbooks.get(alertname) },
      })),
    }));
    const input = Object.entries(series).map(([each, values]) => ({ series: each, values }));
    const tested = path.join(folder, 'test.yml');
    // JSON is YAML.
    await writeFile(
      tested,
      JSON.stringify({
        rule_files: ['rules.yml'],
        evaluation_interval: '1m',
        tests: [{ interval: '1m', input_series: input, alert_rule_test: expected }],
      }),
    );
    const { passed, output } = await runPromtool(['test', 'rules', tested]);
    return passed ? 'passed' : output;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const always = (value: number): string => `${value}x60`;

/** What an exporter shows of itself while it sees everything. */
const seeing = (collectors: readonly string[], more: Readonly<Record<string, string>> = {}) => ({
  'groundcrew_readings_total{result="done"}': '0+1x60',
  groundcrew_round_calls: always(9),
  ...Object.fromEntries(
    collectors.flatMap((name) => [
      [`groundcrew_collector_complete{collector="${name}"}`, always(1)],
      [`groundcrew_collector_age_seconds{collector="${name}"}`, always(20)],
    ]),
  ),
  ...more,
});

test('promtool is content with the rules of all collectors, and knows how many there are', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'alerts-'));
  try {
    const file = path.join(folder, 'rules.yml');
    for (const options of [{}, { job: 'openstack', labels: { team: '{{ $value }} "x" {{{' } }]) {
      const rules = alertRules({ collect: everything, ids: everything, ...options });
      await writeFile(file, rules.toPrometheusRules());
      const { passed, output } = await runPromtool(['check', 'rules', file]);
      expect(output).toContain(`SUCCESS: ${rules.rules.length} rules found`);
      expect(output).not.toMatch(/duplicate|FAILED/i);
      expect(passed).toBe(true);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a healthy cloud is quiet', async () => {
  const rules = alertRules({ collect: everything, ids: everything });
  const series = seeing(everything, {
    'groundcrew_nova_servers{status="ACTIVE",project_id="p"}': always(9),
    'openstack_nova_agent_state{adminState="enabled",service="nova-compute",hostname="c1"}': always(1),
    'openstack_nova_agent_state{adminState="disabled",service="nova-compute",hostname="c2"}': always(0),
    'openstack_nova_limits_vcpus_used{tenant="t",tenant_id="i"}': always(90),
    'openstack_nova_limits_vcpus_max{tenant="t",tenant_id="i"}': always(100),
    // Nothing of nothing is not nearly used, and where there is no limit the series of it is absent.
    'openstack_nova_limits_instances_used{tenant="t",tenant_id="i"}': always(0),
    'openstack_nova_limits_instances_max{tenant="t",tenant_id="i"}': always(0),
    'openstack_nova_limits_memory_used{tenant="t",tenant_id="i"}': always(1e9),
    'groundcrew_cinder_pool_free_ratio{name="a"}': always(0.15),
    'groundcrew_cinder_pool_promisable_ratio{name="a"}': always(0.2),
    'groundcrew_cinder_pool_room_known{name="a"}': always(1),
  });
  expect(await promtool({ rules, series, firing: {} })).toBe('passed');
});

describe('what is wrong', () => {
  test('a service that is enabled and does not report, after five minutes', async () => {
    const rules = alertRules({ collect: ['services'] });
    const labels = { adminState: 'enabled', hostname: 'c1', service: 'nova-compute' };
    const series = seeing(['compute-services', 'volume-services', 'network-agents'], {
      'openstack_nova_agent_state{adminState="enabled",hostname="c1",service="nova-compute"}': '1x40 0x20',
    });
    expect(await promtool({ rules, series, at: '45m', firing: {} })).toBe('passed');
    const firing = {
      OpenstackComputeServiceDown: [
        {
          labels: { ...labels, severity: 'page' },
          summary: 'Nova: "nova-compute" on "c1" is enabled and does not report',
        },
      ],
    };
    expect(await promtool({ rules, series, at: '46m', firing })).toBe('passed');
  });

  test('pools: nearly full, promised away, telling nothing', async () => {
    const rules = alertRules({ collect: ['pools'] });
    const series = seeing(['pools'], {
      'groundcrew_cinder_pool_free_ratio{name="full"}': always(0.04),
      // Promised beyond what it may: nothing is left of its promises.
      'groundcrew_cinder_pool_promisable_ratio{name="thin"}': always(0),
      'groundcrew_cinder_pool_room_known{name="mute"}': always(0),
    });
    const one = (name: string, summary: string) => [{ labels: { name, severity: 'ticket' }, summary }];
    const firing = {
      OpenstackPoolNearlyFull: one('full', 'The pool "full" has 4% left, without what is reserved'),
      OpenstackPoolPromisedAway: one(
        'thin',
        'The thin pool "thin" has promised nearly all that it may: 0% are left',
      ),
      OpenstackPoolTellsNothing: one('mute', 'How full the pool "mute" is, its driver does not tell'),
    };
    expect(await promtool({ rules, series, firing })).toBe('passed');
  });

  test('quotas: what is reserved counts, each kind of its own', async () => {
    const rules = alertRules({ collect: ['quotas'] });
    const series = seeing(['compute-quotas', 'volume-quotas', 'network-quotas'], {
      'openstack_nova_limits_vcpus_used{tenant="t",tenant_id="i"}': always(96),
      'openstack_nova_limits_vcpus_max{tenant="t",tenant_id="i"}': always(100),
      'openstack_neutron_quota_port{type="used",tenant="t",tenant_id="i"}': always(80),
      'openstack_neutron_quota_port{type="reserved",tenant="t",tenant_id="i"}': always(12),
      'openstack_neutron_quota_port{type="limit",tenant="t",tenant_id="i"}': always(100),
      'openstack_neutron_quota_router{type="used",tenant="t",tenant_id="i"}': always(1),
      'openstack_neutron_quota_router{type="limit",tenant="t",tenant_id="i"}': always(0),
      'groundcrew_cinder_quota{type="in_use",resource="backups",tenant="t",tenant_id="i"}': always(10),
      'groundcrew_cinder_quota{type="reserved",resource="backups",tenant="t",tenant_id="i"}': always(0),
      'groundcrew_cinder_quota{type="limit",resource="backups",tenant="t",tenant_id="i"}': always(10),
    });
    const one = (quota: string, said: string, more = {}) => ({
      labels: { quota, severity: 'ticket', tenant: 't', tenant_id: 'i', ...more },
      summary: `The project "t" has used ${said}`,
    });
    const firing = {
      OpenstackQuotaNearlyUsed: [
        one('CPUs', '96% of its quota of CPUs'),
        one('port', '92% of its quota of port'),
        one('router', '+Inf% of its quota of router'),
        one('volumes, snapshots or backups', '100% of its quota of "backups"', { resource: 'backups' }),
      ],
    };
    expect(await promtool({ rules, series, firing })).toBe('passed');
  });
});

describe('what is not seen', () => {
  const collect = ['servers', 'compute-services'] as const;
  const rules = alertRules({ collect });
  const inError = 'groundcrew_nova_servers{status="ERROR",project_id="p"}';
  const incomplete = (collector: string, severity: string) => ({
    labels: { collector, severity },
    summary: `The collector "${collector}" does not see everything: what it misses is absent, and alerts over it are silent`,
  });

  test('a list that failed takes its alert away, and its collector fires: as urgent as what it silences', async () => {
    const series = {
      ...seeing(collect),
      [inError]: `2x20 _x40`,
      'groundcrew_collector_complete{collector="servers"}': '1x20 0x40',
      'groundcrew_collector_complete{collector="compute-services"}': '1x20 0x40',
    };
    const before = {
      OpenstackServersInError: [
        {
          labels: { project_id: 'p', severity: 'ticket', status: 'ERROR' },
          summary: '2 servers of the project "p" are in ERROR',
        },
      ],
    };
    expect(await promtool({ rules, series, at: '20m', firing: before })).toBe('passed');
    const firing = {
      GroundcrewCollectorIncomplete: [
        incomplete('servers', 'ticket'),
        incomplete('compute-services', 'page'),
      ],
    };
    expect(await promtool({ rules, series, firing })).toBe('passed');
  });

  test('an exporter that went away, with everything', async () => {
    const gone = Object.fromEntries(
      Object.keys({ ...seeing(collect), [inError]: '' }).map((name) => [name, '1x20 _x40']),
    );
    const absent = {
      labels: { severity: 'page' },
      summary: "The exporter of OpenStack's figures does not answer: nothing of the cloud is watched",
    };
    expect(await promtool({ rules, series: gone, firing: { GroundcrewExporterAbsent: [absent] } })).toBe(
      'passed',
    );
  });

  test('one of two exporters of a job', async () => {
    const of = (instance: string, up: string, rest: string) => ({
      [`up{job="os",instance="${instance}"}`]: up,
      [`groundcrew_readings_total{job="os",instance="${instance}"}`]: rest,
    });
    const absent = {
      labels: { instance: 'b', job: 'os', severity: 'page' },
      summary: "The exporter of OpenStack's figures does not answer: nothing of the cloud is watched",
    };
    const watched = alertRules({ collect: ['servers'], job: 'os' });
    const series = {
      ...of('a', always(1), always(1)),
      ...of('b', '1x20 0x40', '1x20 _x40'),
      // Another job's are nobody's here.
      'up{job="other",instance="c"}': always(0),
    };
    expect(await promtool({ rules: watched, series, firing: { GroundcrewExporterAbsent: [absent] } })).toBe(
      'passed',
    );
  });

  test('a collector that one exporter of two does not have', async () => {
    const series = {
      'groundcrew_readings_total{instance="a"}': always(1),
      'groundcrew_round_calls{instance="a",cloud="x"}': always(9),
      'groundcrew_round_calls{instance="b",cloud="y"}': always(9),
      'groundcrew_collector_age_seconds{instance="a",cloud="x",collector="servers"}': always(1),
      'groundcrew_collector_age_seconds{instance="b",cloud="y",collector="servers"}': always(1),
      'groundcrew_collector_age_seconds{instance="b",cloud="y",collector="compute-services"}': always(1),
    };
    const firing = {
      GroundcrewCollectorMissing: [
        {
          labels: { cloud: 'x', collector: 'compute-services', instance: 'a', severity: 'page' },
          summary: 'An exporter does not have the collector "compute-services": alerts over it are silent',
        },
      ],
    };
    expect(await promtool({ rules, series, firing })).toBe('passed');
  });

  test('a collector whose service the cloud does not have: it is neither incomplete nor missing', async () => {
    const watching = ['servers', 'load-balancers'] as const;
    const { 'groundcrew_collector_complete{collector="load-balancers"}': _absent, ...series } = seeing(
      watching,
    ) as Record<string, string>;
    expect(await promtool({ rules: alertRules({ collect: watching }), series, firing: {} })).toBe('passed');
  });

  test('load balancers and amphorae in error, and none for one whose members are switched off', async () => {
    const watching = ['load-balancers', 'amphorae'] as const;
    const balancers = (provisioning: string, operating: string) =>
      `groundcrew_loadbalancer_loadbalancers{provisioning_status="${provisioning}",operating_status="${operating}",provider="amphora",project_id="p"}`;
    const series = {
      ...seeing(watching),
      [balancers('ACTIVE', 'ONLINE')]: always(9),
      [balancers('ACTIVE', 'OFFLINE')]: always(1),
      [balancers('ACTIVE', 'DEGRADED')]: always(2),
      [balancers('ERROR', 'OFFLINE')]: always(1),
      'groundcrew_loadbalancer_amphorae{status="ALLOCATED",role="MASTER"}': always(9),
      'groundcrew_loadbalancer_amphorae{status="ERROR",role="BACKUP"}': always(3),
    };
    const labels = { provider: 'amphora', project_id: 'p', severity: 'ticket' };
    const firing = {
      OpenstackLoadBalancersInError: [
        {
          labels: { ...labels, provisioning_status: 'ERROR', operating_status: 'OFFLINE' },
          summary:
            '1 load balancers of the project "p" are in ERROR: they may work on, and cannot be changed',
        },
      ],
      OpenstackLoadBalancersNotWorking: [
        {
          labels: { ...labels, provisioning_status: 'ACTIVE', operating_status: 'DEGRADED' },
          summary: '2 load balancers of the project "p" are "DEGRADED"',
        },
      ],
      OpenstackAmphoraeInError: [
        {
          labels: { status: 'ERROR', role: 'BACKUP', severity: 'ticket' },
          summary: '3 amphorae are in "ERROR"',
        },
      ],
    };
    expect(await promtool({ rules: alertRules({ collect: watching }), series, firing })).toBe('passed');
  });

  test('figures that are old, and series in one sum', async () => {
    const series = {
      ...seeing(collect),
      'groundcrew_collector_age_seconds{collector="servers"}': '0+60x60',
      'groundcrew_metric_folded_series{metric="groundcrew_nova_servers"}': always(12),
      'groundcrew_metric_folded_series{metric="openstack_nova_running_vms"}': always(12),
    };
    const firing = {
      GroundcrewCollectorOld: [
        {
          labels: { collector: 'servers', severity: 'ticket' },
          summary: 'The figures of the collector "servers" are 50m 0s old',
        },
      ],
      GroundcrewSeriesFolded: [
        {
          labels: { metric: 'groundcrew_nova_servers', severity: 'ticket' },
          summary:
            '12 series of "groundcrew_nova_servers" are beyond the cap and in one sum: alerts do not see each of them',
        },
      ],
    };
    expect(await promtool({ rules, series, firing })).toBe('passed');
  });
});

/** What a name is, and what Go's `%q` makes of it: what is not printed is escaped, so that a text is one line in quotes. */
const hostile = [
  ['a template', '{{ $value }}{{ query "up" }}', '"{{ $value }}{{ query \\"up\\" }}"'],
  ['an end of it', '}} {{', '"}} {{"'],
  ['quotes and backslashes', 'a"b\\c', '"a\\"b\\\\c"'],
  ['PromQL', '"} or vector(1) #', '"\\"} or vector(1) #"'],
  ['what turns a line around', 'a\u202Eb', '"a\\u202eb"'],
  ['a line of its own', 'a\nfiring: nothing', '"a\\nfiring: nothing"'],
  ['no end', 'x'.repeat(300), `"${'x'.repeat(100)}"`],
] as const;

test.each(hostile)('a name with %s is a text in quotes in what the alert says', async (_, name, shown) => {
  const rules = alertRules({ collect: ['pools'] });
  const series = seeing(['pools'], {
    [`groundcrew_cinder_pool_room_known{name=${JSON.stringify(name)}}`]: always(0),
  });
  const firing = {
    OpenstackPoolTellsNothing: [
      {
        labels: { name, severity: 'ticket' },
        summary: `How full the pool ${shown} is, its driver does not tell`,
      },
    ],
  };
  expect(await promtool({ rules, series, firing })).toBe('passed');
});

test.each(hostile.slice(0, 5))('a job and a label with %s are what they are', async (_, name) => {
  const rules = alertRules({ collect: ['pools'], job: name, labels: { team: name } });
  const job = `job=${JSON.stringify(name)}`;
  const series = Object.fromEntries(
    Object.entries(seeing(['pools'], { 'groundcrew_cinder_pool_room_known{name="mute"}': always(0) })).map(
      ([each, values]) => [each.endsWith('}') ? `${each.slice(0, -1)},${job}}` : `${each}{${job}}`, values],
    ),
  );
  const firing = {
    OpenstackPoolTellsNothing: [
      {
        labels: { job: name, name: 'mute', severity: 'ticket', team: name },
        summary: 'How full the pool "mute" is, its driver does not tell',
      },
    ],
  };
  expect(await promtool({ rules, series, firing })).toBe('passed');
});

test('promtool notices an alert that does not fire, and one that says something else', async () => {
  const rules = alertRules({ collect: ['pools'] });
  const series = seeing(['pools'], { 'groundcrew_cinder_pool_room_known{name="a"}': always(0) });
  const said = (summary: string) => ({
    OpenstackPoolTellsNothing: [{ labels: { name: 'a', severity: 'ticket' }, summary }],
  });
  const right = said('How full the pool "a" is, its driver does not tell');
  expect(await promtool({ rules, series, firing: right })).toBe('passed');
  expect(await promtool({ rules, series, firing: {} })).toContain('FAILED');
  expect(await promtool({ rules, series, firing: said('something else') })).toContain('FAILED');
});
