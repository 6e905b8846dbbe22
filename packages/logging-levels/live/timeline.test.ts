import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Cloud, connect } from '@groundcrew/core';
import { ensureLab, type Lab, waitUntil } from '@groundcrew/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RecordReader, type LogRecord } from '../src/index.ts';
import { type ServiceLog, saidBetween, timelineOf, timelinePage, timelineText } from '../src/timeline.ts';

// Requests to the lab's real services, followed through the files that these wrote. Nova and Neutron log at DEBUG meanwhile, with
// keystoneauth's calls, which oslo.log's `default_log_levels` holds back otherwise.

const LEVELS =
  'default_log_levels = amqp=WARN,sqlalchemy=WARN,oslo.messaging=INFO,oslo_messaging=INFO,urllib3=WARN,stevedore=WARN,dogpile.core.dogpile=INFO,keystonemiddleware=WARN,oslo_concurrency=WARN,oslo_policy=WARN,ovsdbapp=WARN,keystoneauth=DEBUG';
const DAEMONS = [
  'nova-api',
  'nova-conductor',
  'nova-scheduler',
  'neutron-api',
  'compute-1',
  'compute-2',
  'compute-3',
];
const CONFIGURATIONS = ['nova/nova.conf', 'nova/nova-compute.conf', 'neutron/neutron.conf'];
/** The log of each service; placement logs to where its daemon prints. */
const FILES: Readonly<Record<string, string>> = {
  'nova-api': 'nova-api.log',
  'nova-conductor': 'nova-conductor.log',
  'nova-scheduler': 'nova-scheduler.log',
  'neutron-api': 'neutron-api.log',
  'glance-api': 'glance-api.log',
  'cinder-api': 'cinder-api.log',
  placement: 'placement.out',
  'compute-1': 'compute-1.log',
  'compute-2': 'compute-2.log',
  'compute-3': 'compute-3.log',
};

const name = `groundcrew-timeline-${process.pid}`;
const undo: (() => Promise<unknown>)[] = [];
let lab: Lab;
let cloud: Cloud;
let network = '';
let image = '';

async function* recordsOf(file: string): AsyncGenerator<LogRecord> {
  const reader = new RecordReader();
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const record = reader.feed(line);
    if (record !== undefined) yield record;
  }
  const last = reader.end();
  if (last !== undefined) yield last;
}

/** One machine has one clock, which is what makes it an oracle: each service is said to be on a host of its own, so that they are compared. */
const sources = (): ServiceLog[] =>
  Object.entries(FILES).map(([service, file]) => ({
    service,
    host: `host-of-${service}`,
    records: () => recordsOf(path.join(lab.logs, file)),
  }));

/** Starts the daemons anew, and waits until Nova hears of the computes and answers. */
async function restartAll(): Promise<void> {
  const before = Date.now();
  for (const daemon of DAEMONS) await lab.restart(daemon);
  const nova = cloud.compute.at('2.69');
  await waitUntil(
    async () => {
      try {
        const services = await Array.fromAsync(nova.services.list());
        await Array.fromAsync(cloud.network.networks.list());
        const fresh = services.filter(
          ({ state, updated_at }) => state === 'up' && Date.parse(updated_at ?? '') > before + 1000,
        );
        return fresh.length >= 5;
      } catch {
        return false;
      }
    },
    { within: 180_000, what: 'Nova after its restart' },
  );
}

