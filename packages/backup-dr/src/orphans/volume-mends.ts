import { type Cloud, unlessGone } from '@groundcrew/core';
import { counted } from '@groundcrew/ground';
import { implement, type Implementation } from '@groundcrew/runbook';
import { deleteAttachment, resetVolume } from './mend-actions.ts';
import { unlessServer } from './mend-revisions.ts';

/** What is done in Cinder, which counts the attachments of a volume anew after each that it deletes. */
export function volumeMends(cloud: Cloud): Implementation[] {
  const { volumes } = cloud.blockStorage;
  const { attachments } = cloud.blockStorage.at('3.27');

  async function statusOf(volume: string, signal: AbortSignal): Promise<{ readonly status: string }> {
    const { status } = await volumes.get({ id: volume }, { signal });
    return { status };
  }

  /** Ids of all attachments, those among them that the volume itself does not show. */
  async function attachmentsOf(volume: string, signal: AbortSignal): Promise<readonly string[]> {
    const all = attachments.listBrief({ all_tenants: true, volume_id: volume }, { signal });
    return (await Array.fromAsync(all)).map(({ id }) => id);
  }

  return [
    implement(deleteAttachment, {
      precondition: ({ server }, { signal }) => unlessServer(cloud, server, signal),
      async done({ attachment, volume }, { signal }) {
        const left = await unlessGone(() => attachments.get({ id: attachment }, { signal }));
        return left === undefined ? statusOf(volume, signal) : undefined;
      },
      async perform({ attachment, volume }, { signal }) {
        await attachments.delete({ id: attachment }, { signal, missingOk: true });
        return statusOf(volume, signal);
      },
      async verify({ volume, attachment }, _output, { signal }) {
        const left = await attachmentsOf(volume, signal);
        const { status } = await statusOf(volume, signal);
        // With others left it is theirs to say what state it is in.
        if (left.length === 0 ? status === 'available' : !left.includes(attachment)) return undefined;
        return {
          code: 'orphans.volume-not-free',
          reason: `volume ${volume} is ${status}, with ${counted(left.length, 'attachment')}`,
          remedy: "See the log of cinder-volume; if nothing has it attached, plan with volumes: 'reset'.",
        };
      },
    }),

    implement(resetVolume, {
      async precondition({ volume, status }, { signal }) {
        const now = await volumes.get({ id: volume }, { signal });
        if (now.status === 'available') return undefined;
        const used = await attachmentsOf(volume, signal);
        if (now.status === status && now.attachments.length + used.length === 0) return undefined;
        return {
          code: 'orphans.changed',
          reason: `volume ${volume} is ${now.status} by now, with ${counted(used.length, 'attachment')}`,
          remedy: 'Read the sources again, and plan anew.',
        };
      },
      async perform({ volume }, { signal }) {
        await volumes.resetStatus({ id: volume, status: 'available', attach_status: 'detached' }, { signal });
        return {};
      },
      async verify({ volume }, _output, { signal }) {
        const { status } = await volumes.get({ id: volume }, { signal });
        if (status === 'available') return undefined;
        return {
          code: 'orphans.volume-not-free',
          reason: `volume ${volume} is ${status}`,
          remedy: 'Somebody may have taken it meanwhile: look at its attachments.',
        };
      },
    }),
  ];
}
