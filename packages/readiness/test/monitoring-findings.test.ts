import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isInputError } from '@groundcrew/core';
import { prometheus } from '@groundcrew/monitoring/prometheus';
import { uptimeLedger } from '@groundcrew/monitoring/uptime';
import { sqliteUptime } from '@groundcrew/monitoring/uptime/sqlite';
import { status } from '@groundcrew/sim';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { type CollectOptions, type Report, toHtml, toTerminal } from '../src/index.ts';
import { closeSite, reportOf, site } from './site.ts';

afterAll(closeSite);

const findingsOf = (report: Report, id: string) =>
  report.answers
    .find((answer) => answer.id === 'monitoring')
    ?.findings.filter((finding) => finding.id === `monitoring.${id}`) ?? [];
const verdicts = (report: Report, id: string) => findingsOf(report, id).map(({ verdict }) => verdict);

/** A ledger in which two servers of the site were up for an hour but for so many minutes of the first one. */
async function ledgerOf(downMinutes: number): Promise<NonNullable<CollectOptions['uptime']>> {
  const cloud = await site('admin');
  const servers = await Array.fromAsync(cloud.compute.servers.list({ all_tenants: true }));
  await cloud.close();
  const ledger = await uptimeLedger({ store: sqliteUptime(':memory:') });
  onTestFinished(() => ledger.close());
  const from = Date.parse('2026-01-01T00:00:00Z');
  const seen = servers.flatMap((server, index) =>
    Array.from({ length: 61 }, (_, minute) => {
      const at = from + minute * 60_000;
      const isDown = index === 0 && minute > 0 && minute < downMinutes;
      return {
        id: `${server.id} ${minute}`,
        subject: { server: server.id },
        state: isDown ? ('down' as const) : ('up' as const),
        earliest: at,
        latest: at,
        source: 'a probe',
      };
    }),
  );
  await ledger.append(seen);
  return { ledger, of: 'server', from, to: from + 3_600_000, target: 0.9 };
}

/** A Prometheus that has no series of anything. */
async function emptyPrometheus(): Promise<ReturnType<typeof prometheus>> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"status":"success","data":{"resultType":"vector","result":[]}}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const prom = prometheus(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(async () => {
    await prom.close();
    server.closeAllConnections();
    server.close();
  });
  return prom;
}

test('nobody was asked: how long servers were up is unknown, and of coverage there is no word', async () => {
  const report = await reportOf();
  expect(verdicts(report, 'uptime')).toEqual(['unknown']);
  expect(verdicts(report, 'blind-spot')).toEqual([]);
});

test('a ledger that was asked: what was not up long enough fails, in each form of the report', async () => {
  const good = await reportOf('admin', [], { uptime: await ledgerOf(0) });
  expect(verdicts(good, 'uptime')).toEqual(['pass']);
  const report = await reportOf('admin', [], { uptime: await ledgerOf(30) });
  const [finding] = findingsOf(report, 'uptime');
  expect(finding).toMatchObject({ verdict: 'fail', subject: { kind: 'server' } });
  expect(report.answers.find(({ id }) => id === 'monitoring')?.verdict).toBe('fail');
  const title = finding?.title ?? '';
  expect(title).toContain('was not up for 90 % of the time');
  for (const form of [toHtml(report), toTerminal(report), JSON.stringify(report)])
    expect(form).toContain(title);
});

test("coverage without further sources: Nova's own log fails, and each other figure says what was not asked", async () => {
  const report = await reportOf('admin', [], { coverage: {} });
  const spots = findingsOf(report, 'blind-spot');
  expect(spots).toHaveLength(18);
  const failed = spots.filter(({ verdict }) => verdict === 'fail');
  expect(failed.map(({ subject }) => subject.id)).toEqual(['servers.audit']);
  expect(failed[0]?.remedy).toContain('instance_usage_audit = True');
  const cpu = spots.find(({ subject }) => subject.id === 'servers.cpu');
  expect(cpu?.verdict).toBe('unknown');
  expect(cpu?.because.map(({ statement }) => statement).join()).toMatch(/Prometheus might have it/);
  // What was there before is there as before.
  const before = await reportOf();
  for (const id of ['not-measured', 'server-in-error', 'uptime'])
    expect(findingsOf(report, id)).toEqual(findingsOf(before, id));
});

test('a Prometheus that has nothing: every figure that it could have fails, with the setting that opens it, in each form', async () => {
  const report = await reportOf('admin', [], { coverage: { prometheus: await emptyPrometheus() } });
  const spots = findingsOf(report, 'blind-spot');
  const cpu = spots.find(({ subject }) => subject.id === 'hypervisors.cpu');
  expect(cpu?.verdict).toBe('fail');
  expect(cpu?.remedy).toContain('prometheus.yml, under scrape_configs');
  const page = toHtml(report);
  expect(page).toContain(cpu?.title ?? '-');
  expect(page).toContain('prometheus.yml, under scrape_configs');
  // A terminal shows one of a rule, and counts the others.
  expect(toTerminal(report)).toMatch(/ have no fresh value in Prometheus \(and \d+ like it\)/);
});

test('coverage that cannot be read costs its own findings, and none of the others', async () => {
  const faults = [{ match: { service: 'compute', operation: 'hypervisors.list' }, reply: status(500) }];
  const report = await reportOf('admin', faults, { coverage: { prometheus: await emptyPrometheus() } });
  const cpu = findingsOf(report, 'blind-spot').find(({ subject }) => subject.id === 'hypervisors.cpu');
  expect(cpu?.verdict).toBe('unknown');
  expect(verdicts(report, 'server-in-error')).toEqual(['fail']);
});

test.each([
  ['another option', { coverage: { promtheus: {} } }, 'promtheus'],
  ['a freshness that is none', { coverage: { freshness: 'soon' } }, 'freshness'],
  ['a target above 1', { uptime: { target: 2 } }, 'target'],
])('%s is refused before anything is read', async (_what, options, field) => {
  const error = await reportOf('admin', [], options as CollectOptions).catch((caught: unknown) => caught);
  expect(isInputError(error)).toBe(true);
  expect(String(error)).toContain(field);
});
