import type { Listed, Observed } from '@groundcrew/core';
import type { InventoryPort, InventoryServer, InventoryVolume } from '@groundcrew/monitoring';

/** A server, as far as others may disagree with Nova about it. */
export type OrphanServer = Pick<
  InventoryServer,
  'id' | 'name' | 'status' | 'OS-EXT-SRV-ATTR:host' | 'os-extended-volumes:volumes_attached'
>;
export type OrphanVolume = Pick<InventoryVolume, 'id' | 'name' | 'status' | 'attachments'>;
export type OrphanPort = Pick<
  InventoryPort,
  'id' | 'name' | 'device_id' | 'device_owner' | 'revision_number'
>;
/** A use of a volume, as Cinder keeps it. */
export interface OrphanAttachment {
  readonly id: string;
  readonly status: string;
  /** The server; null: a host attached the volume. */
  readonly instance: string | null;
  readonly volume_id: string;
}
export type OrphanHypervisor = Pick<
  Listed<'compute', 'hypervisors'>,
  'hypervisor_hostname' | 'state' | 'service'
>;

/** What a consumer holds of the resources of hosts, as Placement has it. */
export interface OrphanAllocation {
  /** A server's id, or a migration's while it lasts. */
  readonly consumer: string;
  /** Rises with each change; null: it was made before Placement counted. */
  readonly generation: number | null;
  /** Names of the providers: those of hypervisors, where they are hosts. */
  readonly providers: readonly string[];
}
/** A move of a server, which holds what the server has on the host that it leaves. */
export interface OrphanMigration {
  readonly uuid: string;
  readonly instance_uuid: string;
  readonly status: string;
}

/** A guest, as the hypervisor of a host has it. */
export interface HypervisorDomain {
  /** As Nova calls the host. */
  readonly host: string;
  /** Nova gives the server's own id. */
  readonly id: string;
  /** Nova's are called `instance-0000001f`, unless `instance_name_template` says otherwise. */
  readonly name: string;
  readonly isRunning: boolean;
}

/** What each part of a cloud believes, as far as another one can contradict it. */
export interface OrphanSources {
  readonly nova: {
    readonly servers: Observed<readonly OrphanServer[]>;
    readonly hypervisors: Observed<readonly OrphanHypervisor[]>;
  };
  readonly neutron: { readonly ports: Observed<readonly OrphanPort[]> };
  readonly cinder: {
    readonly volumes: Observed<readonly OrphanVolume[]>;
    readonly attachments: Observed<readonly OrphanAttachment[]>;
  };
  /** `undefined`: it was not asked. */
  readonly placement?:
    | {
        readonly allocations: Observed<readonly OrphanAllocation[]>;
        /** Nova's, past and present: their uuids are consumers, too. */
        readonly migrations: Observed<readonly OrphanMigration[]>;
      }
    | undefined;
  /** By host; a host that is not in it was not asked. `undefined`: none was. */
  readonly hypervisor?: { readonly [host: string]: Observed<readonly HypervisorDomain[]> } | undefined;
}

/** Neutron's word for a port of a server: `compute:nova`, with the availability zone. */
export const isServerPort = ({ device_owner: owner, device_id: id }: OrphanPort): boolean =>
  owner.startsWith('compute:') && id !== '';

/** Ids of servers that anybody but Nova knows. */
export function serversReferredTo({
  cinder: { volumes, attachments },
  neutron: { ports },
  placement,
  hypervisor = {},
}: Pick<OrphanSources, 'cinder' | 'neutron' | 'placement' | 'hypervisor'>): ReadonlySet<string> {
  const moves = new Set(placement?.migrations.value.map(({ uuid }) => uuid));
  return new Set(
    [
      ...volumes.value.flatMap((volume) => volume.attachments.map(({ server_id: id }) => id)),
      ...attachments.value.map(({ instance }) => instance),
      ...ports.value.filter(isServerPort).map(({ device_id: id }) => id),
      ...(placement?.allocations.value ?? []).map(({ consumer }) => consumer).filter((id) => !moves.has(id)),
      ...Object.values(hypervisor).flatMap(({ value }) => value.map(({ id }) => id)),
    ].flatMap((id) => id ?? []),
  );
}

/** Ids of volumes that Nova, or an attachment, knows. */
export const volumesReferredTo = ({
  servers,
  attachments,
}: {
  readonly servers: Observed<readonly OrphanServer[]>;
  readonly attachments: Observed<readonly OrphanAttachment[]>;
}): ReadonlySet<string> =>
  new Set([...servers.value.flatMap(volumesOfServer), ...attachments.value.map(({ volume_id: id }) => id)]);

/** States of a volume that somebody uses, or is about to, or is about to leave. */
const USED: ReadonlySet<string> = new Set(['reserved', 'attaching', 'in-use', 'detaching']);

/** Volumes whose state says that they are used, and that nobody uses: neither they themselves nor an attachment says who. */
export function unusedThoughTaken({
  volumes,
  attachments,
}: OrphanSources['cinder']): readonly OrphanVolume[] {
  const used = new Set(attachments.value.map(({ volume_id: id }) => id));
  return volumes.value.filter(
    ({ id, status, attachments: shown }) => USED.has(status) && shown.length === 0 && !used.has(id),
  );
}

/** States of a server that has left its host, or may never have had one. */
const UNPLACED: ReadonlySet<string> = new Set([
  'SHELVED_OFFLOADED',
  'DELETED',
  'SOFT_DELETED',
  'BUILD',
  'ERROR',
]);

/** The host of a server that must hold resources there. */
export function placeOf(server: OrphanServer): string | undefined {
  const host = server['OS-EXT-SRV-ATTR:host'] ?? '';
  return host === '' || UNPLACED.has(server.status) ? undefined : host;
}

/** Ids of the volumes that Nova says a server has; none where Nova does not say. */
export const volumesOfServer = (server: OrphanServer): readonly string[] =>
  (server['os-extended-volumes:volumes_attached'] ?? []).map(({ id }) => id);
