import { type Cloud, joinLists, mapList, observe, observeList, type Observed } from '@groundcrew/core';
import type { ReadOptions } from '@groundcrew/ground';
import { isTemporary, isTemporaryImage } from '../volume-bytes/temporary-marks.ts';
import type { PointKind, Wire } from './tenant-point.ts';
import type { Whose } from './whose.ts';
import { toWire } from './wire.ts';

/** The context of all reads of one project. */
export interface ReadContext {
  readonly cloud: Cloud;
  readonly whose: Whose;
  readonly compute: string | undefined;
  readonly blockStorage: string | undefined;
  readonly read: ReadOptions;
}

/** What is asked for where a service does not tell its microversions: every release has them. */
export const FLOOR = { compute: '2.1', blockStorage: '3.0' } as const;

/** One list of a cloud, as far as it was read. */
export interface ReadList {
  readonly kind: PointKind;
  readonly observed: Observed<readonly Wire[]>;
  readonly microversion?: string | undefined;
}

/** The lists that are read of a project, by the names that gaps and a point use. */
export type ProjectLists = { readonly [K in ListName]: ReadList };
export type ListName =
  | 'servers'
  | 'server groups'
  | 'flavors'
  | 'volumes'
  | 'volume types'
  | 'images'
  | 'networks'
  | 'subnets'
  | 'routers'
  | 'ports'
  | 'security groups'
  | 'floating IPs'
  | 'load balancers'
  | 'role assignments'
  | 'compute quotas'
  | 'volume quotas'
  | 'network quotas';

/**
 * Reads every list of a project: a call for each page, and none for a single thing. Flavors and volume types are those of the
 * whole cloud, as far as the project may use them.
 */
export async function readLists(context: ReadContext): Promise<ProjectLists> {
  const { cloud, whose, read } = context;
  const { project, own, visibility } = whose;
  const { network, image, identity } = cloud;
  const compute = cloud.compute.at(context.compute ?? FLOOR.compute);
  const storage = cloud.blockStorage.at(context.blockStorage ?? FLOOR.blockStorage);
  const clock = { now: () => cloud.clock.now() };
  const list = async (
    name: ListName,
    kind: PointKind,
    items: AsyncIterable<object>,
    isOf: (wire: Wire) => boolean = () => true,
    microversion?: string,
  ): Promise<ReadList> => {
    const observed = await observeList(name, mapList(items, toWire), clock);
    return { kind, observed: { ...observed, value: observed.value.filter(isOf) }, microversion };
  };
  const one = async (
    name: ListName,
    kind: PointKind,
    reading: () => Promise<object>,
    microversion?: string,
  ): Promise<ReadList> => {
    const observed = await observe(name, reading, clock);
    // A quota's own id is absent from some answers: it is the project's.
    const value = observed.value === undefined ? [] : [{ ...toWire(observed.value), id: project.id }];
    return { kind, observed: { ...observed, value }, microversion };
  };

  const all = { all_tenants: true, project_id: project.id } as const;
  const mine = { project_id: project.id };
  // Before 2.13 groups have no project, and are the caller's own.
  const ownerless = (wire: Wire): boolean => own && wire['project_id'] === undefined;
  const inNetwork = (wire: Wire): boolean => (wire['project_id'] ?? wire['tenant_id']) === project.id;
  const version = context.compute;
  const named = await Promise.all([
    list(
      'servers',
      'server',
      compute.servers.list(own ? {} : all, read),
      (wire) => wire['tenant_id'] === project.id,
      version,
    ),
    list(
      'server groups',
      'server-group',
      compute.serverGroups.list(own ? {} : { all_projects: true }, read),
      (wire) => wire['project_id'] === project.id || ownerless(wire),
      version,
    ),
    list('flavors', 'flavor', compute.flavors.list({ is_public: 'None' }, read), undefined, version),
    list(
      'volumes',
      'volume',
      storage.volumes.list(own ? {} : all, read),
      // What a reading of ours has made, or left when it was killed, is not the project's.
      (wire) => (own || wire['os-vol-tenant-attr:tenant_id'] === project.id) && !isTemporary(wire),
      context.blockStorage,
    ),
    list(
      'volume types',
      'volume-type',
      // Cinder keeps this filter for administrators.
      storage.volumeTypes.list(visibility.all ? { is_public: 'None' } : {}, read),
      undefined,
      context.blockStorage,
    ),
    list(
      'images',
      'image',
      // Glance leaves hidden images out of a list that does not ask for them.
      joinLists(
        image.images.list({ owner: project.id }, read),
        image.images.list({ owner: project.id, os_hidden: true }, read),
      ),
      (wire) => wire['owner'] === project.id && !isTemporaryImage(wire),
    ),
    list('networks', 'network', network.networks.list(mine, read), inNetwork),
    list('subnets', 'subnet', network.subnets.list(mine, read), inNetwork),
    list('routers', 'router', network.routers.list(mine, read), inNetwork),
    list('ports', 'port', network.ports.list(mine, read), inNetwork),
    list('security groups', 'security-group', network.securityGroups.list(mine, read), inNetwork),
    list('floating IPs', 'floating-ip', network.floatingIps.list(mine, read), inNetwork),
    list('load balancers', 'load-balancer', cloud.loadBalancer.loadBalancers.list(mine, read), inNetwork),
    list(
      'role assignments',
      'role-assignment',
      identity.roleAssignments.list({ 'scope.project.id': project.id, include_names: true }, read),
    ),
    one(
      'compute quotas',
      'compute-quota',
      () => compute.quotaSets.get({ id: project.id }, read),
      context.compute,
    ),
    one(
      'volume quotas',
      'volume-quota',
      () => storage.quotaSets.get({ id: project.id }, read),
      context.blockStorage,
    ),
    one('network quotas', 'network-quota', () => network.quotas.get(mine, read)),
  ]);
  return Object.fromEntries(named.map((entry) => [entry.observed.source, entry])) as ProjectLists;
}
