import type { Cloud } from '@groundcrew/core';
import type { CleanUp } from './clean-up.ts';
import type { Known } from './sweep.ts';
import { unique } from './parity-clouds.ts';

/** One thing of each kind that a look needs, in the administrator's project. */
export async function populate(cloud: Cloud, clean: CleanUp): Promise<Known> {
  const name = unique('sweep');
  const { network: net, image: glance, compute, blockStorage, identity, placement } = cloud;
  const token = await cloud.token();
  const [user, project] = [token?.user?.id ?? '', token?.project?.id ?? ''];

  const [external] = await Array.fromAsync(net.networks.list({ 'router:external': true }));
  const network = await net.networks.create({ name });
  clean.later(() => net.networks.delete({ id: network.id }));
  const subnet = await net.subnets.create({ network_id: network.id, ip_version: 4, cidr: '10.107.0.0/24' });
  const router = await net.routers.create({
    name,
    external_gateway_info: { network_id: external?.id ?? '' },
  });
  clean.later(() => net.routers.delete({ id: router.id }));
  await net.routers.addInterface({ id: router.id, subnet_id: subnet.id });
  clean.later(() => net.routers.removeInterface({ id: router.id, subnet_id: subnet.id }));
  const group = await net.securityGroups.create({ name });
  clean.later(() => net.securityGroups.delete({ id: group.id }));
  const rule = await net.securityGroupRules.create({ security_group_id: group.id, direction: 'ingress' });
  const floatingIp = await net.floatingIps.create({ floating_network_id: external?.id ?? '' });
  clean.later(() => net.floatingIps.delete({ id: floatingIp.id }));
  const [agent] = await Array.fromAsync(net.agents.list());

  const image = await glance.images.create({ name, disk_format: 'raw', container_format: 'bare' });
  clean.later(() => glance.images.delete({ id: image.id }));
  await glance.data.upload({ id: image.id }, new Uint8Array(1024));
  await glance.members.create({ image_id: image.id, member: project }).catch(() => undefined);

  const [hypervisor] = await Array.fromAsync(compute.hypervisors.list());
  const aggregate = await compute.aggregates.create({ name });
  clean.later(() => compute.aggregates.delete({ id: aggregate.id }));
  const flavors = await Array.fromAsync(compute.flavors.list());
  const flavor = flavors.toSorted((a, b) => a.ram - b.ram)[0]?.id ?? '';
  const servers = compute.servers;
  const made = await servers.create({
    name,
    imageRef: image.id,
    flavorRef: flavor,
    networks: [{ uuid: network.id }],
  });
  clean.later(async () => {
    await servers.delete({ id: made.id });
    await servers.waitGone(made.id);
  });
  await servers.waitFor(made.id, 'ACTIVE', { interval: 300 });
  await compute.serverMetadata.merge({ server_id: made.id, metadata: { key: 'value' } });
  const [action] = await Array.fromAsync(compute.instanceActions.list({ server_id: made.id }));
  const [port] = await Array.fromAsync(net.ports.list({ device_id: made.id }));
  const serverGroup = await compute.serverGroups.create({ name, policies: ['affinity'] });
  clean.later(() => compute.serverGroups.delete({ id: serverGroup.id }));
  await compute.keypairs.create({ name, public_key: KEY });
  clean.later(() => compute.keypairs.delete({ id: name }));

  const { volumes, snapshots } = blockStorage;
  const volume = await volumes.create({ size: 1, name, metadata: { key: 'value' } });
  clean.later(() => volumes.waitGone(volume.id));
  clean.later(() => volumes.delete({ id: volume.id }));
  await volumes.waitFor(volume.id, 'available', { interval: 300 });
  const snapshot = await snapshots.create({ volume_id: volume.id, metadata: { key: 'value' } });
  clean.later(() => snapshots.waitGone(snapshot.id));
  clean.later(() => snapshots.delete({ id: snapshot.id }));
  await snapshots.waitFor(snapshot.id, 'available', { interval: 300 });
  const [type] = await Array.fromAsync(blockStorage.volumeTypes.list());

  const credential = await identity.applicationCredentials.create({ user_id: user, name });
  clean.later(() => identity.applicationCredentials.delete({ user_id: user, id: credential.id }));
  const people = await identity.groups.create({ name });
  clean.later(() => identity.groups.delete({ id: people.id }));
  const role = await identity.roles.find('admin');
  const [service] = await Array.fromAsync(identity.services.list());
  const [endpoint] = await Array.fromAsync(identity.endpoints.list());
  const [region] = await Array.fromAsync(identity.regions.list());
  const [provider] = await Array.fromAsync(placement.resourceProviders.list());

  const ids: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
    network: {
      networks: network.id,
      subnets: subnet.id,
      ports: port?.id,
      routers: router.id,
      'security-groups': group.id,
      'security-group-rules': rule.id,
      floatingips: floatingIp.id,
      agents: agent?.id,
      'network-ip-availabilities': network.id,
      quotas: project,
      extensions: 'router',
    },
    image: { images: image.id, members: project },
    compute: {
      servers: made.id,
      'os-hypervisors': String(hypervisor?.id ?? ''),
      'os-aggregates': String(aggregate.id),
      flavors: flavor,
      'os-instance-actions': action?.request_id,
      'os-interface': port?.id,
      ips: network.name,
      metadata: 'key',
      'os-server-groups': serverGroup.id,
      'os-keypairs': name,
      'os-quota-sets': project,
      'os-quota-class-sets': 'default',
      'os-simple-tenant-usage': project,
    },
    blockStorage: {
      volumes: volume.id,
      snapshots: snapshot.id,
      metadata: 'key',
      types: type?.id,
      'os-quota-sets': project,
      'os-quota-class-sets': 'default',
    },
    identity: {
      users: user,
      projects: project,
      groups: people.id,
      roles: role.id,
      services: service?.id,
      endpoints: endpoint?.id,
      regions: region?.id,
      domains: 'default',
      application_credentials: credential.id,
    },
    placement: { resource_providers: provider?.uuid, resource_classes: 'VCPU', inventories: 'VCPU' },
  };
  return Object.fromEntries(
    Object.entries(ids).flatMap(([of, kinds]) =>
      Object.entries(kinds).map(([kind, id]) => [`${of} ${kind}`, id ?? '']),
    ),
  );
}

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHrqlb0z7v7dBbDTRQ5VOzVz5oTzZlzP4bYgM0kYk0Qk parity@groundcrew';
