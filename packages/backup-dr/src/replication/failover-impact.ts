import type { Gap } from '@groundcrew/core';
import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { ReplicatedBackend, ReplicatedVolume, ReplicationSnapshot } from './read-replication.ts';
import { type ServerImpact, serverImpacts } from './server-impact.ts';
import { BACK, fateOf, type VolumeImpact } from './volume-fate.ts';

export interface FailoverImpactOptions {
  /** `host@backend`, or the name of a cluster. */
  readonly backend: string;
  /** The replica; `default` leads back to the backend itself. @default the driver chooses */
  readonly to?: string | undefined;
}

/** What a failover of a backend does. */
export interface FailoverImpact {
  readonly backend: string;
  /** `undefined`: the driver chooses. */
  readonly to: string | undefined;
  readonly volumes: readonly VolumeImpact[];
  /** Snapshots that Cinder sets to `error`, with their volumes. */
  readonly snapshotsInError: readonly string[];
  /** Servers that have volumes of it, and what each needs. */
  readonly servers: readonly ServerImpact[];
  /** Volumes that are in the middle of something, with their status. */
  readonly busy: readonly { readonly id: string; readonly status: string }[];
  /** Whether there is a way back. No API tells whether a driver has one. */
  readonly wayBack: { readonly answer: 'unknown' | 'this-is-it'; readonly because: string };
  /** Lists of which it is not known whether they are whole: there may be more than is said here. */
  readonly gaps: readonly Gap[];
}

const impactOptions = optionsSchema<FailoverImpactOptions>({
  backend: z.string().min(1),
  to: z.string().min(1).optional(),
});

/**
 * Tells what becomes of the volumes, snapshots and servers of a backend if it fails over now. Pure: it asks nothing.
 *
 * Cinder fails over whole backends. What is not replicated goes to `error`, and the connections of servers are not made anew.
 *
 * @throws InputError for an option that is not known
 * @example
 * const impact = failoverImpact(await readReplication(cloud), { backend: 'ctl-1@ceph' });
 * const lost = impact.volumes.filter(({ fate }) => fate === 'error');
 * console.log(`${lost.length} of ${impact.volumes.length} volumes go to error`);
 */
export function failoverImpact(
  snapshot: ReplicationSnapshot,
  options: FailoverImpactOptions,
): FailoverImpact {
  parseArguments('failoverImpact', impactOptions, options);
  const { backend, to } = options;
  const own = backendsNamed(snapshot, backend);
  const judged = snapshot.volumes.value
    .filter((volume) => isOn(volume, backend, own))
    .map((volume) => ({ volume, ...fateOf(volume, to) }));
  const inError = new Set(judged.filter(({ fate }) => fate === 'error').map(({ volume }) => volume.id));
  const servers = new Map(snapshot.servers.value.map((server) => [server.id, server]));
  return {
    backend,
    to,
    volumes: judged.map(({ volume, fate, because }) => ({
      id: volume.id,
      name: volume.name,
      project: volume['os-vol-tenant-attr:tenant_id'],
      fate,
      because,
    })),
    snapshotsInError: snapshot.snapshots.value
      .filter(({ volume_id: volume }) => inError.has(volume))
      .map(({ id }) => id),
    servers: serverImpacts(judged, servers),
    busy: judged
      .filter(({ volume }) => !QUIET.has(volume.status) || isMigrating(volume))
      .map(({ volume }) => ({ id: volume.id, status: isMigrating(volume) ? 'migrating' : volume.status })),
    wayBack: wayBackOf(to),
    gaps: [snapshot.backends, snapshot.volumes, snapshot.snapshots, snapshot.servers].flatMap(
      ({ gaps }) => gaps,
    ),
  };
}

/** The volume services of a backend: one, or those of a cluster. */
export const backendsNamed = (
  { backends }: Pick<ReplicationSnapshot, 'backends'>,
  name: string,
): ReplicatedBackend[] => backends.value.filter(({ host, cluster }) => host === name || cluster === name);

/** `host@backend#pool`; the volumes of a cluster name any of its hosts. */
function isOn(
  { 'os-vol-host-attr:host': at }: ReplicatedVolume,
  name: string,
  services: readonly ReplicatedBackend[],
): boolean {
  const backend = at?.split('#')[0];
  return backend !== undefined && (backend === name || services.some(({ host }) => host === backend));
}

const isMigrating = ({ migration_status: status }: ReplicatedVolume): boolean =>
  status === 'migrating' || status === 'starting' || status === 'completing';

/** States in which nothing is under way. */
const QUIET: ReadonlySet<string> = new Set([
  'available',
  'in-use',
  'reserved',
  'maintenance',
  'awaiting-transfer',
  'error',
  'error_deleting',
  'error_backing-up',
  'error_restoring',
  'error_extending',
]);

const wayBackOf = (to: string | undefined): FailoverImpact['wayBack'] =>
  to === BACK
    ? { answer: 'this-is-it', because: 'the replica `default` leads back to the backend itself' }
    : {
        answer: 'unknown',
        because:
          'Cinder lets a driver leave out the way back (its guide to drivers, replication.rst), and no API tells whether it did',
      };
