import { isInputError } from '@groundcrew/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Prometheus, prometheus } from '../../src/prometheus.ts';
import {
  groundcrewServers,
  openstackExporterServers,
  prometheusEvidence,
  type PrometheusEvidenceOptions,
  type UptimeLedger,
  uptimeLedger,
} from '../../src/uptime.ts';
import { sqliteUptime } from '../../src/uptime/sqlite.ts';
import { at, DAY } from './evidence.ts';
import { RangeServer, type Scraped } from './range-server.ts';

const MINUTE = 60_000;

let server: RangeServer;
let prom: Prometheus;
let ledger: UptimeLedger;
beforeEach(async () => {
  server = await RangeServer.open([]);
  prom = prometheus(server.url, { deadline: '2s' });
  ledger = await uptimeLedger({ store: sqliteUptime(':memory:') });
});
afterEach(async () => {
  await ledger.close();
  await prom.close();
  await server[Symbol.asyncDispose]();
});

/** One sample a minute, 7 s after it, from one minute to another. */
const scraped = (
  labels: Scraped['labels'],
  spans: readonly (readonly [from: number, to: number, value: number])[],
): Scraped => ({
  labels,
  samples: spans.flatMap(([from, to, value]) => [
    ...Array.from(
      { length: to - from + 1 },
      (_, index) => [DAY + (from + index) * MINUTE + 7_000, value] as const,
    ),
    [DAY + (to + 1) * MINUTE + 7_000, 'stale'] as const,
  ]),
});

const probe = (spans: readonly (readonly [number, number, number])[]): Scraped =>
  scraped({ __name__: 'probe_success', job: 'api', instance: 'https://api/' }, spans);

const probes = {
  selector: 'probe_success{job="api"}',
  subject: ({ instance }) => (instance === undefined ? undefined : { endpoint: instance }),
  state: (value) => (value === 1 ? 'up' : 'down'),
  step: '1m',
} as const satisfies Partial<PrometheusEvidenceOptions>;

const imported = async (from: number, to: number, more: Partial<PrometheusEvidenceOptions> = {}) =>
  prometheusEvidence({ prometheus: prom, ...probes, from: at(from), to: at(to), ...more });

const question = { from: at(0), to: at(60), skew: 0 } as const;
const endpoint = async (of = ledger) => of.of({ endpoint: 'https://api/' }, question);
const statesOf = async () => (await endpoint()).intervals.map(({ state }) => state);

describe('what samples say', () => {
  test('up and down by its value; where there is none it is unknown, and never down', async () => {
    server.series = [
      probe([
        [0, 19, 1],
        [20, 29, 0],
        [40, 60, 1],
      ]),
    ];
    const history = await imported(0, 60);
    expect(history.completeness).toBe('complete');
    const { refused } = await ledger.append(history.value);
    expect(refused).toEqual([]);
    const up = await endpoint();
    expect(await statesOf()).toEqual(['unknown', 'up', 'unknown', 'down', 'unknown', 'up', 'unknown']);
    // From the end of the first scrape of a state, 10 s at most, to the beginning of the last.
    expect(up.durations).toMatchObject({
      upMs: (19 + 19) * MINUTE - 2 * 10_000,
      downMs: 9 * MINUTE - 10_000,
    });
    expect(up.intervals[3]?.because).toMatch(
      /^opened by probe_success in Prometheus at 2026-11-23T10:20:07\.000Z/,
    );
    // A piece in a quarter of an hour, and those at the ends.
    expect(history.value.length).toBeLessThan(12);
  });

  test('a sample counts for its own time, and not for the five minutes in which Prometheus shows it', async () => {
    // Prometheus itself was killed: no marker ends the series.
    const { labels, samples } = probe([[0, 20, 1]]);
    server.series = [{ labels, samples: samples.slice(0, -1) }];
    const shown = await prom.queryRange('probe_success', { from: DAY, to: DAY + 60 * MINUTE, step: '1m' });
    expect(shown.value[0]?.points.at(-1)?.at).toBe(DAY + 25 * MINUTE);
    await ledger.append((await imported(0, 60)).value);
    expect((await endpoint()).intervals.map(({ state, to }) => [state, to])).toEqual([
      ['unknown', '2026-11-23T10:00:17.000Z'],
      ['up', '2026-11-23T10:20:07.000Z'],
      ['unknown', '2026-11-23T11:00:00.000Z'],
    ]);
  });

  test('with a pause longer than the staleness of the question, nothing holds in between', async () => {
    server.series = [
      probe([
        [0, 20, 1],
        [27, 60, 1],
      ]),
    ];
    await ledger.append((await imported(0, 60)).value);
    expect(await statesOf()).toEqual(['unknown', 'up', 'unknown', 'up', 'unknown']);
    const patient = await ledger.of({ endpoint: 'https://api/' }, { ...question, staleness: '10m' });
    expect(patient.intervals.map(({ state }) => state)).toEqual(['unknown', 'up', 'unknown']);
  });

  test('a value that is not a number, and a series of nothing that is asked about, say nothing', async () => {
    server.series = [
      probe([[0, 10, Number.NaN]]),
      scraped({ __name__: 'probe_success', job: 'api' }, [[0, 10, 0]]),
    ];
    expect((await imported(0, 60)).value).toEqual([]);
  });
});

