import type { Cloud } from '@groundcrew/core';

/** What a project had before the hop, and must have after it. */
export interface Estate {
  readonly image: string;
  readonly flavor: string;
  readonly network: string;
  /** Servers that run, one that is stopped, and one that is moved about all the time. */
  readonly running: readonly string[];
  readonly stopped: string;
  readonly moving: string;
  /** At the first of those that run. */
  readonly volume: string;
}

const NOVA = '2.79';
const QUICK = { interval: '500ms', patience: '3m' } as const;

/** Makes it in the project of the client. */
export async function makeEstate(cloud: Cloud): Promise<Estate> {
  const nova = cloud.compute.at(NOVA);
  const image = await cloud.image.images.create({
    name: 'hop',
    disk_format: 'raw',
    container_format: 'bare',
  });
  await cloud.image.data.upload({ id: image.id }, new Uint8Array(65_536));
  const network = await cloud.network.networks.create({ name: 'hop' });
  await cloud.network.subnets.create({
    name: 'hop',
    network_id: network.id,
    ip_version: 4,
    cidr: '192.0.2.0/24',
  });
  const { id: flavor } = await nova.flavors.find('m1.nano');
  const boot = async (name: string): Promise<string> => {
    const { id } = await nova.servers.create({
      name,
      imageRef: image.id,
      flavorRef: flavor,
      networks: [{ uuid: network.id }],
    });
    await nova.servers.waitFor(id, 'ACTIVE', QUICK);
    return id;
  };
  const running = [await boot('hop-1'), await boot('hop-2'), await boot('hop-3')];
  const stopped = await boot('hop-stopped');
  await nova.servers.stop({ id: stopped });
  await nova.servers.waitFor(stopped, 'SHUTOFF', QUICK);
  const moving = await boot('hop-moving');
  const { id: volume } = await cloud.blockStorage.volumes.create({ name: 'hop', size: 1 });
  await cloud.blockStorage.volumes.waitFor(volume, 'available', QUICK);
  await nova.volumeAttachments.create({ server_id: running[0] ?? '', volumeId: volume });
  await cloud.blockStorage.volumes.waitFor(volume, 'in-use', QUICK);
  return { image: image.id, flavor, network: network.id, running, stopped, moving, volume };
}

/** What one sees of it, in words that are the same if all is as it was. */
export async function estateNow(cloud: Cloud, { volume }: Estate): Promise<readonly string[]> {
  const servers = await Array.fromAsync(cloud.compute.at(NOVA).servers.list({ name: '^hop-' }));
  const { status, attachments } = await cloud.blockStorage.volumes.get({ id: volume });
  return [
    ...servers
      .map(
        ({ name, status: state, addresses, ...more }) =>
          `${name} ${state} ${more['OS-EXT-STS:task_state'] ?? 'idle'} ${JSON.stringify(
            Object.values(addresses ?? {})
              .flat()
              .map(({ addr }) => addr),
          )}`,
      )
      .toSorted((a, b) => a.localeCompare(b)),
    `volume ${status} at ${attachments.map(({ server_id }) => server_id).join()}`,
  ];
}
