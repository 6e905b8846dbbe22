// The logs of the simulated cloud, read by this package's readers as those of a real one are.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { status } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import { followLogs } from '../../src/follow.ts';
import { assess, observe, osloFormat } from '../../src/index.ts';
import { readLogs } from '../../src/read.ts';
import { timelineOf, timelineText } from '../../src/timeline.ts';
import { askForServer, recordsOf, type SimClient, simClient } from './sim-client.ts';

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'logs-of-sim-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** What somebody may do to the cloud; `text` is a client's. */
const operations: Readonly<
  Record<string, (client: SimClient, id: string, text: string) => Promise<unknown> | void>
> = {
  create: (client, _id, text) => askForServer(client, text),
  createKnown: (client, _id, text) =>
    askForServer(client, `x${text}`, {
      'X-OpenStack-Request-ID': 'req-11111111-2222-4333-8444-555555555555',
    }),
  show: ({ ask }, id) => ask('GET', `/compute/v2.1/servers/${id}`),
  missing: ({ ask }, _id, text) =>
    ask('GET', `/compute/v2.1/servers/${encodeURIComponent(text)}?name=${encodeURIComponent(text)}`),
  reboot: ({ ask }, id) => ask('POST', `/compute/v2.1/servers/${id}/action`, { reboot: { type: 'HARD' } }),
  pause: ({ ask }, id) => ask('POST', `/compute/v2.1/servers/${id}/action`, { pause: null }),
  snapshot: ({ ask }, id, text) =>
    ask('POST', `/compute/v2.1/servers/${id}/action`, { createImage: { name: text } }),
  migrate: ({ ask }, id) =>
    ask('POST', `/compute/v2.1/servers/${id}/action`, {
      'os-migrateLive': { host: null, block_migration: 'auto' },
    }),
  evacuate: ({ ask }, id) => ask('POST', `/compute/v2.1/servers/${id}/action`, { evacuate: {} }),
  delete: ({ ask }, id) => ask('DELETE', `/compute/v2.1/servers/${id}`),
  shutDown: ({ cloud }, id) => (id === 'none' ? undefined : cloud.guests.shutDown(id)),
  kill: ({ cloud }) => cloud.hosts.kill('compute-1'),
  revive: ({ cloud }) => cloud.hosts.revive('compute-1'),
  volume: ({ ask }, _id, text) => ask('POST', '/volume/v3/volumes', { volume: { size: 1, name: text } }),
  volumes: ({ ask }, _id, text) => ask('GET', `/volume/v3/volumes/detail?name=${encodeURIComponent(text)}`),
  debug: ({ ask }, _id, text) =>
    ask('PUT', '/volume/v3/os-services/set-log', {
      binary: '*',
      prefix: text === '' ? '' : 'cinder',
      level: 'DEBUG',
    }),
  network: ({ ask }, _id, text) => ask('POST', '/network/v2.0/networks', { network: { name: text } }),
  image: ({ ask }, _id, text) => ask('DELETE', `/image/v2/images/${encodeURIComponent(text)}`),
  provider: ({ ask }, _id, text) => ask('GET', `/placement/resource_providers/${encodeURIComponent(text)}`),
  project: ({ ask }, _id, text) => ask('GET', `/identity/v3/projects/${encodeURIComponent(text)}`),
  broken: ({ cloud }, _id, text) => {
    cloud.fault({ match: { method: 'GET' }, first: 1, reply: status(500, { message: text }) });
  },
  soon: ({ cloud }) => cloud.clock.advance('3s'),
  later: ({ cloud }) => cloud.clock.advance('11m'),
};

