import { type Cloud, isGroundcrewError } from '@groundcrew/core';

/** The value of a call, or all that a caller sees of its error: not where it was sent, which differs. */
async function outcome<T>(work: Promise<T>): Promise<unknown> {
  try {
    return { value: await work };
  } catch (error) {
    if (!isGroundcrewError(error)) throw error;
    const seen = [
      'code',
      'status',
      'fault',
      'body',
      'requestIds',
      'retryAfterMs',
      'isConfirmed',
      'attempts',
      'field',
    ] as const;
    return {
      name: error.name,
      message: error.message,
      ...Object.fromEntries(seen.map((name) => [name, Reflect.get(error, name)])),
    };
  }
}

/** What a program that takes stock of a cloud sees: pages, single things, quotas, versions, errors; wherever the cloud is. */
export async function inventory(cloud: Cloud, origin: string): Promise<Readonly<Record<string, unknown>>> {
  const seen = JSON.stringify(await takeStock(cloud)).replaceAll(origin, 'ORIGIN');
  return JSON.parse(seen) as Readonly<Record<string, unknown>>;
}

async function takeStock(cloud: Cloud): Promise<object> {
  const { compute, network, blockStorage, image, identity } = cloud;
  const project = (await cloud.token())?.project?.id ?? '';
  return {
    servers: await outcome(
      Array.fromAsync(compute.at('2.79').servers.list({ all_tenants: true, limit: 20 })),
    ),
    unpinned: await outcome(Array.fromAsync(compute.servers.list({ all_tenants: true }))),
    none: await outcome(compute.servers.get({ id: '00000000-0000-4000-8000-000000000000' })),
    flavors: await outcome(Array.fromAsync(compute.flavors.list())),
    keypairs: await outcome(Array.fromAsync(compute.keypairs.list())),
    groups: await outcome(Array.fromAsync(compute.serverGroups.list())),
    hypervisors: await outcome(Array.fromAsync(compute.hypervisors.list({}, { timeout: 250, retries: 0 }))),
    quota: await outcome(compute.quotaSets.get({ id: project })),
    range: await outcome(cloud.supports('compute', '2.95')),
    versions: await outcome(
      cloud.versions('compute').then((all) => all.map(({ id, min, max }) => [id, min, max])),
    ),
    networks: await outcome(Array.fromAsync(network.networks.list({ limit: 1 }))),
    subnets: await outcome(Array.fromAsync(network.subnets.list())),
    routers: await outcome(Array.fromAsync(network.routers.list())),
    ports: await outcome(Array.fromAsync(network.ports.list())),
    agents: await outcome(Array.fromAsync(network.agents.list())),
    volumes: await outcome(Array.fromAsync(blockStorage.volumes.list({ all_tenants: true, limit: 7 }))),
    images: await outcome(Array.fromAsync(image.images.list({ limit: 1 }))),
    projects: await outcome(Array.fromAsync(identity.projects.list())),
  };
}
