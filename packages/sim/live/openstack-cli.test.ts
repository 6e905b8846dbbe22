import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenstackShell } from '@groundcrew/lab';
import { simulateCloud, virtualClock } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Somebody else's client, unmodified, is the judge. It compares tokens with the machine's clock: so this cloud begins now. */
const cloud = simulateCloud({ seed: 11, clock: virtualClock(Date.now(), { mode: 'hand' }) });
let shell: OpenstackShell;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'groundcrew-cli-'));
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('OS_') && !/_proxy$/i.test(name),
  );
  const { env } = await cloud.listen({ speed: 20 });
  shell = new OpenstackShell({ ...Object.fromEntries(inherited), HOME: folder, ...env }, { cwd: folder });
});

afterAll(async () => {
  await shell[Symbol.asyncDispose]();
  await cloud.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the command answers as JSON. */
const json = async (line: string) =>
  (await shell.json(line)) as Record<string, unknown> & Record<string, unknown>[];

test('tokens, the catalogue, people', async () => {
  expect((await json('token issue'))['id']).toMatch(/^gAAAA/);
  expect((await json('catalog list')).map((service) => service['Type'])).toEqual(
    expect.arrayContaining(['compute', 'image', 'network', 'placement']),
  );
  expect((await json('project list')).map((project) => project['Name'])).toEqual(
    expect.arrayContaining(['admin', 'demo', 'service']),
  );
});

test('a server, from create to delete', async () => {
  const made = await json(
    'server create --flavor m1.tiny --image cirros --network private --wait cli-server',
  );
  expect(made['status']).toBe('ACTIVE');
  expect((await json('server list')).map((server) => [server['Name'], server['Status']])).toContainEqual([
    'cli-server',
    'ACTIVE',
  ]);
  expect((await json('server show cli-server'))['OS-EXT-SRV-ATTR:host']).toMatch(/^compute-/);
  await shell.ask('server delete --wait cli-server');
  expect(await json('server list')).toEqual([]);
});

test('a volume, a network, a rule', async () => {
  expect((await json('volume create --size 1 cli-volume'))['size']).toBe(1);
  expect((await json('volume list')).map((volume) => volume['Name'])).toContain('cli-volume');
  expect((await json('network create cli-network'))['status']).toBe('ACTIVE');
  await shell.ask('security group create cli-group');
  const rule = await json('security group rule create --protocol tcp --dst-port 22 cli-group');
  expect(rule['port_range_min']).toBe(22);
  await expect(
    shell.ask('security group rule create --protocol tcp --dst-port 22 cli-group'),
  ).rejects.toThrow(/already exists/);
});

test('an image goes up and comes down unchanged', async () => {
  const file = join(folder, 'image.raw');
  await writeFile(file, Buffer.alloc(3_000_000, 'groundcrew'));
  await shell.ask(`image create --disk-format raw --container-format bare --file ${file} cli-image`);
  expect((await json('image list')).map((image) => [image['Name'], image['Status']])).toContainEqual([
    'cli-image',
    'active',
  ]);
  await shell.ask(`image save --file ${join(folder, 'saved')} cli-image`);
  expect((await readFile(join(folder, 'saved'))).equals(await readFile(file))).toBe(true);
});

test("the operator's lists", async () => {
  expect((await json('hypervisor list')).map((hypervisor) => hypervisor['State'])).toEqual([
    'up',
    'up',
    'up',
  ]);
  expect((await json('compute service list')).map((service) => service['Binary'])).toEqual(
    expect.arrayContaining(['nova-compute', 'nova-scheduler']),
  );
  expect((await json('network agent list')).every((agent) => agent['Alive'] === true)).toBe(true);
  expect((await json('flavor list')).map((flavor) => flavor['Name'])).toContain('m1.tiny');
});
