// The ledger on real Nova: a server that is stopped and started, a host that dies and comes back, and a poller that is killed
// meanwhile. What the test itself did, and when Nova said that it was done, is the truth that the ledger is held against.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Cloud, connect } from '@groundcrew/core';
import { ensureLab, type Lab, waitUntil } from '@groundcrew/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Uptime, type UptimeInterval, uptimeLedger } from '../../src/uptime.ts';
import { sqliteUptime } from '../../src/uptime/sqlite.ts';
import { Child } from './child.ts';
import type { Poller } from './poller.ts';

const HOST = 'compute-2';
const name = `groundcrew-uptime-${process.pid}`;
/** The lab's `service_down_time` is 15 s; Nova counts whole seconds, and looks at one a moment later. Milliseconds. */
const POWER_SYNC = 18_000;
/** What a round and an answer may take on a machine that does other things as well, and the seconds of Nova's database. */
const SLACK = 8_000;
/** Rounds of a second after which something is known of a server: what Nova tells of one that is up is up to `POWER_SYNC` old. */
const ENOUGH = 26;

let lab: Lab;
let cloud: Cloud;
let folder = '';
const undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  lab = await ensureLab({});
  cloud = connect({ cloud: lab.cloud('admin'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  folder = await mkdtemp(path.join(tmpdir(), 'groundcrew-uptime-'));
  undo.push(() => rm(folder, { recursive: true, force: true }));
}, 900_000);

afterAll(async () => {
  const failed: unknown[] = [];
  for (const step of undo.toReversed()) await step().catch((error: unknown) => failed.push(error));
  await cloud?.close();
  if (failed.length > 0) throw new AggregateError(failed, 'the lab is not as it was');
}, 300_000);

/** Whether Nova says that the host reports. */
async function reports(): Promise<boolean> {
  for await (const { state } of cloud.compute.services.list({ host: HOST, binary: 'nova-compute' }))
    if (state === 'up') return true;
  return false;
}

/** A server on a host, which is removed in the end. */
async function serverOn(host: string, image: string, flavor: string): Promise<string> {
  const { servers } = cloud.compute.at('2.74');
  const fields = {
    name: `${name}-${host}`,
    imageRef: image,
    flavorRef: flavor,
    networks: 'none' as const,
    host,
  };
  const { id } = await servers.create(fields);
  undo.push(async () => {
    await cloud.compute.servers.delete({ id }, { missingOk: true });
    await cloud.compute.servers.waitGone(id, { patience: 60_000, interval: 300 });
  });
  await cloud.compute.servers.waitFor(id, 'ACTIVE', { patience: 60_000, interval: 300 });
  return id;
}

/** An act, from its request to the moment when Nova showed its end; milliseconds since 1970. */
interface Act {
  readonly asked: number;
  readonly done: number;
}

async function act(begin: () => Promise<unknown>, until: () => Promise<unknown>): Promise<Act> {
  const asked = Date.now();
  await begin();
  await until();
  return { asked, done: Date.now() };
}

const overlap = ({ from, to }: UptimeInterval, begin: number, end: number): boolean =>
  Math.min(Date.parse(to), end) > Math.max(Date.parse(from), begin);

const statesIn = ({ intervals }: Uptime, state: UptimeInterval['state']): UptimeInterval[] =>
  intervals.filter((each) => each.state === state);

/** The interval in which a change was, with what must be known right before and after it. */
function around({ intervals }: Uptime, { asked }: Act): readonly (UptimeInterval | undefined)[] {
  const index = intervals.findIndex(({ from, to }) => Date.parse(from) <= asked && Date.parse(to) >= asked);
  return [intervals[index - 1], intervals[index], intervals[index + 1]];
}

test('real stops, a dead host and a killed poller: the truth is in the bounds, and their width is what nobody saw', async () => {
  const { servers } = cloud.compute;
  const image = await cloud.image.images.create({ name, disk_format: 'raw', container_format: 'bare' });
  undo.push(() => cloud.image.images.delete({ id: image.id }));
  await cloud.image.data.upload({ id: image.id }, new Uint8Array(65_536));
  const flavor = (await cloud.compute.flavors.find('m1.nano')).id;
  const [stopped, hosted] = await Promise.all([
    serverOn('compute-1', image.id, flavor),
    serverOn(HOST, image.id, flavor),
  ]);
  // Whatever happens, the host is up again before its server is deleted.
  undo.push(async () => {
    if (!(await reports())) await lab.start(HOST);
    await waitUntil(reports, { within: 90_000, what: `${HOST} that reports` });
  });
  const settings: Poller = {
    file: path.join(folder, 'uptime.db'),
    cloud: lab.cloud('admin'),
    poll: '1s',
    powerSync: POWER_SYNC,
    keep: '3s',
  };
  await using pollers = new AsyncDisposableStack();
  const first = pollers.use(new Child('poller.ts', settings));
  await first.hears('round 1 ');
  const from = Date.now();
  await first.hears(`round ${ENOUGH} `);
  const stop = await act(
    () => servers.stop({ id: stopped }),
    () => servers.waitFor(stopped, 'SHUTOFF', { interval: 200 }),
  );
  await first.hears(`round ${first.said.length + 7} `);
  await first.kill('SIGKILL');
  const killed = Date.now();
  const start = await act(
    () => servers.start({ id: stopped }),
    () => servers.waitFor(stopped, 'ACTIVE', { interval: 200 }),
  );
  const second = pollers.use(new Child('poller.ts', settings));
  await second.hears('round 2 ');
  const seenAgain = Date.now();
  // Its process may live on for a while after it was told to end.
  const death = await act(
    () => lab.stop(HOST),
    () => Promise.resolve(),
  );
  await waitUntil(async () => !(await reports()), { within: 60_000, what: `${HOST} that is down` });
  await second.hears(`round ${second.said.length + 2} `);
  const revival = await act(
    () => lab.start(HOST),
    () => waitUntil(reports, { within: 90_000, what: `${HOST} that reports` }),
  );
  // A host may be down and back again in less than a round of Nova's own looks: what was started is known later than that.
  await second.hears(`round ${Math.max(second.said.length + 3, ENOUGH)} `);
  const to = Date.now();
  await second.kill('SIGTERM');

  await using ledger = await uptimeLedger({ store: sqliteUptime(settings.file) });
  const question = { from, to, staleness: '15s' } as const;
  const bounced = await ledger.of({ server: stopped }, question);
  const evacuee = await ledger.of({ server: hosted }, question);
  await sideBySide([bounced, evacuee], { from, to });

  // Never the opposite of what was: between the end of one act and the beginning of the next there is no doubt.
  const wrong = [
    ...statesIn(bounced, 'up').filter((each) => overlap(each, stop.done, start.asked)),
    ...statesIn(bounced, 'down').filter(
      (each) => overlap(each, from, stop.asked) || overlap(each, start.done, to),
    ),
    ...statesIn(evacuee, 'up').filter((each) => overlap(each, death.done, revival.asked)),
    ...statesIn(evacuee, 'down'),
  ];
  expect(wrong).toEqual([]);
  const least = stop.asked - from + (to - start.done);
  const most = stop.done - from + (to - start.asked);
  expect(bounced.durations.upMs).toBeLessThanOrEqual(most);
  expect(bounced.durations.upMs + bounced.durations.unknownMs).toBeGreaterThanOrEqual(least);
  expect(bounced.durations.downMs).toBeLessThanOrEqual(start.done - stop.asked);
  expect(bounced.durations.downMs).toBeGreaterThan(0);

  // Each doubt has its reason, and is as wide as that.
  expect(bounced.intervals.map(({ state }) => state).filter((state) => state !== 'unknown')).toEqual([
    'up',
    'down',
    'up',
  ]);
  const [up, stopping, down] = around(bounced, stop);
  expect([up?.state, stopping?.state, down?.state]).toEqual(['up', 'unknown', 'down']);
  expect(stopping?.durationMs).toBeLessThan(stop.done - stop.asked + POWER_SYNC + SLACK);
  const [, starting] = around(bounced, start);
  expect(starting?.state).toBe('unknown');
  // Nobody polled when it was started: Nova's action tells.
  expect(starting?.durationMs).toBeLessThan(start.done - start.asked + SLACK);
  for (const action of ['action stop (req-', 'action start (req-'])
    expect(bounced.intervals.map(({ because }) => because).join()).toContain(action);
  const unseen = statesIn(evacuee, 'unknown');
  const dead = unseen.find((interval) => overlap(interval, death.done, revival.asked));
  expect(dead?.durationMs).toBeLessThan(revival.done - death.asked + POWER_SYNC + SLACK);
  const ends = POWER_SYNC + SLACK;
  for (const { durationMs } of unseen.filter((each) => each !== dead)) expect(durationMs).toBeLessThan(ends);

  // Asked with less patience than the poller was dead, that time is unknown, and what was seen before and after is not.
  const impatient = await ledger.of({ server: hosted }, { ...question, staleness: '2s' });
  const gap = impatient.intervals.find((interval) => overlap(interval, killed, seenAgain));
  expect(gap?.state).toBe('unknown');
  expect(Date.parse(gap?.from ?? '')).toBeLessThanOrEqual(killed);

  // Nova's own usage counts the time in which the server was off.
  const { usedMs } = await usageOf(stopped, { from, to });
  expect(usedMs).toBeGreaterThan(bounced.durations.upMs + bounced.durations.unknownMs);
}, 300_000);

/** The time of a server that Nova counts as used. */
async function usageOf(
  id: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<{ readonly usedMs: number; readonly state: string | null }> {
  const [start, end] = [from, to].map((time) => new Date(time).toISOString().slice(0, -1)) as [
    string,
    string,
  ];
  for await (const { server_usages = [] } of cloud.compute
    .at('2.40')
    .usages.list({ start, end, detailed: 1 }))
    for (const { instance_id, hours, state } of server_usages)
      if (instance_id === id) return { usedMs: hours * 3_600_000, state };
  throw new Error(`Nova counts no usage of ${id}`);
}

/** For whoever reads the log: what Nova counts, what it did, and what the ledger makes of it. */
async function sideBySide(
  all: readonly Uptime[],
  window: { readonly from: number; readonly to: number },
): Promise<void> {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  const time = (iso: string): string => iso.slice(11, 23);
  for (const { subject, durations, availability, intervals } of all) {
    const id = 'server' in subject ? subject.server : '';
    const { usedMs, state } = await usageOf(id, window);
    const actions = await Array.fromAsync(cloud.compute.at('2.51').instanceActions.list({ server_id: id }));
    const { upMs, downMs, unknownMs } = durations;
    console.log(
      [
        `server ${id}, ${seconds(window.to - window.from)}`,
        `  usage    ${seconds(usedMs)} used, state ${state}`,
        `  actions  ${actions
          .toReversed()
          .map(({ action, start_time }) => `${action} ${time(start_time)}`)
          .join(', ')}`,
        `  ledger   up ${seconds(upMs)}, down ${seconds(downMs)}, unknown ${seconds(unknownMs)}; availability ${availability?.lower.toFixed(3)} to ${availability?.upper.toFixed(3)}`,
        ...intervals.map(
          (each) =>
            `           ${each.state.padEnd(8)} ${time(each.from)} to ${time(each.to)}  ${each.because}`,
        ),
      ].join('\n'),
    );
  }
}
