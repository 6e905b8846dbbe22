import { type Cloud, connect } from '@groundcrew/core';
import { memoryJournal, type Outcome, type Plan, run, type RunOptions } from '@groundcrew/runbook';
import { simulateCloud, type SimulatedCloud } from '@groundcrew/sim';
import { onTestFinished } from 'vitest';
import {
  planFailover,
  type PlanFailoverOptions,
  readReplication,
  replicationImplementations,
  replicationRevisions,
} from '../../src/replication.ts';

export const BACKEND = 'controller-1@ceph';

export interface Site {
  readonly simulated: SimulatedCloud;
  readonly cloud: Cloud;
  /** Replicated: what `booted` boots from, and a further one of `other`. */
  readonly root: string;
  readonly data: string;
  /** Not replicated, with a snapshot. */
  readonly scratch: string;
  readonly snapshot: string;
  readonly booted: string;
  readonly other: string;
  readonly plan: (options?: Partial<PlanFailoverOptions>) => Promise<Plan>;
  readonly execute: (plan: Plan, options?: Partial<RunOptions>) => Promise<Outcome>;
}

/** A backend with a replica, and servers with volumes there. */
export async function site(): Promise<Site> {
  const simulated = simulateCloud({ scenario: 'small' });
  simulated.backends.replicate(BACKEND, ['site-b', 'site-c']);
  const { connectOptions } = await simulated.listen();
  const cloud = connect({ ...connectOptions, clock: simulated.clock });
  onTestFinished(async () => {
    await cloud[Symbol.asyncDispose]();
    await simulated.close();
  });
  const { blockStorage, compute } = cloud;
  await blockStorage.volumeTypes.create({
    name: 'replicated',
    extra_specs: { volume_backend_name: 'ceph', replication_enabled: '<is> True' },
  });
  const image = await cloud.image.images.find('cirros');
  const volume = async (name: string, more: object = {}): Promise<string> => {
    const { id } = await blockStorage.volumes.create({ name, size: 1, ...more });
    await blockStorage.volumes.waitFor(id, 'available');
    return id;
  };
  const root = await volume('root', { volume_type: 'replicated', imageRef: image.id });
  const data = await volume('data', { volume_type: 'replicated' });
  const scratch = await volume('scratch', { volume_type: 'ceph' });
  const { id: snapshot } = await blockStorage.snapshots.create({ volume_id: scratch, name: 'of scratch' });
  await blockStorage.snapshots.waitFor(snapshot, 'available');
  const flavor = await compute.flavors.find('m1.nano');
  const server = async (name: string, from: object): Promise<string> => {
    const { id } = await compute.at('2.74').servers.create({
      name,
      flavorRef: flavor.id,
      networks: 'none',
      ...from,
    });
    await compute.servers.waitFor(id, 'ACTIVE');
    return id;
  };
  const booted = await server('booted', {
    block_device_mapping_v2: [
      { boot_index: 0, uuid: root, source_type: 'volume', destination_type: 'volume' },
    ],
  });
  const other = await server('other', { imageRef: image.id });
  await compute.volumeAttachments.create({ server_id: other, volumeId: data });
  await blockStorage.volumes.waitFor(data, 'in-use');
  return {
    simulated,
    cloud,
    root,
    data,
    scratch,
    snapshot,
    booted,
    other,
    async plan(options = {}) {
      const planned = planFailover(await readReplication(cloud), {
        backends: [BACKEND],
        accept: 'all',
        ...options,
      });
      if (!planned.ok) throw new TypeError(planned.refusals.map(({ reason }) => reason).join('; '));
      return planned.plan;
    },
    execute: (plan, options = {}) =>
      run(plan, {
        approved: plan.digest,
        implementations: replicationImplementations({ cloud }),
        revisionOf: replicationRevisions(cloud),
        journal: memoryJournal(),
        ...options,
      }).outcome,
  };
}

/** The connection of a volume with a server. */
export async function connection(
  { cloud }: Pick<Site, 'cloud'>,
  volume: string,
): Promise<string | undefined> {
  const { attachments } = await cloud.blockStorage.volumes.get({ id: volume });
  return attachments[0]?.attachment_id;
}
