import { type Cloud, gapOf, type Gap, observeList } from '@groundcrew/core';
import { readAll, scopeOf } from '@groundcrew/monitoring';
import type { Labels, Location, PlacementWorld, Stock, Workload } from './world.ts';

export interface ObservePlacementOptions {
  readonly signal?: AbortSignal | undefined;
  /** Traits and inventories: three requests for each host. @default true */
  readonly providers?: boolean | undefined;
}

/** Requests to Placement at a time. */
const AT_ONCE = 16;
/** Flavors, tags and hosts within servers. */
const NOVA = '2.47';

/**
 * Reads what placement rules ask about. Administrators see it all; for anybody else hosts and labels are gaps, and rules
 * say "unknown".
 */
export async function observePlacement(
  cloud: Cloud,
  options: ObservePlacementOptions = {},
): Promise<PlacementWorld> {
  const { signal, providers = true } = options;
  const read = { signal };
  const sight = await scopeOf(cloud, read);
  const clock = { now: () => cloud.clock.now() };
  const nova = cloud.compute.at(NOVA);
  const all = <T>(what: string, wide: AsyncIterable<T>, own?: AsyncIterable<T>) =>
    readAll(cloud, what, sight, wide, own);
  const [services, aggregates, servers, groups, images, volumes, projects] = await Promise.all([
    observeList('compute services', nova.services.list({ binary: 'nova-compute' }, read), clock),
    observeList('aggregates', nova.aggregates.list({}, read), clock),
    all('servers', nova.servers.list({ all_tenants: true }, read), nova.servers.list({}, read)),
    observeList(
      'server groups',
      nova.serverGroups.list(sight.all ? { all_projects: true } : {}, read),
      clock,
    ),
    observeList('images', cloud.image.images.list({}, read), clock),
    all('volumes', cloud.blockStorage.volumes.list({ all_tenants: true }, read)),
    observeList('projects', cloud.identity.projects.list({}, read), clock),
  ]);
  const gaps: Gap[] = [services, aggregates, servers, groups, volumes, projects].flatMap((one) => one.gaps);
  const stocks = providers ? await readProviders(cloud, gaps, signal) : new Map<string, Provider>();
  const whole = aggregates.completeness === 'complete';
  const locations = services.value.map(({ host, zone, status, state }): Location => {
    const own = aggregates.value.filter((one) => one.hosts.includes(host));
    const provider = stocks.get(host);
    return {
      host,
      region: cloud.region,
      zone,
      aggregates: whole ? own.map(({ name, metadata }) => ({ name, metadata })) : undefined,
      labels: whole ? together(own.map(({ metadata }) => metadata)) : undefined,
      traits: provider?.traits,
      stock: provider?.stock,
      enabled: status === 'enabled',
      up: state === 'up',
    };
  });
  const properties = new Map(images.value.map((one) => [one.id, textsOf(one)]));
  const tags = new Map(projects.value.map((one) => [one.id, labelsOf(one.tags ?? [])]));
  const byServer = Map.groupBy(
    volumes.value.flatMap((one) =>
      one.attachments.map((attachment) => ({ server: attachment.server_id, one, attachment })),
    ),
    ({ server }) => server,
  );
  const workloads = servers.value.flatMap((server): Workload[] => {
    if (!('flavor' in server) || server.flavor === undefined) return [];
    const { flavor, id, metadata = {}, tenant_id = '' } = server;
    const project = tags.get(tenant_id);
    const group = groups.value.find((one) => one.members.includes(id));
    const attached = byServer.get(id) ?? [];
    const image = typeof server.image === 'object' && server.image !== null ? server.image.id : undefined;
    const host: unknown = server['OS-EXT-SRV-ATTR:host'];
    return [
      {
        id,
        name: server.name ?? id,
        project_id: tenant_id,
        host: typeof host === 'string' ? host : undefined,
        status: server.status,
        vcpus: flavor.vcpus,
        ram: flavor.ram,
        disk: flavor.disk + flavor.ephemeral,
        extra_specs: flavor.extra_specs,
        image_properties: image === undefined ? {} : properties.get(image),
        // What was asked for is not shown by Nova; where it is, is the host's.
        zone: undefined,
        labels: project === undefined ? undefined : { ...project, ...metadata },
        group:
          group === undefined
            ? undefined
            : { id: group.id, policy: group.policies?.[0] ?? '', members: group.members },
        volumes:
          volumes.completeness === 'complete'
            ? attached.map(({ one }) => ({ id: one.id, encrypted: one.encrypted }))
            : undefined,
        onVolume: image === undefined,
      },
    ];
  });
  const at = new Date(cloud.clock.now()).toISOString();
  return { at, locations, workloads, gaps };
}

interface Provider {
  readonly traits: readonly string[];
  readonly stock: Readonly<Record<string, Stock>>;
}

async function readProviders(
  cloud: Cloud,
  gaps: Gap[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Provider>> {
  const found = new Map<string, Provider>();
  const hosts = new Map<string, string>();
  const todo: { readonly host: string; readonly id: string }[] = [];
  try {
    // The provider of a compute node has its hypervisor's host name, which need not be the service's.
    for await (const one of cloud.compute.at('2.53').hypervisors.list({}, { signal }))
      hosts.set(one.hypervisor_hostname, one.service.host);
    for await (const { name, uuid } of cloud.placement.resourceProviders.list({}, { signal })) {
      const host = hosts.get(name ?? '');
      if (host !== undefined) todo.push({ host, id: uuid });
    }
  } catch (error) {
    gaps.push(gapOf('resource providers', error));
    return found;
  }
  const rest = todo.values();
  const reader = async (): Promise<void> => {
    for (const { host, id } of rest) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- several readers, one host after the other each
        found.set(host, await readProvider(cloud, id, signal));
      } catch (error) {
        gaps.push(gapOf(`resource provider of ${host}`, error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return found;
}

async function readProvider(cloud: Cloud, id: string, signal: AbortSignal | undefined): Promise<Provider> {
  const of = { resource_provider_id: id };
  const { placement } = cloud;
  const [{ traits }, { inventories }, { usages }] = await Promise.all([
    placement.at('1.6').providerTraits.get(of, { signal }),
    placement.inventories.get(of, { signal }),
    placement.usages.ofProvider(of, { signal }),
  ]);
  const stock = Object.fromEntries(
    Object.entries(inventories).map(([kind, { total, reserved, allocation_ratio }]) => [
      kind,
      { total, reserved, allocation_ratio, used: usages[kind] ?? 0 },
    ]),
  );
  return { traits, stock };
}

/** A key of several aggregates has all their values, as Nova's filters see it. */
function together(all: readonly Labels[]): Labels {
  const values = new Map<string, Set<string>>();
  for (const one of all)
    for (const [key, value] of Object.entries(one))
      values.set(key, (values.get(key) ?? new Set()).add(value));
  return Object.fromEntries([...values].map(([key, some]) => [key, [...some].join(',')]));
}

/** Tags of the form `name=value`. */
const labelsOf = (tags: readonly string[]): Labels =>
  Object.fromEntries(
    tags.flatMap((tag) => {
      const at = tag.indexOf('=');
      return at > 0 ? [[tag.slice(0, at), tag.slice(at + 1)]] : [];
    }),
  );

const textsOf = (entity: object): Labels =>
  Object.fromEntries(
    Object.entries(entity).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
