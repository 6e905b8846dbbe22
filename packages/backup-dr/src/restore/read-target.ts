import { type Cloud, joinLists, mapList, observe, observeList, type Observed } from '@groundcrew/core';
import { InputError, optionsSchema, parseArguments, type ReadOptions, readOptions } from '@groundcrew/ground';
import { z } from 'zod';
import { readVersion } from '../point/microversions.ts';
import { FLOOR, readLists } from '../point/read-lists.ts';
import type { Wire } from '../point/tenant-point.ts';
import { whoseOf } from '../point/whose.ts';
import { textOf, toWire } from '../point/wire.ts';

/** What was seen of the place where a point is to be restored: all that a plan is decided from. */
export interface RestoreTarget {
  readonly at: string;
  readonly cloud: { readonly name: string; readonly region: string | null };
  readonly project: { readonly id: string; readonly name: string };
  /** Whether the user is an administrator, who may ask for certain floating addresses. */
  readonly admin: boolean;
  /** The newest microversions that both sides know; `undefined` where the service does not tell. */
  readonly microversions: {
    readonly compute: string | undefined;
    readonly blockStorage: string | undefined;
  };
  /** Aliases of Neutron's extensions. */
  readonly extensions: Observed<readonly string[]>;
  readonly flavors: Observed<readonly Wire[]>;
  readonly volumeTypes: Observed<readonly Wire[]>;
  /** Those that the user may see, whoever owns them. */
  readonly images: Observed<readonly Wire[]>;
  /** Those of the project, and external and shared ones. */
  readonly networks: Observed<readonly Wire[]>;
  readonly subnets: Observed<readonly Wire[]>;
  readonly routers: Observed<readonly Wire[]>;
  readonly ports: Observed<readonly Wire[]>;
  readonly securityGroups: Observed<readonly Wire[]>;
  /** Those that the user may see: of an administrator all of the cloud. */
  readonly floatingIps: Observed<readonly Wire[]>;
  readonly servers: Observed<readonly Wire[]>;
  readonly volumes: Observed<readonly Wire[]>;
  readonly serverGroups: Observed<readonly Wire[]>;
  /** Those of the project, by name; `unsupported` where the cloud has no object store. */
  readonly containers: Observed<readonly Wire[]>;
  /** The project's account in the object store, whose metadata has its quota. */
  readonly account: Observed<Wire | undefined>;
  /** This user's, who will be the owner of those that are restored. */
  readonly keypairs: Observed<readonly Wire[]>;
  /** Limits, with what is used of them. */
  readonly quotas: {
    readonly compute: Observed<Wire | undefined>;
    readonly volumes: Observed<Wire | undefined>;
    readonly network: Observed<Wire | undefined>;
  };
}

export interface ReadTargetOptions extends ReadOptions {
  /** Id or name of the project: that of the client's token. */
  readonly project: string;
}

const readTargetOptions = optionsSchema<ReadTargetOptions>({ ...readOptions, project: z.string().min(1) });

/** Networks whose subnets are asked for in one call. */
const NETWORKS_A_CALL = 50;

/**
 * Reads what a restore is planned against: names, sizes, types, networks and quotas of the target. It changes nothing.
 *
 * @param cloud - a client in the scope of the target's project: Nova and Cinder make things in the project of the token
 * @throws InputError if the token is of another project
 * @example
 * const target = cloud.scoped({ project_id });
 * const restore = planRestore(point, await readTarget(target, { project: 'shop-dr' }), { project: 'shop-dr' });
 */
