import type { ReplicatedServer, ReplicatedVolume } from './read-replication.ts';
import type { VolumeFate } from './volume-fate.ts';

/**
 * How a server gets its disks from the replica: its connections lead to the old backend until they are made anew
 * (Cinder's guide, replication-in-openstack.rst).
 *
 * - `shelve`: shelved and unshelved, since it boots from such a volume
 * - `reattach`: its volumes are detached and attached
 * - `by-hand`: its state allows neither, or it is not known
 */
export type WayToReconnect = 'shelve' | 'reattach' | 'by-hand';

export interface ServerVolume {
  readonly id: string;
  readonly attachment: string;
  readonly device: string | null;
  readonly fate: VolumeFate;
}

/** A server that has volumes of a backend that fails over. */
export interface ServerImpact {
  readonly id: string;
  /** `undefined` if the server was not seen. */
  readonly name: string | undefined;
  readonly volumes: readonly ServerVolume[];
  /** `undefined` if none of its volumes can be had from a replica. */
  readonly reconnect: WayToReconnect | undefined;
  /** The reason, in a sentence. */
  readonly because: string;
}

/** The servers of some volumes, each with those that it has. */
export function serverImpacts(
  volumes: readonly { readonly volume: ReplicatedVolume; readonly fate: VolumeFate }[],
  servers: ReadonlyMap<string, ReplicatedServer>,
): ServerImpact[] {
  const byServer = new Map<string, ServerVolume[]>();
  for (const { volume, fate } of volumes)
    for (const { server_id: server, attachment_id: attachment, device } of volume.attachments) {
      if (server === null) continue;
      const known = byServer.get(server) ?? [];
      known.push({ id: volume.id, attachment, device, fate });
      byServer.set(server, known);
    }
  return [...byServer].map(([id, its]) => impactOn(id, servers.get(id), its));
}

function impactOn(
  id: string,
  server: ReplicatedServer | undefined,
  volumes: readonly ServerVolume[],
): ServerImpact {
  const base = { id, name: server?.name, volumes };
  const connected = volumes.filter(({ fate }) => fate === 'fails-over' || fate === 'driver-decides');
  if (connected.length === 0)
    return { ...base, reconnect: undefined, because: 'none of these volumes has a replica' };
  if (server === undefined)
    return {
      ...base,
      reconnect: 'by-hand',
      because: 'the server was not seen: whether it runs is not known',
    };
  const task = server['OS-EXT-STS:task_state'];
  if (server.status !== 'ACTIVE' || (task !== null && task !== undefined)) {
    const state = `${server.status}${task === null || task === undefined ? '' : `, ${task}`}`;
    return {
      ...base,
      reconnect: 'by-hand',
      because: `it is ${state}: what makes its connections anew would start it, or is refused`,
    };
  }
  const rest = volumes.length - connected.length;
  if (!bootsFromVolume(server))
    return { ...base, reconnect: 'reattach', because: 'it boots from an image: these are further volumes' };
  if (rest > 0)
    return {
      ...base,
      reconnect: 'by-hand',
      because: 'it boots from a volume, and has one that goes to error: unshelved it would not come up',
    };
  return {
    ...base,
    reconnect: 'shelve',
    because: 'it boots from a volume, whose connection is made as it starts',
  };
}

/** Nova shows no image of a server that boots from a volume (an empty text). */
const bootsFromVolume = ({ image }: ReplicatedServer): boolean => image === '';
