import { z } from 'zod';
import { aSignal, optionsSchema, parseArguments } from '@groundcrew/ground';
import {
  type Cloud,
  type Gap,
  gapOf,
  joinLists,
  observeAllProjects,
  observeList,
  visibilityOf,
} from '@groundcrew/core';
import { type Provider, readProviders } from './observe-providers.ts';
import type { Labels, Location, PlacementSnapshot, Workload } from './placement-snapshot.ts';

export interface ObservePlacementOptions {
  readonly signal?: AbortSignal | undefined;
  /** Traits and inventories: three requests for each host. @default true */
  readonly providers?: boolean | undefined;
}

const placementOptions = optionsSchema<ObservePlacementOptions>({
  signal: aSignal.optional(),
  providers: z.boolean().optional(),
});

/**
 * Flavors, tags and hosts within servers, the rules of server groups (2.64), and servers of a cell that does not
 * respond, which are left out in silence before 2.69. Train has it.
 */
const NOVA = '2.73';
/** The zone that was asked for. */
const PINNED = '2.96';

/**
 * Reads what placement rules ask about. Administrators see it all; for anybody else hosts and labels are gaps, and
 * rules say "unknown".
 */
export async function observePlacement(
  cloud: Cloud,
  options: ObservePlacementOptions = {},
): Promise<PlacementSnapshot> {
  parseArguments('observePlacement', placementOptions, options);
  const { signal, providers = true } = options;
  const read = { signal };
  const visibility = await visibilityOf(cloud, read);
  const clock = { now: () => cloud.clock.now() };
  const nova = cloud.compute.at(NOVA);
  const pinned = await tellsZones(cloud, signal);
  const all = <T>(what: string, wide: AsyncIterable<T>, own?: AsyncIterable<T>) =>
    observeAllProjects(cloud, what, visibility, wide, own);
  const [services, aggregates, servers, groups, images, volumes, projects] = await Promise.all([
    observeList('compute services', nova.services.list({ binary: 'nova-compute' }, read), clock),
    observeList('aggregates', nova.aggregates.list({}, read), clock),
    all(
      'servers',
      listServers(cloud, { all_tenants: true }, pinned, signal),
      listServers(cloud, {}, pinned, signal),
    ),
    observeList(
      'server groups',
      nova.serverGroups.list(visibility.all ? { all_projects: true } : {}, read),
      clock,
    ),
    all('images', everyImage(cloud, signal)),
    all('volumes', cloud.blockStorage.volumes.list({ all_tenants: true }, read)),
    observeList('projects', cloud.identity.projects.list({}, read), clock),
  ]);
  const gaps: Gap[] = [services, aggregates, servers, groups, images, volumes, projects].flatMap(
    (list) => list.gaps,
  );
  const stocks = providers ? await readProviders(cloud, gaps, signal) : new Map<string, Provider>();
  const whole = aggregates.completeness === 'complete';
  const locations = services.value.map(({ host, zone, status, state }): Location => {
    const own = aggregates.value.filter((aggregate) => aggregate.hosts.includes(host));
    const provider = stocks.get(host);
    return {
      host,
      region: cloud.region,
      zone,
      aggregates: whole ? own.map(({ name, metadata }) => ({ name, metadata })) : undefined,
      labels: whole ? together(own.map(({ metadata }) => metadata)) : undefined,
      traits: provider?.traits,
      stock: provider?.stock,
      nested: provider?.nested,
      // Of a cell that is down Nova says `UNKNOWN`, and nothing of the state (2.69); neither is a no.
      enabled: toldAs(status, 'enabled', 'disabled'),
      up: toldAs(state, 'up', 'down'),
    };
  });
  const properties = new Map(images.value.map((image) => [image.id, textsOf(image)]));
  const tags = new Map(
    projects.value.map((project) => [
      project.id,
      project.tags === undefined ? undefined : labelsOf(project.tags),
    ]),
  );
  const byServer = Map.groupBy(
    volumes.value.flatMap((volume) =>
      volume.attachments.map((attachment) => ({ server: attachment.server_id, volume, attachment })),
    ),
    ({ server }) => server,
  );
  const groupOf = new Map(groups.value.flatMap((group) => group.members.map((id) => [id, group] as const)));
  const dark = servers.value.filter(({ flavor }) => (flavor as typeof flavor | undefined) === undefined);
  if (dark.length > 0)
    gaps.push({
      what: 'servers of a cell that does not respond',
      kind: 'failed',
      why: `of ${dark.length} servers Nova knows little more than the id: ${dark
        .slice(0, 3)
        .map(({ id }) => id)
        .join(', ')}`,
      remedy: 'Bring the database and the message queue of the cell back.',
      requestIds: [],
    });
  const unseen = new Set(dark);
  const workloads = servers.value
    .filter((server) => !unseen.has(server))
    .map((server): Workload => {
      const { flavor, id, metadata, tenant_id, status } = server;
      const project = tags.get(tenant_id);
      const group = groupOf.get(id);
      // `?? []`: no volume names it; whether all were seen is asked below, before anything is said of them.
      const attached = byServer.get(id) ?? [];
      const onVolume = server.image === '';
      // Absent for whoever may not see it; null of what is on no host.
      const host: unknown = server['OS-EXT-SRV-ATTR:host'];
      const asked = zoneAskedFor(server);
      const image = typeof server.image === 'object' ? server.image.id : undefined;
      const root = rootProperties(server['OS-EXT-SRV-ATTR:root_device_name'], attached);
      return {
        id,
        name: server.name,
        project_id: tenant_id,
        host: typeof host === 'string' ? host : undefined,
        region: cloud.region,
        nowhere: host === null || (host === undefined && status === 'SHELVED_OFFLOADED'),
        status,
        vcpus: flavor.vcpus,
        ram: flavor.ram,
        disk: flavor.disk,
        ephemeral: flavor.ephemeral + Math.ceil(flavor.swap / 1_024),
        extra_specs: flavor.extra_specs,
        image_properties: image === undefined ? root : properties.get(image),
        zone: asked ?? undefined,
        zoneUnseen: asked === undefined,
        labels: project === undefined ? undefined : { ...metadata, ...project },
        group:
          group === undefined
            ? undefined
            : {
                id: group.id,
                // From 2.64 on it is always told; without it the rule of the group is unknown.
                policy: group.policy ?? '',
                members: group.members,
                max_server_per_host: group.rules.max_server_per_host,
              },
        // In none that is known is not the same as in none.
        groupUnseen: group === undefined && groups.completeness !== 'complete',
        volumes:
          volumes.completeness === 'complete'
            ? attached.map(({ volume }) => ({ id: volume.id, encrypted: volume.encrypted }))
            : undefined,
        onVolume,
      };
    });
  const at = new Date(cloud.clock.now()).toISOString();
  return { at, locations, workloads, gaps };
}