const FORGED = '\n2026-01-01 00:00:00.000 1 ERROR nova.compute.manager [-] forged';
/** Texts that a client may choose. A single or a double dot is no segment of a path. */
const aText = fc
  .oneof(
    fc.constantFrom(
      FORGED,
      'web',
      '] [instance: x] y',
      'req-11111111-1111-4111-8111-111111111111',
      '\u001B[2J\r\n',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  )
  .filter((text) => !/^[./]*$/.test(text));

const OLD = {
  context:
    '%(asctime)s.%(msecs)03d %(process)d %(levelname)s %(name)s [%(request_id)s %(user_identity)s] %(instance)s%(message)s',
  userIdentity: '%(user)s %(project)s %(domain)s %(user_domain)s %(project_domain)s',
};

test('every line belongs to a record, and every field of every message comes back, whatever clients write', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('zed', 'yoga', '2025.1', '2026.1'),
      fc.array(fc.tuple(fc.constantFrom(...Object.keys(operations)), aText), { minLength: 5, maxLength: 25 }),
      async (release, steps) => {
        const client = await simClient({ release });
        for (const [name, text] of steps) {
          const servers = client.cloud.state.compute.servers.kept();
          await operations[name]?.(client, servers.at(-1)?.id ?? 'none', text);
        }
        const isOld = release === 'yoga';
        const format = osloFormat(isOld ? OLD : {});
        for (const log of client.cloud.state.logs.all) {
          const { records, strays } = recordsOf(log.lines());
          expect(strays).toBe(0);
          expect(
            records.map(({ at, pid, level, logger, requestId, globalRequestId, message, more }) => ({
              at,
              pid,
              level,
              logger,
              requestId,
              globalRequestId,
              text: [message, ...more],
            })),
          ).toEqual(
            log.entries.map((entry) => ({
              at: new Date(entry.at).toISOString().slice(0, 23).replace('T', ' '),
              pid: String(entry.pid),
              level: entry.level.toLowerCase(),
              logger: entry.logger,
              requestId: entry.context?.requestId,
              globalRequestId: isOld ? undefined : entry.context?.globalRequestId,
              text: [
                ...`${entry.instance === undefined ? '' : `[instance: ${entry.instance}] `}${entry.message}`.split(
                  '\n',
                ),
                ...(entry.traceback === undefined ? [] : [...entry.traceback, '']),
              ],
            })),
          );
          const lines = log.lines();
          let first = 0;
          for (const { context, instance, message, traceback } of log.entries) {
            const fields = format.parse(lines[first] ?? '')?.fields;
            first += message.split('\n').length + (traceback === undefined ? 0 : traceback.length + 1);
            expect(fields?.['instance'] ?? '').toBe(instance === undefined ? '' : `[instance: ${instance}] `);
            if (context === undefined) continue;
            expect(fields).toMatchObject({
              user: context.user ?? '-',
              project: context.project ?? '-',
              user_domain: context.userDomain ?? '-',
              project_domain: context.projectDomain ?? '-',
            });
          }
        }
      },
    ),
    { numRuns: 40 },
  );
}, 120_000);

/** The logs of a cloud's processes, as sources of a timeline. */
const sourcesOf = ({ cloud }: SimClient) =>
  cloud.logs.processes().map((log) => ({
    service: log.service,
    host: log.host,
    records: recordsOf(log.lines()).records,
  }));

test('the timeline of a server that boots: the API, Placement, its host, and how it ended', async () => {
  const client = await simClient();
  const { requestId } = await askForServer(client);
  await client.cloud.clock.advance('10s');
  const timeline = await timelineOf(requestId, { sources: sourcesOf(client) });
  const { value, gaps } = timeline;
  expect(gaps).toEqual([]);
  expect(value).toMatchObject({ seen: true, outcome: 'answered', failedFirst: undefined, durationMs: 8000 });
  expect(value.spans.map(({ service }) => service).toSorted()).toEqual([
    'nova-api',
    'nova-compute',
    'placement-api',
  ]);
  expect(value.spans.at(-1)).toMatchObject({ service: 'nova-compute', records: 3, durationMs: 7000 });
  const api = value.spans.find(({ service }) => service === 'nova-api');
  expect(api?.requests[0]?.answers).toEqual([
    { status: 202, method: 'POST', path: '/v2.1/servers', ownMs: 0 },
  ]);
  expect(timelineText(timeline)).toContain('nova-compute on compute-');
});

