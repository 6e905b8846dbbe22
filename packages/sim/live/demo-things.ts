import type { Cloud } from '@groundcrew/core';
import type { CleanUp } from './clean-up.ts';
import { unique } from './parity-clouds.ts';

export interface Things {
  readonly [kind: string]: string;
}

/** One thing of each kind, of project `demo`. */
export async function things(cloud: Cloud, clean: CleanUp): Promise<Things> {
  const name = unique('mine');
  const { network: net, image, compute, blockStorage, identity } = cloud;
  const token = await cloud.token();
  const user = token?.user?.id ?? '';
  const [external] = await Array.fromAsync(net.networks.list({ 'router:external': true }));
  const network = await net.networks.create({ name });
  clean.later(() => net.networks.delete({ id: network.id }));
  const subnet = await net.subnets.create({ network_id: network.id, ip_version: 4, cidr: '10.97.0.0/24' });
  const port = await net.ports.create({ network_id: network.id });
  clean.later(() => net.ports.delete({ id: port.id }, { missingOk: true }));
  const router = await net.routers.create({ name });
  clean.later(() => net.routers.delete({ id: router.id }, { missingOk: true }));
  const group = await net.securityGroups.create({ name });
  clean.later(() => net.securityGroups.delete({ id: group.id }, { missingOk: true }));
  const rule = await net.securityGroupRules.create({ security_group_id: group.id, direction: 'ingress' });
  const floatingIp = await net.floatingIps.create({ floating_network_id: external?.id ?? '' });
  clean.later(() => net.floatingIps.delete({ id: floatingIp.id }, { missingOk: true }));
  const images: Record<string, string> = {};
  for (const visibility of ['private', 'shared', 'community'] as const) {
    const { id } = await image.images.create({
      name,
      visibility,
      disk_format: 'raw',
      container_format: 'bare',
    });
    clean.later(() => image.images.delete({ id }, { missingOk: true }));
    await image.data.upload({ id }, new Uint8Array(1024));
    images[`${visibility} image`] = id;
  }
  await compute.keypairs.create({ name, public_key: KEY });
  clean.later(() => compute.keypairs.delete({ id: name }, { missingOk: true }));
  const volume = await blockStorage.volumes.create({ size: 1, name });
  clean.later(async () => {
    await blockStorage.volumes.waitGone(volume.id);
  });
  clean.later(() => blockStorage.volumes.delete({ id: volume.id }, { missingOk: true }));
  await blockStorage.volumes.waitFor(volume.id, 'available', { interval: 300 });
  const snapshot = await blockStorage.snapshots.create({ volume_id: volume.id });
  clean.later(() => blockStorage.snapshots.waitGone(snapshot.id));
  clean.later(() => blockStorage.snapshots.delete({ id: snapshot.id }, { missingOk: true }));
  const flavors = await Array.fromAsync(compute.flavors.list());
  const { servers } = compute.at('2.37');
  const server = await servers.create({
    name,
    imageRef: images['private image'] ?? '',
    flavorRef: flavors.toSorted((a, b) => a.ram - b.ram)[0]?.id ?? '',
    networks: 'none',
  });
  clean.later(async () => {
    await servers.delete({ id: server.id }, { missingOk: true });
    await servers.waitGone(server.id);
  });
  await servers.waitFor(server.id, 'ACTIVE', { interval: 300 });
  const credential = await identity.applicationCredentials.create({ user_id: user, name });
  clean.later(() =>
    identity.applicationCredentials.delete({ user_id: user, id: credential.id }, { missingOk: true }),
  );
  return {
    name,
    server: server.id,
    volume: volume.id,
    snapshot: snapshot.id,
    ...images,
    network: network.id,
    external: external?.id ?? '',
    subnet: subnet.id,
    port: port.id,
    router: router.id,
    group: group.id,
    rule: rule.id,
    floatingIp: floatingIp.id,
    project: token?.project?.id ?? '',
    user,
    credential: credential.id,
  };
}

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHrqlb0z7v7dBbDTRQ5VOzVz5oTzZlzP4bYgM0kYk0Qk parity@groundcrew';
