import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Cloud, connect } from '@groundcrew/core';
import { ensureLab, freePorts, type Lab, startDaemon, waitUntil } from '@groundcrew/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assess, observe, RecordReader } from '../src/index.ts';
import { entryOf } from '../src/catalogue.ts';
import { relevelled } from '../src/relevel.ts';

// Messages of the catalogue, as real services of the lab say them.
let lab: Lab;
let folder: string;
const undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  lab = await ensureLab({});
  folder = await mkdtemp(path.join(tmpdir(), 'groundcrew-catalogue-'));
}, 35 * 60_000);
afterAll(async () => {
  for (const step of undo.toReversed()) await step();
  await rm(folder, { recursive: true });
});

test("the talk's case: real Glance says ERROR of a store that it goes on without; by its rule it is a WARNING", async () => {
  const [port = 0] = await freePorts(1);
  // The store of the lab's own Glance is elsewhere, and its configuration is read, not written.
  const more = path.join(folder, 'more.conf');
  await writeFile(
    more,
    `[DEFAULT]\nbind_port = ${port}\nworkers = 0\n[file]\nfilesystem_store_datadir = /dev/null/images\n`,
  );
  const own = path.join(path.dirname(lab.cloudsYaml), 'lab', 'etc', 'glance', 'glance-api.conf');
  const log = path.join(folder, 'glance-api.log');
  const glance = await startDaemon(
    ['glance-api', '--config-file', own, '--config-file', more, '--log-file', log],
    {
      ready: () => answers(port),
      within: 120_000,
    },
  );

  undo.push(() => glance.stop());

  const records = await recordsOf(log);
  const seen = await Array.fromAsync(relevelled(records, { release: 'zed' }));
  const changed = seen.filter(({ was, level }) => was === 'error' && level === 'warning');
  expect(changed.map(({ logger }) => logger)).toContain('glance_store._drivers.filesystem');
  expect(changed[0]?.message).toMatch(/^Unable to create datadir: \/dev\/null\/images/);
  expect(changed[0]?.because.map(({ statement }) => statement)[1]).toContain('Glance goes on');
  // Glance itself, of the same store, at the level that we say, and it serves.
  const again = seen.find(
    ({ logger, message }) => logger === 'glance_store.driver' && message.includes('Disabling add'),
  );
  expect(again?.was).toBe('warning');
  expect(await answers(port)).toBe(true);

  const found = assess(await observe(folder), { release: 'zed' }).filter(({ verdict }) => verdict === 'fail');
  expect(found.map(({ subject }) => subject.id)).toContain(
    'glance_store._drivers.filesystem: Unable to create datadir: *',
  );
}, 180_000);

test('twenty further messages, of requests that any client can make and of the start of services', async () => {
  const as = (who: 'admin' | 'member'): Cloud =>
    connect({ cloud: lab.cloud(who), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  const [admin, member] = [as('admin'), as('member')];
  const before = await sizesOf(lab.logs);
  const name = `groundcrew-catalogue-${process.pid}`;
  const absent = '11111111-1111-4111-8111-111111111111';

  await refused(member.request('identity', { path: 'users' }));
  await refused(admin.request('identity', { path: `projects/${absent}` }));
  await admin.request('identity', { path: 'policies' });
  const project = { project: { name, domain_id: 'default' } };
  const made = await admin.request('identity', { method: 'POST', path: 'projects', body: project });
  try {
    await refused(admin.request('identity', { method: 'POST', path: 'projects', body: project }));
    await refused(
      admin.request('identity', { method: 'POST', path: 'projects', body: { project: { name: 7 } } }),
    );
  } finally {
    const { id } = (made.body as { project: { id: string } }).project;
    await admin.request('identity', { method: 'DELETE', path: `projects/${id}` });
  }
  await refused(member.request('network', { path: 'vpn/vpnservices' }));
  await refused(member.request('image', { method: 'DELETE', path: `images/${absent}` }));
  // Only a shared image has members, and one is shared by default.
  const visibility = 'private';
  const image = await member.image.images.create({
    name,
    visibility,
    disk_format: 'raw',
    container_format: 'bare',
  });
  try {
    await refused(
      member.request('image', {
        method: 'POST',
        path: `images/${image.id}/members`,
        body: { member: absent },
      }),
    );
    await member.image.data.upload({ id: image.id }, new Uint8Array(1024));
    await refused(member.image.data.upload({ id: image.id }, new Uint8Array(1024)));
  } finally {
    await member.image.images.delete({ id: image.id });
  }

  const seen = new Set<string>();
  const isThere = async (): Promise<boolean> => {
    for (const file of await logsIn(lab.logs))
      for (const record of await recordsOf(file, before.get(file) ?? 0)) {
        const entry = entryOf(record);
        if (entry !== undefined) seen.add(entry.id);
      }
    return REQUESTED.every((id) => seen.has(id));
  };
  await waitUntil(isThere, { within: 30_000, what: 'the messages of the requests' }).catch(() => undefined);
  expect([...seen]).toEqual(expect.arrayContaining(REQUESTED));

  // What a process says once, at its start or at a first request, stands in its log since the lab was started.
  const started = new Set<string>();
  for (const file of await logsIn(lab.logs))
    for (const record of await recordsOf(file)) started.add(entryOf(record)?.id ?? '');
  expect([...started]).toEqual(expect.arrayContaining(STARTED));
}, 180_000);

/** By the requests above. */
const REQUESTED = [
  'keystone-forbidden',
  'keystone-not-found',
  'keystone-conflict',
  'keystone-schema',
  'keystone-password-length',
  'neutron-no-controller',
  'glance-delete-absent',
  'glance-members-forbidden',
  'glance-image-transition',
];

const STARTED = [
  // Once in each process, at the first request.
  'keystone-v3-policy-list',
  'neutron-extension-name',
  'neutron-quota-registered',
  'neutron-loading-plugin',
  'neutron-initializing-type',
  'neutron-initializing-mechanism',
  'neutron-initializing-extension',
  'nova-loading-driver',
  'nova-looking-for-unclaimed',
  'cinder-initializing-driver',
  'messaging-manual-client',
];

const answers = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    ({ status }) => status === 300,
    () => false,
  );

const refused = (request: Promise<unknown>): Promise<void> =>
  request.then(
    () => expect.unreachable('it was not refused'),
    () => undefined,
  );

const logsIn = async (directory: string): Promise<string[]> =>
  (await readdir(directory))
    .filter((name) => name.endsWith('.log'))
    .map((name) => path.join(directory, name));

async function sizesOf(directory: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const file of await logsIn(directory)) sizes.set(file, (await readFile(file)).length);
  return sizes;
}

async function recordsOf(file: string, from = 0) {
  const reader = new RecordReader();
  const lines = (await readFile(file)).subarray(from).toString('utf8').split('\n');
  return [...lines.map((line) => reader.feed(line)), reader.end()].filter((record) => record !== undefined);
}
