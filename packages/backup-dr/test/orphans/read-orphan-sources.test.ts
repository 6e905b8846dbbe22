import { connect } from '@groundcrew/core';
import { type CommandResult, HostUnreachableError } from '@groundcrew/runbook/hosts';
import { simulateCloud } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import { findOrphans, readOrphanSources } from '../../src/control-plane.ts';

const GONE = '5d05f629-cdd0-41f0-9a0e-0242ac110002';

async function scene(as: object = {}) {
  const simulated = simulateCloud({ scenario: 'small' });
  const { connectOptions } = await simulated.listen();
  const admin = connect({ ...connectOptions, clock: simulated.clock });
  const cloud = connect({
    ...connectOptions,
    auth: { ...connectOptions.auth, ...as },
    clock: simulated.clock,
  });
  onTestFinished(async () => {
    await cloud[Symbol.asyncDispose]();
    await admin[Symbol.asyncDispose]();
    await simulated.close();
  });
  return { simulated, admin, cloud };
}

const failsOf = (sources: Parameters<typeof findOrphans>[0]) =>
  findOrphans(sources)
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ id, subject }) => [id, subject.id]);

/** What `virsh list` of a host prints: all, and those that run. */
const virsh = (all: string, running: string) => ({
  async run(command: readonly [string, ...string[]]): Promise<CommandResult> {
    const stdout = command.includes('--all') ? all : running;
    return { host: 'h', command, exitCode: 0, stdout, stderr: '', dropped: 0, durationMs: 0 };
  },
});

test('of a cloud as it was made nothing disagrees', async () => {
  const { cloud } = await scene();
  const findings = findOrphans(await readOrphanSources(cloud));
  expect(findings.map(({ verdict }) => verdict)).toEqual(findings.map(() => 'pass'));
});

test('a port, an attachment and a guest of a server that there is not', async () => {
  const { admin, cloud } = await scene();
  const network = (await Array.fromAsync(admin.network.networks.list()))[0]?.id ?? '';
  const port = await admin.network.ports.create({
    network_id: network,
    device_id: GONE,
    device_owner: 'compute:nova',
  });
  const volume = await admin.blockStorage.volumes.create({ size: 1, name: 'data' });
  await admin.blockStorage.volumes.waitFor(volume.id, 'available');
  const attachment = await admin.blockStorage
    .at('3.27')
    .attachments.create({ volume_uuid: volume.id, instance_uuid: GONE });
  const line = ` ${GONE} instance-0000001f\n\n`;
  const sources = await readOrphanSources(cloud, { hosts: { 'compute-x': virsh(line, line) } });
  const fails = failsOf(sources);
  expect(fails).toContainEqual(['backup-dr.orphan-port', port.id]);
  expect(fails).toContainEqual(['backup-dr.orphan-guest', GONE]);
  const ofVolume = fails.filter(([, id]) => id === volume.id || id === attachment.id);
  expect(ofVolume).toEqual([['backup-dr.orphan-attachment', attachment.id]]);
});

test('a server that came while the lists were read is asked for, and not taken for gone', async () => {
  const { admin, cloud } = await scene();
  const flavor = await admin.compute.flavors.find('m1.nano');
  const image = await admin.image.images.find('cirros');
  const { id } = await admin.compute
    .at('2.74')
    .servers.create({ name: 'late', flavorRef: flavor.id, imageRef: image.id, networks: 'none' });
  await admin.compute.servers.waitFor(id, 'ACTIVE');
  const whole = await readOrphanSources(cloud);
  // The list of before that server was made.
  const servers = {
    ...whole.nova.servers,
    value: whole.nova.servers.value.filter((server) => server.id !== id),
  };
  const inventory = { servers, volumes: whole.cinder.volumes, ports: whole.neutron.ports };
  const hosts = { 'compute-x': virsh(`${id} instance-00000001\n`, '') };
  const sources = await readOrphanSources(cloud, { inventory: inventory as never, hosts });
  expect(sources.nova.servers.value.map((server) => server.id)).toContain(id);
  expect(sources.nova.servers.completeness).toBe('complete');
});

test('a server that waits for a yes to its move holds resources on both hosts, and nothing disagrees', async () => {
  const { admin, cloud } = await scene();
  const flavor = await admin.compute.flavors.find('m1.nano');
  const image = await admin.image.images.find('cirros');
  const { id } = await admin.compute
    .at('2.74')
    .servers.create({ name: 'moves', flavorRef: flavor.id, imageRef: image.id, networks: 'none' });
  await admin.compute.servers.waitFor(id, 'ACTIVE');
  await admin.compute.servers.migrate({ id });
  await admin.compute.servers.waitFor(id, 'VERIFY_RESIZE');
  const sources = await readOrphanSources(cloud);
  const held = sources.placement?.allocations.value.map(({ consumer }) => consumer);
  const [move] = sources.placement?.migrations.value.filter((one) => one.instance_uuid === id) ?? [];
  expect(held).toEqual(expect.arrayContaining([id, move?.uuid]));
  expect(failsOf(sources)).toEqual([]);
});

test('a user who may not see all is told that not all was seen, and a host that is not reached is a gap', async () => {
  const { cloud } = await scene({ username: 'demo', project_name: 'demo' });
  const away = {
    run: () => Promise.reject(new HostUnreachableError('compute-x', 'no route', { mayHaveRun: false })),
  };
  const sources = await readOrphanSources(cloud, { hosts: { 'compute-x': away } });
  expect(sources.hypervisor?.['compute-x']).toMatchObject({ completeness: 'failed', value: [] });
  const findings = findOrphans(sources);
  expect(findings.filter(({ verdict }) => verdict === 'pass')).toEqual([]);
});

test('options that there are not are refused by their name', async () => {
  const { cloud } = await scene();
  await expect(readOrphanSources(cloud, { misspelt: 1 } as never)).rejects.toMatchObject({
    field: 'misspelt',
  });
});