beforeAll(async () => {
  lab = await ensureLab({});
  cloud = connect({ cloud: lab.cloud('admin'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  undo.push(() => cloud.close());
  undo.push(restartAll);
  for (const file of CONFIGURATIONS) {
    const at = path.join(path.dirname(lab.cloudsYaml), lab.controlPlane, 'etc', file);
    const written = await readFile(at, 'utf8');
    undo.push(() => writeFile(at, written));
    const changed = written.replace(/^debug = false$/m, `debug = true\n${LEVELS}`);
    if (changed === written) throw new Error(`${file} has no debug = false`);
    await writeFile(at, changed);
  }
  await restartAll();
  ({ id: image } = await cloud.image.images.create({ name, disk_format: 'raw', container_format: 'bare' }));
  undo.push(() => cloud.image.images.delete({ id: image }));
  await cloud.image.data.upload({ id: image }, new Uint8Array(65_536));
  ({ id: network } = await cloud.network.networks.create({ name }));
  undo.push(() => cloud.network.networks.delete({ id: network }));
  await cloud.network.subnets.create({ name, network_id: network, ip_version: 4, cidr: '192.0.2.0/24' });
}, 900_000);

afterAll(async () => {
  for (const step of undo.toReversed()) await step();
}, 600_000);

/**
 * Creates a server, waits for what becomes of it, and gives the id of the request that created it.
 *
 * @param wanted - what its host must have
 */
async function create(
  wanted: Readonly<Record<string, string>> = {},
): Promise<{ readonly requestId: string; readonly status: string }> {
  const nova = cloud.compute.at('2.75');
  const flavor = await nova.flavors.create({ name: `${name}-${undo.length}`, vcpus: 1, ram: 64, disk: 0 });
  undo.push(() => nova.flavors.delete({ id: flavor.id }));
  if (Object.keys(wanted).length > 0)
    await nova.flavorExtraSpecs.merge({ flavor_id: flavor.id, extra_specs: wanted });
  const { id } = await nova.servers.create({
    name: `${name} used request id req-11111111-1111-4111-8111-111111111111`,
    imageRef: image,
    flavorRef: flavor.id,
    networks: [{ uuid: network }],
  });
  undo.push(async () => {
    await nova.servers.delete({ id });
    await nova.servers.waitGone(id);
  });
  const { status } = await nova.servers
    .waitFor(id, 'ACTIVE', { interval: 300 })
    .catch(() => ({ status: 'ERROR' }));
  const actions = await Array.fromAsync(nova.instanceActions.list({ server_id: id }));
  const requestId = actions.find(({ action }) => action === 'create')?.request_id ?? '';
  expect(requestId).toMatch(/^req-/);
  return { requestId, status };
}

test('a server that boots: each service that took part, in order, with clocks that the true skew of 0 fits', async () => {
  const from = new Date(Date.now() - 1000).toISOString();
  const { requestId, status } = await create();
  expect(status).toBe('ACTIVE');
  const timeline = await timelineOf(requestId, { sources: sources(), from });
  console.log(timelineText(timeline));
  const { value, gaps } = timeline;
  expect(gaps).toEqual([]);
  expect(value).toMatchObject({ seen: true, outcome: 'answered', failedFirst: undefined });
  const spanOf = (service: string) => value.spans.find((span) => span.service === service);
  const compute = value.spans.find(({ service }) => service.startsWith('compute-'));
  for (const service of [
    'nova-api',
    'glance-api',
    'placement',
    'neutron-api',
    'nova-scheduler',
    'nova-conductor',
  ])
    expect(spanOf(service)?.records, service).toBeGreaterThan(0);
  expect(compute?.durationMs).toBeGreaterThan(0);
  // One server is on one host, and a name that reads as a link pulls nothing in.
  expect(value.spans.filter(({ service }) => service.startsWith('compute-'))).toHaveLength(1);
  const answer = spanOf('nova-api')?.requests.find((request) => request.requestId === requestId)?.answers[0];
  expect(answer).toMatchObject({ status: 202, method: 'POST', path: '/v2.1/servers' });
  expect(answer?.ownMs).toBeGreaterThan(0);
  const began = ['nova-api', 'nova-scheduler', compute?.service ?? ''].map(
    (service) => spanOf(service)?.from ?? '',
  );
  expect(began).toEqual(began.toSorted((a, b) => Date.parse(a) - Date.parse(b)));
  for (const { requests } of value.spans)
    expect(requests.map((request) => request.requestId)).not.toContain(
      'req-11111111-1111-4111-8111-111111111111',
    );
  const bounded = value.clocks.filter(({ state }) => state === 'bounded');
  expect(bounded.length).toBeGreaterThanOrEqual(2);
  expect(
    bounded.filter(({ lowerMs, upperMs }) => lowerMs !== undefined && upperMs !== undefined),
  ).not.toEqual([]);
  for (const { lowerMs = 0, upperMs = 0, host } of bounded) {
    expect(lowerMs, host).toBeLessThanOrEqual(0);
    expect(upperMs, host).toBeGreaterThanOrEqual(0);
  }
  expect(value.clocks.filter(({ state }) => state === 'contradictory')).toEqual([]);
  // From a request of Placement the same is found.
  const inner = spanOf('placement')?.requests[0]?.requestId ?? '';
  const again = await timelineOf(inner, { sources: sources(), from });
  expect(again.value.spans.map(({ service }) => service).toSorted()).toEqual(
    value.spans.map(({ service }) => service).toSorted(),
  );
  expect(timelinePage(timeline)).toContain('compute-');
});

test('no valid host: where it failed first, and what was said meanwhile', async () => {
  const from = new Date(Date.now() - 1000).toISOString();
  const { requestId, status } = await create({ 'trait:STORAGE_DISK_SSD': 'required' });
  expect(status).toBe('ERROR');
  const to = new Date().toISOString();
  const timeline = await timelineOf(requestId, { sources: sources(), from });
  console.log(timelineText(timeline));
  expect(timeline.value).toMatchObject({
    outcome: 'failed',
    failedFirst: { service: 'nova-conductor', logger: 'nova.conductor.manager', isSureToBeFirst: true },
  });
  expect(timeline.value.failedFirst?.exception).toContain('No valid host was found');
  expect(timeline.value.spans.some(({ service }) => service.startsWith('compute-'))).toBe(false);
  const { value } = await saidBetween(sources(), { from, to, level: 'error' });
  const conductor = value.sources.find(({ service }) => service === 'nova-conductor');
  expect(conductor?.said.map(({ template }) => template)).toContainEqual(
    expect.stringContaining('Failed to schedule instances'),
  );
});
