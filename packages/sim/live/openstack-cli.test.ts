import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { simulateCloud, virtualClock } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);

/** Somebody else's client, unmodified, is the judge. It compares tokens with the machine's clock: so this cloud begins now. */
const cloud = simulateCloud({ seed: 11, clock: virtualClock(Date.now(), { mode: 'hand' }) });
let env: Record<string, string | undefined>;
let folder: string;

beforeAll(async () => {
  try {
    execFileSync('openstack', ['--version'], { stdio: 'ignore' });
  } catch {
    throw new Error('this test needs the `openstack` command: apt install python3-openstackclient');
  }
  folder = await mkdtemp(join(tmpdir(), 'groundcrew-cli-'));
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('OS_') && !/_proxy$/i.test(name),
  );
  env = { ...Object.fromEntries(inherited), HOME: folder, ...(await cloud.listen({ speed: 20 })).env };
});

afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true, force: true });
});

const openstack = async (...words: string[]): Promise<string> => {
  const { stdout } = await run('openstack', words, { env, cwd: folder });
  return stdout.trim();
};
/** What the command answers as JSON. */
const json = async (...words: string[]) =>
  JSON.parse(await openstack(...words, '-f', 'json')) as Record<string, unknown> & Record<string, unknown>[];

test('tokens, the catalogue, people', async () => {
  expect((await json('token', 'issue'))['id']).toMatch(/^gAAAA/);
  expect((await json('catalog', 'list')).map((service) => service['Type'])).toEqual(
    expect.arrayContaining(['compute', 'image', 'network', 'placement']),
  );
  expect((await json('project', 'list')).map((project) => project['Name'])).toEqual(
    expect.arrayContaining(['admin', 'demo', 'service']),
  );
});

test('a server, from create to delete', async () => {
  const made = await json(
    'server',
    'create',
    '--flavor',
    'm1.tiny',
    '--image',
    'cirros',
    '--network',
    'private',
    '--wait',
    'cli-server',
  );
  expect(made['status']).toBe('ACTIVE');
  expect((await json('server', 'list')).map((server) => [server['Name'], server['Status']])).toContainEqual([
    'cli-server',
    'ACTIVE',
  ]);
  expect((await json('server', 'show', 'cli-server'))['OS-EXT-SRV-ATTR:host']).toMatch(/^compute-/);
  await openstack('server', 'delete', '--wait', 'cli-server');
  expect(await json('server', 'list')).toEqual([]);
});

test('a volume, a network, a rule', async () => {
  expect((await json('volume', 'create', '--size', '1', 'cli-volume'))['size']).toBe(1);
  expect((await json('volume', 'list')).map((volume) => volume['Name'])).toContain('cli-volume');
  expect((await json('network', 'create', 'cli-network'))['status']).toBe('ACTIVE');
  await openstack('security', 'group', 'create', 'cli-group');
  const rule = await json(
    'security',
    'group',
    'rule',
    'create',
    '--protocol',
    'tcp',
    '--dst-port',
    '22',
    'cli-group',
  );
  expect(rule['port_range_min']).toBe(22);
  await expect(
    openstack('security', 'group', 'rule', 'create', '--protocol', 'tcp', '--dst-port', '22', 'cli-group'),
  ).rejects.toThrow(/already exists/);
});

test('an image goes up and comes down unchanged', async () => {
  const file = join(folder, 'image.raw');
  await writeFile(file, Buffer.alloc(3_000_000, 'groundcrew'));
  await openstack(
    'image',
    'create',
    '--disk-format',
    'raw',
    '--container-format',
    'bare',
    '--file',
    file,
    'cli-image',
  );
  expect((await json('image', 'list')).map((image) => [image['Name'], image['Status']])).toContainEqual([
    'cli-image',
    'active',
  ]);
  await openstack('image', 'save', '--file', join(folder, 'saved'), 'cli-image');
  expect((await readFile(join(folder, 'saved'))).equals(await readFile(file))).toBe(true);
});

test("the operator's lists", async () => {
  expect((await json('hypervisor', 'list')).map((hypervisor) => hypervisor['State'])).toEqual([
    'up',
    'up',
    'up',
  ]);
  expect((await json('compute', 'service', 'list')).map((service) => service['Binary'])).toEqual(
    expect.arrayContaining(['nova-compute', 'nova-scheduler']),
  );
  expect((await json('network', 'agent', 'list')).every((agent) => agent['Alive'] === true)).toBe(true);
  expect((await json('flavor', 'list')).map((flavor) => flavor['Name'])).toContain('m1.tiny');
});
