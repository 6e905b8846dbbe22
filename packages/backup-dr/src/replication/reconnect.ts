import type { Cloud } from '@groundcrew/core';
import type { StepContext } from '@groundcrew/runbook';
import type { z } from 'zod';
import type { reconnectServer } from './actions.ts';
import { ReplicationError } from './replication-error.ts';

export type ReconnectInput = Readonly<z.output<typeof reconnectServer.input>>;

/** The connections of a server after the failover; `undefined` while one is missing, or is that of before. */
export async function reconnected(
  cloud: Cloud,
  { server, volumes }: ReconnectInput,
  signal: AbortSignal,
): Promise<{ readonly attachments: string[] } | undefined> {
  const attachments: string[] = [];
  for (const { id, attachment: before } of volumes) {
    const { status, connection: now } = await connectionOf(cloud, id, server, signal);
    // One that is still being made may yet fail.
    if (now === undefined || now === before || status !== 'in-use') return undefined;
    attachments.push(now);
  }
  const { status } = await cloud.compute.servers.get({ id: server }, { signal });
  return status === 'ACTIVE' ? { attachments } : undefined;
}

/** Connects a server anew, from wherever an attempt before was cut off. */
export async function reconnect(
  cloud: Cloud,
  input: ReconnectInput,
  context: StepContext,
): Promise<{ readonly attachments: string[] }> {
  if (input.way === 'shelve') await shelveAndUnshelve(cloud, input, context);
  else for (const volume of input.volumes) await reattach(cloud, input.server, volume, context);
  const done = await reconnected(cloud, input, context.signal);
  if (done !== undefined) return done;
  throw new ReplicationError(
    'replication.not-reconnected',
    `${input.name ?? input.server}: a volume has no new connection`,
    { remedy: 'See its actions (openstack server event list) and those of its volumes.' },
  );
}

/** A server that boots from a volume is offloaded as it is shelved (nova/compute/api.py, `shelve`). */
async function shelveAndUnshelve(
  cloud: Cloud,
  { server, name, volumes }: ReconnectInput,
  { signal, progress }: StepContext,
): Promise<void> {
  const { servers } = cloud.compute;
  const { status, 'OS-EXT-STS:task_state': task } = await servers.get({ id: server }, { signal });
  const isBusy = task !== null && task !== undefined;
  if (status === 'ACTIVE') {
    const [first] = volumes;
    const now =
      first === undefined ? undefined : (await connectionOf(cloud, first.id, server, signal)).connection;
    // It was unshelved already.
    if (now !== undefined && now !== first?.attachment) return;
    progress(`${name ?? server} is shelved`);
    if (!isBusy) await servers.shelve({ id: server }, { signal });
  } else if (status !== 'SHELVED' && status !== 'SHELVED_OFFLOADED')
    throw new ReplicationError('replication.server-state', `${name ?? server} is ${status}`, {
      remedy: 'Bring it to ACTIVE, or connect it by hand.',
    });
  await servers.waitFor(server, 'SHELVED_OFFLOADED', { signal });
  progress(`${name ?? server} is unshelved`);
  const isUnshelving = status === 'SHELVED_OFFLOADED' && isBusy;
  if (!isUnshelving) await servers.unshelve({ id: server }, { signal });
  await servers.waitFor(server, 'ACTIVE', { signal });
}

async function reattach(
  cloud: Cloud,
  server: string,
  { id, attachment, device }: ReconnectInput['volumes'][number],
  { clock, signal, progress }: StepContext,
): Promise<void> {
  const { volumeAttachments } = cloud.compute;
  const { volumes } = cloud.blockStorage;
  const { connection: now } = await connectionOf(cloud, id, server, signal);
  if (now !== undefined && now !== attachment) {
    await volumes.waitFor(id, 'in-use', { signal });
    return;
  }
  if (now === attachment) {
    progress(`volume ${id} is detached`);
    await volumeAttachments.delete({ server_id: server, volume_id: id }, { signal, missingOk: true });
    // Of a volume that others have, too, the status tells nothing.
    while ((await connectionOf(cloud, id, server, signal)).connection !== undefined)
      await clock.sleep(PAUSE, signal);
  }
  progress(`volume ${id} is attached`);
  await volumeAttachments.create({ server_id: server, volumeId: id, device }, { signal });
  await volumes.waitFor(id, 'in-use', { signal });
}

const PAUSE = 1_000;

/** The status of a volume, and the id of its connection with a server. */
async function connectionOf(
  cloud: Cloud,
  id: string,
  server: string,
  signal: AbortSignal,
): Promise<{ readonly status: string; readonly connection: string | undefined }> {
  const { status, attachments } = await cloud.blockStorage.volumes.get({ id }, { signal });
  return {
    status,
    connection: attachments.find(({ server_id: owner }) => owner === server)?.attachment_id,
  };
}