describe('an import that is repeated', () => {
  const series = [
    probe([
      [0, 22, 1],
      [23, 31, 0],
      [32, 60, 1],
    ]),
  ];

  test('adds nothing the second time', async () => {
    server.series = series;
    const { value } = await imported(0, 60);
    expect(await ledger.append(value)).toMatchObject({ added: value.length, known: 0 });
    const again = await imported(0, 60);
    expect(await ledger.append(again.value)).toMatchObject({ added: 0, known: value.length });
  });

  test('says the same in parts, forwards and backwards, overlapping and by another step', async () => {
    server.series = series;
    const parts = [
      await imported(0, 25),
      await imported(20, 45, { step: '20s' }),
      await imported(40, 60),
      await imported(0, 60, { step: '30s' }),
    ].map(({ value }) => value);
    await using whole = await uptimeLedger({ store: sqliteUptime(':memory:') });
    await whole.append((await imported(0, 60)).value);
    const { durations } = await endpoint(whole);
    for (const order of [parts, parts.toReversed()]) {
      await using other = await uptimeLedger({ store: sqliteUptime(':memory:') });
      for (const part of order) await other.append(part);
      expect((await endpoint(other)).durations).toEqual(durations);
    }
    // The sample has its own name, whichever moment it was asked for.
    const [first] = parts.map(([evidence]) => evidence?.id);
    expect(parts[3]?.[0]?.id).toBe(first);
  });
});

describe('an answer that is not whole', () => {
  test('claims nothing of what is missing, and what comes later is taken', async () => {
    const seen = probe([
      [0, 20, 1],
      [41, 60, 1],
    ]);
    server.series = [seen];
    server.warnings = ['receive series from store-2: unavailable'];
    const history = await imported(0, 60);
    expect(history).toMatchObject({
      completeness: 'partial',
      gaps: [{ why: 'receive series from store-2: unavailable' }],
    });
    await ledger.append(history.value);
    expect(await statesOf()).toEqual(['unknown', 'up', 'unknown', 'up', 'unknown']);
    server.warnings = [];
    server.series = [
      probe([
        [0, 20, 1],
        [21, 40, 0],
        [41, 60, 1],
      ]),
    ];
    await ledger.append((await imported(0, 60)).value);
    expect(await statesOf()).toEqual(['unknown', 'up', 'unknown', 'down', 'unknown', 'up', 'unknown']);
  });

  test('a server that does not answer gives a gap, and no evidence', async () => {
    server.broken = 503;
    const { completeness, gaps, value } = await imported(0, 60);
    expect([completeness, value]).toEqual(['failed', []]);
    expect(gaps.length).toBeGreaterThan(0);
  });
});