const toldAs = (word: string | undefined, yes: string, no: string): boolean | undefined =>
  word === yes ? true : word === no ? false : undefined;

/** A key of several aggregates has all their values, as Nova's filters see it. */
function together(all: readonly Labels[]): Labels {
  const values = new Map<string, Set<string>>();
  for (const element of all)
    for (const [key, value] of Object.entries(element))
      values.set(key, (values.get(key) ?? new Set()).add(value));
  return Object.fromEntries([...values].map(([key, some]) => [key, [...some].join(',')]));
}

/** Tells whether Nova reports the zone that was asked for. If Nova cannot be asked, the lists tell why. */
async function tellsZones(cloud: Cloud, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    return await cloud.supports('compute', PINNED, { signal });
  } catch (error) {
    gapOf('versions of compute', error);
    return false;
  }
}

const zoneAskedFor = (server: object): string | null | undefined => {
  const asked: unknown = Reflect.get(server, 'pinned_availability_zone');
  return typeof asked === 'string' || asked === null ? asked : undefined;
};

const listServers = (
  cloud: Cloud,
  filters: { readonly all_tenants?: true },
  pinned: boolean,
  signal: AbortSignal | undefined,
) =>
  pinned
    ? cloud.compute.at(PINNED).servers.list(filters, { signal })
    : cloud.compute.at(NOVA).servers.list(filters, { signal });

/** Glance leaves hidden images out of a list that does not ask for them, and servers of them run on. */
const everyImage = ({ image: { images } }: Cloud, signal: AbortSignal | undefined) =>
  joinLists(images.list({}, { signal }), images.list({ os_hidden: true }, { signal }));

/**
 * The properties of the image from which a server's root volume was made: Cinder keeps them with the volume, and Nova's
 * scheduler takes them from there. `undefined` if it cannot be told which volume that is.
 */
function rootProperties(
  device: unknown,
  attached: readonly {
    readonly volume: {
      readonly bootable: string;
      readonly volume_image_metadata?: Readonly<Record<string, string | null>> | undefined;
    };
    readonly attachment: { readonly device: string | null };
  }[],
): Labels | undefined {
  const bootable = attached.filter(({ volume }) => volume.bootable === 'true');
  const root =
    attached.find(({ attachment }) => typeof device === 'string' && attachment.device === device) ??
    (bootable.length === 1 ? bootable[0] : undefined);
  // Cinder leaves the field out of a volume that was made of no image (`volume_image_metadata` of cinder/api/contrib).
  return root === undefined ? undefined : textsOf(root.volume.volume_image_metadata ?? {});
}

/** The labels in tags of the form `name=value`. */
export const labelsOf = (tags: readonly string[]): Labels =>
  Object.fromEntries(
    tags.flatMap((tag) => {
      const at = tag.indexOf('=');
      return at > 0 ? [[tag.slice(0, at), tag.slice(at + 1)]] : [];
    }),
  );

/** Properties that are text. */
export const textsOf = (entity: object): Labels =>
  Object.fromEntries(
    Object.entries(entity).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