test('the timeline of a server for which there is no host: where it failed first', async () => {
  const client = await simClient();
  for (const host of ['compute-1', 'compute-2', 'compute-3']) client.cloud.hosts.kill(host);
  await client.cloud.clock.advance('2m');
  const { requestId } = await askForServer(client);
  await client.cloud.clock.advance('10s');
  const { value } = await timelineOf(requestId, { sources: sourcesOf(client) });
  expect(value).toMatchObject({
    outcome: 'failed',
    failedFirst: { service: 'nova-conductor', logger: 'nova.conductor.manager' },
  });
  expect(value.failedFirst?.exception).toContain('No valid host was found');
});

test('a cloud in which all goes well has nothing at the wrong level for sure, apart from what is known of Nova itself', async () => {
  const folder = await aFolder();
  const client = await simClient();
  const { ask, cloud } = client;
  const failed = async (): Promise<string[]> => {
    await cloud.logs.writeTo(folder);
    const logs = await observe(folder);
    expect(logs.completeness).toBe('complete');
    expect(logs.value.foreign).toEqual([]);
    return assess(logs, { release: 'zed' })
      .filter(({ verdict }) => verdict === 'fail')
      .map(({ subject }) => subject.id);
  };
  const { id } = await askForServer(client);
  await cloud.clock.advance('10s');
  const act = async (action: Readonly<Record<string, unknown>>): Promise<void> => {
    expect((await ask('POST', `/compute/v2.1/servers/${id}/action`, action)).status).toBe(202);
    await cloud.clock.advance('10s');
  };
  await act({ pause: null });
  await act({ unpause: null });
  for (const list of [
    '/volume/v3/volumes',
    '/network/v2.0/networks',
    '/image/v2/images',
    '/placement/resource_providers',
  ])
    expect((await ask('GET', list)).status).toBe(200);
  expect((await ask('POST', '/volume/v3/volumes', { volume: { size: 1 } })).status).toBe(202);
  await cloud.clock.advance('10s');
  expect(await failed()).toEqual([]);

  // Real Nova says these at INFO, too: the catalogue has them.
  await act({ reboot: { type: 'SOFT' } });
  expect((await ask('DELETE', `/compute/v2.1/servers/${id}`)).status).toBe(204);
  await cloud.clock.advance('10s');
  const ofNova = ['Rebooting instance', 'Terminating instance'].map(
    (words) => `nova.compute.manager: ${words}`,
  );
  expect((await failed()).toSorted()).toEqual(ofNova);
  // So does Keystone with a client's mistake, at ERROR.
  expect((await ask('GET', '/identity/v3/projects/nobody')).status).toBe(404);
  expect((await failed()).filter((subject) => !ofNova.includes(subject))).toEqual([
    expect.stringMatching(/^keystone\.server\.flask\.application/),
  ]);
});

test('a directory is read, and followed while more is written', async () => {
  const folder = await aFolder();
  const client = await simClient();
  const { id } = await askForServer(client);
  await client.cloud.logs.writeTo(folder);
  const stop = new AbortController();
  const steps = [
    () => client.cloud.clock.advance('10s'),
    () => client.cloud.logs.writeTo(folder),
    () => Promise.resolve(),
  ];
  const followed = followLogs(folder, {
    signal: stop.signal,
    clock: {
      now: () => 0,
      sleep: async () => {
        const step = steps.shift();
        if (step !== undefined) return void (await step());
        stop.abort();
        throw stop.signal.reason;
      },
    },
  });
  const messages: string[] = [];
  for await (const record of followed) messages.push(record.message);
  expect(messages.map((message) => message.replace(`[instance: ${id}] `, ''))).toEqual([
    expect.stringMatching(/^Claim successful on node compute-\d$/),
    'Took 7.00 seconds to spawn the instance on the hypervisor.',
    'Took 7.00 seconds to build instance.',
  ]);
  const reading = readLogs(folder);
  let records = 0;
  for await (const record of reading) records += record.format === 'oslo' ? 1 : 0;
  expect(records).toBe(client.cloud.state.logs.all.reduce((sum, log) => sum + log.count, 0));
  expect(reading.report().gaps).toEqual([]);
});
