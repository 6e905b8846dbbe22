import type { Step, Target } from '@groundcrew/runbook';
import { deleteAllocation, deleteAttachment, deletePort, resetVolume, unbindPort } from './mend-actions.ts';
import type { OrphanMends } from './mend-options.ts';
import { allocationRevision, attachmentRevision, portRevision, volumeRevision } from './mend-revisions.ts';
import type { Mendable } from './mendable.ts';

/** One thing that would be mended. */
export interface MendItem {
  readonly id: string;
  /** The server whose guest may use it; `undefined`: it is not known whose may. */
  readonly server: string | undefined;
  readonly target: Target;
  readonly step: (needs: readonly string[]) => Step;
}

/** All that was chosen. */
export function itemsOf(
  { attachments, volumes, ports, allocations }: Mendable,
  mends: OrphanMends,
): MendItem[] {
  const port = mends.ports === 'delete' ? deletePort : unbindPort;
  // One that fails keeps no other.
  const common = { onFailure: 'continue' } as const;
  return [
    ...(mends.attachments === undefined ? [] : attachments).map((attachment): MendItem => {
      const { id, volume_id: volume, instance: server } = attachment;
      const input = { attachment: id, volume, server };
      return {
        id,
        server,
        target: { kind: 'attachment', id, revision: attachmentRevision(attachment) },
        step: (needs) =>
          deleteAttachment.step({ ...common, id: `attachment-${id}`, input, needs, group: 'cinder' }),
      };
    }),
    ...(mends.volumes === undefined ? [] : volumes).map((volume): MendItem => {
      const { id, status } = volume;
      return {
        id,
        server: undefined,
        target: { kind: 'volume', id, revision: volumeRevision(volume) },
        step: (needs) =>
          resetVolume.step({
            ...common,
            id: `volume-${id}`,
            input: { volume: id, status },
            needs,
            group: 'cinder',
          }),
      };
    }),
    ...(mends.ports === undefined ? [] : ports).map((found): MendItem => {
      const { id, device_id: server, revision_number: revision = null } = found;
      return {
        id,
        server,
        target: { kind: 'port', id, revision: portRevision(found) },
        step: (needs) =>
          port.step({
            ...common,
            id: `port-${id}`,
            input: { port: id, server, revision },
            needs,
            group: 'neutron',
          }),
      };
    }),
    ...(mends.allocations === undefined ? [] : allocations).map((allocation): MendItem => {
      const { consumer: id, generation } = allocation;
      return {
        id,
        server: id,
        target: { kind: 'allocation', id, revision: allocationRevision(allocation) },
        step: (needs) =>
          deleteAllocation.step({
            ...common,
            id: `allocation-${id}`,
            input: { consumer: id, generation },
            needs,
            group: 'placement',
          }),
      };
    }),
  ];
}
