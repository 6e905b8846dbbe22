import { type Cloud, type Listed, observe, observeList, type Observed } from '@groundcrew/core';
import type { InventoryServer, InventorySnapshot, InventoryVolume } from '@groundcrew/monitoring';
import { optionsSchema, parseArguments, type ReadOptions } from '@groundcrew/ground';
import { inventoryOf, type InventoryReading, inventoryReading } from '../inventory-reading.ts';

/** A volume, as far as a failover of its backend matters to it. */
export type ReplicatedVolume = Pick<
  InventoryVolume,
  | 'id'
  | 'name'
  | 'status'
  | 'size'
  | 'bootable'
  | 'replication_status'
  | 'migration_status'
  | 'attachments'
  | 'os-vol-host-attr:host'
  | 'os-vol-tenant-attr:tenant_id'
>;
export type ReplicatedSnapshot = Pick<InventorySnapshot, 'id' | 'name' | 'volume_id' | 'status'>;
export type ReplicatedServer = Pick<
  InventoryServer,
  'id' | 'name' | 'status' | 'image' | 'OS-EXT-STS:task_state'
>;
/** A volume service: one for each backend, or one for each host of a cluster. */
export interface ReplicatedBackend extends Pick<
  Listed<'blockStorage', 'services'>,
  'host' | 'status' | 'state' | 'disabled_reason' | 'replication_status' | 'active_backend_id' | 'frozen'
> {
  readonly cluster?: string | null | undefined;
}

/** What a failover acts on, and whom it hits. */
export interface ReplicationSnapshot {
  readonly backends: Observed<readonly ReplicatedBackend[]>;
  /** The ids of the replicas, by `host` of the backend: of each that is replicated. */
  readonly targets: { readonly [backend: string]: Observed<readonly string[] | undefined> };
  readonly volumes: Observed<readonly ReplicatedVolume[]>;
  readonly snapshots: Observed<readonly ReplicatedSnapshot[]>;
  readonly servers: Observed<readonly ReplicatedServer[]>;
}

export interface ReadReplicationOptions extends InventoryReading {}

const replicationOptions = optionsSchema<ReadReplicationOptions>(inventoryReading);

/**
 * Reads the volume services with their replication, the replicas that each may fail over to, and all volumes, snapshots and servers.
 * It takes an administrator: nobody else is told on which backend a volume is. What is denied becomes a gap.
 *
 * @throws InputError for an option that is not known
 * @example
 * const seen = await readReplication(cloud);
 * console.log(seen.backends.value.map(({ host, replication_status }) => `${host}: ${replication_status}`));
 */
export async function readReplication(
  cloud: Cloud,
  options: ReadReplicationOptions = {},
): Promise<ReplicationSnapshot> {
  parseArguments('readReplication', replicationOptions, options);
  const read = { signal: options.signal };
  const clock = { now: () => cloud.clock.now() };
  const [known, backends] = await Promise.all([
    inventoryOf(cloud, options),
    observeList(
      'volume services',
      // Clusters fail over as one: they are told from 3.7 on, and named from 3.26 on.
      cloud.blockStorage.at('3.26').services.list({ binary: 'cinder-volume' }, read),
      clock,
    ),
  ]);
  const replicated = backends.value.filter(({ replication_status: status }) => isReplicated(status));
  const targets = await Promise.all(
    replicated.map(async ({ host }) => [host, await targetsOf(cloud, host, read)] as const),
  );
  const { volumes, snapshots, servers } = known;
  return { backends, targets: Object.fromEntries(targets), volumes, snapshots, servers };
}

/** Whether a status is of a backend that has replicas. Cinder says `disabled` where its driver reports none. */
const isReplicated = (status: string | null | undefined): boolean =>
  status !== null && status !== undefined && status !== 'disabled' && status !== 'not-capable';

/** Drivers list the ids by which `backend_id` is chosen; what is no text is a form that is not known. */
const targetsOf = (
  cloud: Cloud,
  id: string,
  read: ReadOptions,
): Promise<Observed<readonly string[] | undefined>> =>
  observe(
    `replicas of ${id}`,
    async () => {
      const { replication_targets: told } = await cloud.blockStorage.capabilities.get({ id }, read);
      return told?.filter((target) => typeof target === 'string');
    },
    { now: () => cloud.clock.now() },
  );
