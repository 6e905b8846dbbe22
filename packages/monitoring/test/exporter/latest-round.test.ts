import { GroundcrewError } from '@groundcrew/ground';
import { describe, expect, test } from 'vitest';
import type { Exporter } from '../../src/exporter/build-exporter.ts';
import type { MetricsRound } from '../../src/metrics/round.ts';
import { parseExposition, type ParsedFamily } from './parse-exposition.ts';
import {
  aRound,
  exporterOf,
  family,
  gap,
  Readings,
  report,
  roundOf,
  samples,
  scrape,
  servers,
} from './rounds.ts';

const figures = async (metrics: Exporter): Promise<ReadonlyMap<string, ParsedFamily>> => {
  const response = await metrics(scrape());
  expect(response.status).toBe(200);
  return parseExposition(await response.bytes(), 'prometheus');
};

const valueOf = (
  found: ReadonlyMap<string, ParsedFamily>,
  name: string,
  label?: string,
): number | undefined =>
  found.get(name)?.samples.find(({ labels }) => label === undefined || Object.values(labels).includes(label))
    ?.value;

/** Lets what was begun go as far as it can without the clock. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class Refused extends GroundcrewError {
  readonly code = 'refused';
}

const oneServer = (value: number, more: Partial<MetricsRound> = {}): MetricsRound =>
  roundOf([family(servers, samples([value, 'web', 'ACTIVE']))], more);

describe('before anything is known', () => {
  test('it answers 503 with the reason, after `wait`, and never an empty 200', async () => {
    const readings = new Readings();
    const { metrics, clock } = exporterOf(readings.read);
    const answered = metrics(scrape());
    await settled();
    await clock.advance('9s');
    const response = await answered;
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('nothing is known yet');
    await metrics.close();
  });

  test('a reading that failed is told in words, without the secrets that they quote', async () => {
    const { metrics } = exporterOf(async () => {
      throw new Refused('401 from https://admin:hunter2@keystone/v3\n\u001B[2J with password=hunter2');
    });
    const response = await metrics(scrape());
    expect(response.status).toBe(503);
    const text = await response.text();
    expect(text).toContain('the last reading of the cloud failed: 401 from https://');
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('\u001B');
  });

  test('an error from elsewhere is not quoted at all', async () => {
    const told: unknown[] = [];
    const error = new TypeError('hunter2 is not a function');
    const { metrics } = exporterOf(
      () => {
        throw error;
      },
      { onError: (each) => told.push(each) },
    );
    const response = await metrics(scrape());
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('hunter2');
    expect(told).toEqual([error]);
  });

  test('a sign-in that failed is a round of collectors that asked for nothing, and as good as none', async () => {
    const collectors = ['servers', 'volumes'].map((name) =>
      report(name, { completeness: 'failed', calls: 0, gaps: [gap('401 Unauthorized', 'token')] }),
    );
    const { metrics } = exporterOf(async () => roundOf([], { collectors }));
    const response = await metrics(scrape());
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('401 Unauthorized');
  });

  test('a failing sign-in is not repeated by every scrape', async () => {
    let signIns = 0;
    const { metrics, clock } = exporterOf(async () => {
      signIns += 1;
      throw new Refused('401');
    });
    for (let scrapes = 0; scrapes < 20; scrapes += 1) expect((await metrics(scrape())).status).toBe(503);
    expect(signIns).toBe(1);
    await clock.advance('5s');
    expect((await metrics(scrape())).status).toBe(503);
    expect(signIns).toBe(2);
  });
});

describe('a list that failed', () => {
  test('is absent, never 0, and its collector says why', async () => {
    const collectors = [
      report('servers'),
      report('volumes', {
        completeness: 'failed',
        calls: 4,
        gaps: [gap('503', 'volumes'), gap('503', 'volumes')],
      }),
    ];
    const { metrics } = exporterOf(async () => oneServer(1, { collectors }));
    const found = await figures(metrics);
    expect([...found.keys()].filter((name) => name.startsWith('shop_'))).toEqual(['shop_servers']);
    expect(valueOf(found, 'groundcrew_collector_complete', 'servers')).toBe(1);
    expect(valueOf(found, 'groundcrew_collector_complete', 'volumes')).toBe(0);
    expect(valueOf(found, 'groundcrew_collector_gaps', 'servers')).toBe(0);
    expect(valueOf(found, 'groundcrew_collector_gaps', 'volumes')).toBe(2);
    expect(valueOf(found, 'groundcrew_collector_calls', 'volumes')).toBe(4);
    expect(found.get('groundcrew_collector_gaps_by_kind')?.samples).toMatchObject([
      { labels: { collector: 'volumes', kind: 'failed', what: 'volumes' }, value: 2 },
    ]);
  });

  test.each(['partial', 'denied', 'stale', 'unsupported', 'failed'] as const)(
    '%s is not complete',
    async (completeness) => {
      const { metrics } = exporterOf(async () =>
        oneServer(1, { collectors: [report('servers', { completeness })] }),
      );
      expect(valueOf(await figures(metrics), 'groundcrew_collector_complete')).toBe(0);
    },
  );

  test('where all failed but were asked, it is told: an answer, with no figure of the cloud', async () => {
    const collectors = [report('servers', { completeness: 'failed', calls: 1, gaps: [gap('500')] })];
    const { metrics } = exporterOf(async () => roundOf([], { collectors }));
    const found = await figures(metrics);
    expect(valueOf(found, 'groundcrew_collector_complete')).toBe(0);
    expect([...found.keys()].filter((name) => name.startsWith('shop_'))).toEqual([]);
  });

  test('series that contradict each other make their collector incomplete', async () => {
    const both = samples([1, 'web', 'ACTIVE'], [2, 'web', 'ACTIVE']);
    const found = await figures(exporterOf(async () => roundOf([family(servers, both)])).metrics);
    expect(valueOf(found, 'groundcrew_collector_complete')).toBe(0);
    expect(valueOf(found, 'groundcrew_collector_gaps')).toBe(1);
    expect(found.get('groundcrew_metric_refused_series')?.samples).toMatchObject([
      { labels: { metric: 'shop_servers', why: 'conflict' }, value: 1 },
    ]);
  });

  test('series beyond the cap are counted, and their collector is as complete as before', async () => {
    const many = samples([1, 'a', 's'], [1, 'b', 's'], [1, 'c', 's']);
    const { metrics } = exporterOf(async () => roundOf([family(servers, many)]), { cap: 2 });
    const found = await figures(metrics);
    expect(valueOf(found, 'groundcrew_metric_folded_series', 'shop_servers')).toBe(2);
    expect(valueOf(found, 'shop_servers', 'overflow')).toBe(2);
    expect(valueOf(found, 'groundcrew_collector_complete')).toBe(1);
  });
});

describe('what is known', () => {
  test('is served without a reading until it is older than `maxAge`, with its age', async () => {
    const readings = new Readings();
    const { metrics, clock } = exporterOf(readings.read);
    const first = metrics(scrape());
    await settled();
    await clock.advance('2500ms');
    readings.started[0]?.resolve(oneServer(1));
    expect(parseExposition(await (await first).bytes(), 'prometheus').has('shop_servers')).toBe(true);
    await clock.advance('29999ms');
    const found = await figures(metrics);
    expect(readings.started).toHaveLength(1);
    expect(valueOf(found, 'groundcrew_collector_age_seconds')).toBe(32.499);
    expect(valueOf(found, 'groundcrew_round_age_seconds')).toBe(32.499);
    expect(valueOf(found, 'groundcrew_round_duration_seconds')).toBe(2.5);
    expect(valueOf(found, 'groundcrew_round_calls')).toBe(5);
    await clock.advance(1);
    const next = metrics(scrape());
    await settled();
    expect(readings.started).toHaveLength(2);
    readings.started[1]?.resolve(oneServer(2));
    expect(valueOf(parseExposition(await (await next).bytes(), 'prometheus'), 'shop_servers')).toBe(2);
    await metrics.close();
  });

  test('is read once however many ask at the same time', async () => {
    const readings = new Readings();
    const { metrics } = exporterOf(readings.read);
    const all = Array.from({ length: 10 }, () => metrics(scrape()));
    await settled();
    expect(readings.started).toHaveLength(1);
    readings.started[0]?.resolve(aRound());
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual(
      Array.from({ length: 10 }, () => 200),
    );
  });

  test('is served as it was when the next reading takes longer than `wait`; that goes on', async () => {
    const readings = new Readings();
    const { metrics, clock } = exporterOf(readings.read, { waitMs: 1_000 });
    const first = metrics(scrape());
    await settled();
    readings.started[0]?.resolve(oneServer(1));
    await first;
    await clock.advance('31s');
    const second = metrics(scrape());
    await settled();
    await clock.advance('1s');
    const found = parseExposition(await (await second).bytes(), 'prometheus');
    expect(valueOf(found, 'shop_servers')).toBe(1);
    expect(valueOf(found, 'groundcrew_round_age_seconds')).toBe(32);
    expect(readings.started[1]?.signal.aborted).toBe(false);
    readings.started[1]?.resolve(oneServer(2));
    await settled();
    expect(valueOf(await figures(metrics), 'shop_servers')).toBe(2);
    expect(readings.started).toHaveLength(2);
  });

  test('is served when the next reading fails, with its age and the failure', async () => {
    const readings = new Readings();
    const { metrics, clock } = exporterOf(readings.read);
    const first = metrics(scrape());
    await settled();
    readings.started[0]?.resolve(oneServer(1));
    await first;
    await clock.advance('1m');
    const second = metrics(scrape());
    await settled();
    readings.started[1]?.reject(new Refused('401 Unauthorized'));
    const found = parseExposition(await (await second).bytes(), 'prometheus');
    expect(valueOf(found, 'shop_servers')).toBe(1);
    expect(valueOf(found, 'groundcrew_round_age_seconds')).toBe(60);
    expect(valueOf(found, 'groundcrew_readings_total', 'failed')).toBe(1);
    expect(valueOf(found, 'groundcrew_readings_total', 'done')).toBe(1);
  });

  test('is served when the next sign-in fails', async () => {
    const failed = [report('servers', { completeness: 'failed', calls: 0, gaps: [gap('401', 'token')] })];
    const rounds = [oneServer(1), roundOf([], { collectors: failed })];
    const { metrics, clock } = exporterOf(async () => rounds.shift() ?? aRound());
    await figures(metrics);
    await clock.advance('31s');
    const found = await figures(metrics);
    expect(valueOf(found, 'shop_servers')).toBe(1);
    expect(valueOf(found, 'groundcrew_readings_total', 'failed')).toBe(1);
  });

  test('a clock that is put back neither stops the reading nor makes an age negative', async () => {
    let now = Date.parse('2026-01-02T00:00:00Z');
    let count = 0;
    const clock = { now: () => now, sleep: () => Promise.resolve() };
    const read = async (): Promise<MetricsRound> => {
      count += 1;
      return oneServer(count);
    };
    const { metrics } = exporterOf(read, { clock, now: () => now });
    await figures(metrics);
    now -= 2 * 86_400_000;
    const found = await figures(metrics);
    expect(count).toBe(2);
    expect(valueOf(found, 'groundcrew_round_age_seconds')).toBe(0);
  });

  test('an observer that throws takes nothing down', async () => {
    const { metrics } = exporterOf(undefined, {
      onRound: () => {
        throw new Error('full');
      },
    });
    expect((await metrics(scrape())).status).toBe(200);
  });
});

describe('the time of the scraper', () => {
  const header = 'X-Prometheus-Scrape-Timeout-Seconds';
  test.each([
    ['2', 1_800],
    ['0.5', 450],
    ['600', 9_000],
    ['soon', 9_000],
    ['-1', 9_000],
    ['Infinity', 9_000],
    ['', 9_000],
  ])('%s s are waited for %d ms', async (given, ms) => {
    const readings = new Readings();
    const { metrics, clock } = exporterOf(readings.read);
    let status: number | undefined;
    const answered = metrics(scrape(undefined, { [header]: given })).then((response) => {
      status = response.status;
      return status;
    });
    await settled();
    await clock.advance(ms - 1);
    await settled();
    expect(status).toBeUndefined();
    await clock.advance(1);
    await answered;
    expect(status).toBe(503);
    await metrics.close();
  });
});

describe('the end', () => {
  test('aborts a reading, ends the waiting, and leaves what is known', async () => {
    const readings = new Readings();
    const { metrics, clock } = exporterOf(readings.read);
    const first = metrics(scrape());
    await settled();
    readings.started[0]?.resolve(oneServer(1));
    await first;
    await clock.advance('1m');
    const waiting = metrics(scrape());
    await settled();
    await metrics.close();
    expect(readings.started[1]?.signal.aborted).toBe(true);
    expect((await waiting).status).toBe(200);
    const found = await figures(metrics);
    expect(readings.started).toHaveLength(2);
    // A reading that was ended has not failed.
    expect(valueOf(found, 'groundcrew_readings_total', 'failed')).toBe(0);
  });

  test('comes by the signal, too, also by one that was aborted before', async () => {
    const end = new AbortController();
    const readings = new Readings();
    const { metrics } = exporterOf(readings.read, { signal: end.signal });
    const waiting = metrics(scrape());
    await settled();
    end.abort();
    expect((await waiting).status).toBe(503);
    const late = exporterOf(readings.read, { signal: AbortSignal.abort() });
    const response = await late.metrics(scrape());
    expect([response.status, await response.text()]).toEqual([503, 'This exporter was closed.\n']);
    expect(readings.started).toHaveLength(1);
  });

  test('leaves no sleep behind, nor does an answer', async () => {
    let sleeping = 0;
    const clock = {
      now: () => Date.now(),
      sleep: (_ms: number, signal?: AbortSignal) =>
        new Promise<void>((_resolve, reject) => {
          sleeping += 1;
          signal?.addEventListener('abort', () => {
            sleeping -= 1;
            reject(signal.reason as Error);
          });
        }),
    };
    const readings = new Readings();
    const { metrics } = exporterOf(readings.read, { clock });
    const first = metrics(scrape());
    await settled();
    expect(sleeping).toBe(1);
    readings.started[0]?.resolve(aRound());
    await first;
    expect(sleeping).toBe(0);
    await metrics[Symbol.asyncDispose]();
    expect(sleeping).toBe(0);
  });
});