describe('servers', () => {
  const id = '6ab3a7e8-7a8b-4a8a-9a0e-2f8c1d0f7c11';
  const theirs = (status: string, value: number, spans: readonly (readonly [number, number])[]): Scraped =>
    scraped(
      {
        __name__: 'openstack_nova_server_status',
        id,
        status,
        tenant_id: 'shop',
        hypervisor_hostname: 'compute-1',
        job: 'openstack',
        instance: 'exporter:9180',
      },
      spans.map(([from, to]) => [from, to, value] as const),
    );
  const agent = (spans: readonly (readonly [number, number, number])[]): Scraped =>
    scraped(
      { __name__: 'openstack_nova_agent_state', service: 'nova-compute', hostname: 'compute-1' },
      spans,
    );
  const asked = { from: at(0), to: at(60), step: '1m', powerSync: '1m' } as const;
  const history = async (
    of: typeof openstackExporterServers,
    more: Partial<PrometheusEvidenceOptions> = {},
  ) => {
    const { value } = await prometheusEvidence({ prometheus: prom, ...of, ...asked, ...more });
    expect((await ledger.append(value)).refused).toEqual([]);
    return (await ledger.of({ server: id }, question)).intervals.map(({ state }) => state);
  };

  // `knownServerStatuses` of openstack-exporter (exporters/nova.go) and of openstack_database_exporter
  // (internal/collector/nova/server.go), which number the same statuses differently under the same metric's name.
  test.each([
    ['SHUTOFF', 11, 10, 'down'],
    ['SUSPENDED', 12, 11, 'down'],
    ['PAUSED', 16, 15, 'down'],
    ['SHELVED_OFFLOADED', 19, 18, 'down'],
    ['ACTIVE', 0, 0, 'up'],
    ['PASSWORD', 6, 5, 'up'],
    ['BUILD', 1, 20, 'unknown'],
    ['ERROR', 4, 3, 'unknown'],
    ['REBOOT', 7, 6, 'unknown'],
    ['A_STATUS_OF_TOMORROW', -1, -1, 'unknown'],
  ] as const)('%s is read from its label, whatever the number: %i or %i', async (status, api, sql, state) => {
    for (const value of [api, sql]) {
      server.series = [theirs(status, value, [[0, 60]]), agent([[0, 60, 1]])];
      const { value: evidence } = await prometheusEvidence({
        prometheus: prom,
        ...openstackExporterServers,
        ...asked,
      });
      expect(new Set(evidence.map((each) => each.state))).toEqual(new Set([state]));
      expect(evidence[0]).toMatchObject({ subject: { server: id }, project: 'shop' });
    }
  });

  test('a status that Nova itself does not know says nothing', async () => {
    server.series = [theirs('UNKNOWN', 13, [[0, 60]]), agent([[0, 60, 1]])];
    expect(await history(openstackExporterServers)).toEqual(['unknown']);
  });

  test('stopped, started, and gone from the list: what is absent is not down, and not deleted', async () => {
    server.series = [
      theirs('ACTIVE', 0, [
        [0, 19],
        [30, 44],
      ]),
      theirs('SHUTOFF', 11, [[20, 29]]),
      agent([[0, 60, 1]]),
    ];
    expect(await history(openstackExporterServers)).toEqual([
      'unknown',
      'up',
      'unknown',
      'down',
      'unknown',
      'up',
      'unknown',
    ]);
    expect((await ledger.subjects('server'))[0]?.isDeleted).toBe(false);
  });

  test('ACTIVE on a host that does not report is unknown; of a host that nothing tells of, nothing is said', async () => {
    server.series = [
      theirs('ACTIVE', 0, [[0, 60]]),
      agent([
        [0, 19, 1],
        [20, 34, 0],
        [50, 60, 1],
      ]),
    ];
    expect(await history(openstackExporterServers)).toEqual(['unknown', 'up', 'unknown', 'up', 'unknown']);
    const { value } = await prometheusEvidence({ prometheus: prom, ...openstackExporterServers, ...asked });
    const during = value.filter(({ latest }) => latest > DAY + 36 * MINUTE && latest < DAY + 50 * MINUTE);
    expect(during).toEqual([]);
  });

  test('a server that is up was so since Nova looked, 12.5 minutes by its defaults', async () => {
    server.series = [theirs('ACTIVE', 0, [[0, 60]]), agent([[0, 60, 1]])];
    await history(openstackExporterServers, { powerSync: undefined });
    const { durations } = await ledger.of({ server: id }, question);
    expect(durations).toMatchObject({ upMs: 46.5 * MINUTE - 10_000 });
  });

  test("our own exporter's series: what is folded is nobody's, and an old round is as old as it says", async () => {
    const target = { job: 'groundcrew', instance: 'exporter:9180' };
    const info = { __name__: 'groundcrew_nova_server_info', status: 'ACTIVE', project_id: 'shop' };
    const age = scraped(
      { __name__: 'groundcrew_collector_age_seconds', collector: 'servers', ...target },
      // The cloud stopped answering at minute 30: what it had said is served for half an hour more.
      Array.from({ length: 61 }, (_, minute) => [minute, minute, Math.max(5, (minute - 30) * 60)] as const),
    );
    server.series = [
      scraped({ ...info, ...target, id, host: 'compute-1' }, [[0, 60, 1]]),
      scraped({ ...info, ...target, id: 'overflow', host: 'overflow', status: 'overflow' }, [[0, 60, 7]]),
      scraped({ ...info, ...target, host: 'compute-1' }, [[0, 60, 1]]),
      agent([[0, 60, 1]]),
      { ...age, samples: age.samples.filter(([, value]) => value !== 'stale') },
    ];
    expect(await history(groundcrewServers)).toEqual(['unknown', 'up', 'unknown']);
    const { intervals } = await ledger.of({ server: id }, question);
    expect(Date.parse(intervals[1]?.to ?? '')).toBeLessThanOrEqual(DAY + 30 * MINUTE + 7_000);
    expect((await ledger.subjects('server')).map(({ name }) => name)).toEqual([id]);
    // Where the age is not told, nothing is.
    server.series = server.series.slice(0, -1);
    const { value } = await prometheusEvidence({ prometheus: prom, ...groundcrewServers, ...asked });
    expect(value).toEqual([]);
  });
});

test.each(['rate(up[5m])', 'up offset 1h', 'up[5m]', 'up or down', ''])(
  'what is more than a selector is refused: %s',
  async (selector) => {
    const error: unknown = await imported(0, 60, { selector }).catch((reason: unknown) => reason);
    expect(isInputError(error) && error.field).toBe('selector');
  },
);