export async function readTarget(cloud: Cloud, options: ReadTargetOptions): Promise<RestoreTarget> {
  parseArguments('readTarget', readTargetOptions, options);
  const read = { signal: options.signal };
  const at = new Date(cloud.clock.now()).toISOString();
  const whose = await whoseOf(cloud, 'readTarget', options.project, read);
  if (!whose.own)
    throw new InputError(
      `readTarget: project: the client's token is of another project than ${options.project}`,
      {
        field: 'project',
        operation: 'readTarget',
        remedy: `Use cloud.scoped({ project_id: '${whose.project.id}' }): Nova and Cinder make things in the token's project.`,
      },
    );
  const { project, visibility } = whose;
  const [{ version: compute }, { version: blockStorage }] = await Promise.all([
    readVersion(cloud, 'compute', read),
    readVersion(cloud, 'block-storage', read),
  ]);
  const clock = { now: () => cloud.clock.now() };
  const wires = (source: string, items: AsyncIterable<object>): Promise<Observed<readonly Wire[]>> =>
    observeList(source, mapList(items, toWire), clock);
  const wire = (source: string, reading: () => Promise<object>): Promise<Observed<Wire | undefined>> =>
    observe(source, async () => toWire(await reading()), clock);
  const nova = cloud.compute.at(compute ?? FLOOR.compute);
  const cinder = cloud.blockStorage.at(blockStorage ?? FLOOR.blockStorage);
  const { network, image } = cloud;
  const [
    lists,
    extensions,
    images,
    networks,
    floatingIps,
    containers,
    account,
    keypairs,
    ofCompute,
    ofVolumes,
    ofNetwork,
  ] = await Promise.all([
    readLists({ cloud, whose, compute, blockStorage, read }),
    observeList(
      'network extensions',
      mapList(network.extensions.list({}, read), ({ alias }) => alias),
      clock,
    ),
    wires(
      'images',
      // Glance leaves hidden images out of a list that does not ask for them, and servers are made from them all the same.
      joinLists(image.images.list({}, read), image.images.list({ os_hidden: true }, read)),
    ),
    wires(
      'networks',
      visibility.all
        ? // Of an administrator the plain list is the whole cloud.
          joinLists(
            network.networks.list({ project_id: project.id }, read),
            network.networks.list({ 'router:external': true }, read),
            network.networks.list({ shared: true }, read),
          )
        : network.networks.list({}, read),
    ),
    wires(
      'floating IPs',
      network.floatingIps.listFields(
        { fields: ['id', 'floating_ip_address', 'floating_network_id', 'project_id'] },
        read,
      ),
    ),
    wires('containers', cloud.objectStore.containers.list({}, read)),
    wire('object store account', () => cloud.objectStore.account.get({}, read)),
    wires('key pairs', nova.keypairs.list({}, read)),
    wire('compute quotas', () => nova.quotaSets.detail({ id: project.id }, read)),
    wire('volume quotas', () => cinder.quotaSets.getUsage({ id: project.id }, read)),
    wire('network quotas', () => network.quotas.details({ project_id: project.id }, read)),
  ]);
  const distinct = [...new Map(networks.value.map((seen) => [seen['id'], seen])).values()];
  const ids = distinct.flatMap((seen) => textOf(seen['id']) ?? []);
  const parts = Array.from({ length: Math.ceil(ids.length / NETWORKS_A_CALL) }, (_, part) =>
    network.subnets.list(
      { network_id: ids.slice(part * NETWORKS_A_CALL, (part + 1) * NETWORKS_A_CALL) },
      read,
    ),
  );
  return {
    at,
    cloud: { name: cloud.name, region: cloud.region ?? null },
    project: { id: project.id, name: project.name },
    admin: visibility.all,
    microversions: { compute, blockStorage },
    extensions,
    flavors: lists.flavors.observed,
    volumeTypes: lists['volume types'].observed,
    images,
    networks: { ...networks, value: distinct },
    subnets: await wires('subnets', joinLists(...parts)),
    routers: lists.routers.observed,
    ports: lists.ports.observed,
    securityGroups: lists['security groups'].observed,
    floatingIps,
    servers: lists.servers.observed,
    volumes: lists.volumes.observed,
    serverGroups: lists['server groups'].observed,
    containers,
    account,
    keypairs,
    quotas: { compute: ofCompute, volumes: ofVolumes, network: ofNetwork },
  };
}
