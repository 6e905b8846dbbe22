import { isServerPort, type OrphanSources, unusedThoughTaken } from './orphan-sources.ts';
import type {
  HypervisorDomain,
  OrphanAllocation,
  OrphanAttachment,
  OrphanPort,
  OrphanVolume,
} from './orphan-sources.ts';

/** The contradictions that a request can mend, by kind. */
export interface Mendable {
  readonly attachments: readonly (OrphanAttachment & { readonly instance: string })[];
  readonly volumes: readonly OrphanVolume[];
  readonly ports: readonly OrphanPort[];
  readonly allocations: readonly OrphanAllocation[];
  /** Those that run, and that Nova does not know at all. */
  readonly guests: readonly HypervisorDomain[];
}

/**
 * What could be mended if all of the lists that say so were whole. Pure. A guest of a server that Nova has on another host is not among
 * them: it may be the one that is right.
 */
export function mendableIn(sources: OrphanSources): Mendable {
  const { nova, cinder, neutron, placement, hypervisor = {} } = sources;
  const servers = new Set(nova.servers.value.map(({ id }) => id));
  const volumes = new Set(cinder.volumes.value.map(({ id }) => id));
  const moves = new Set(placement?.migrations.value.map(({ uuid }) => uuid));
  return {
    attachments: cinder.attachments.value.flatMap((attachment) => {
      const { instance, volume_id: volume } = attachment;
      // Cinder looks for the volume first (`attachment_delete` of cinder/volume/api.py): without one it answers 404.
      return instance !== null && !servers.has(instance) && volumes.has(volume)
        ? [{ ...attachment, instance }]
        : [];
    }),
    volumes: unusedThoughTaken(cinder),
    ports: neutron.ports.value.filter((port) => isServerPort(port) && !servers.has(port.device_id)),
    allocations: (placement?.allocations.value ?? []).filter(
      ({ consumer }) => !servers.has(consumer) && !moves.has(consumer),
    ),
    guests: Object.values(hypervisor).flatMap(({ value }) =>
      value.filter(({ id, isRunning }) => isRunning && !servers.has(id)),
    ),
  };
}
