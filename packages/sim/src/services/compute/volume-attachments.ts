import { accepted, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import { flag, type Json, text } from '../../wire.ts';
import { detach } from '../block-storage/volume-actions.ts';
import { attachTo } from './block-devices.ts';
import { findServer, requireUnlocked } from './lifecycle.ts';
import type { AttachedVolume, Server } from './server.ts';

export const volumeAttachmentRoutes: Routes = {
  'GET servers/{server_id}/os-volume_attachments': (call) => {
    const server = findServer(call);
    return ok({
      volumeAttachments: server.volumes.map((attachment) => volumeView(call, server, attachment)),
    });
  },
  'POST servers/{server_id}/os-volume_attachments': (call) => {
    const server = findServer(call);
    requireUnlocked(call, server);
    const given = call.envelope('volumeAttachment');
    const id = text(given['volumeId']) ?? '';
    const volume = call.state.blockStorage.volumes.get(id);
    if (volume === undefined || !call.owns(volume.project_id))
      throw notFound(`Volume ${id} could not be found.`);
    if (server.volumes.some((attachment) => attachment.volume_id === id)) {
      throw badRequest(`Invalid volume: volume ${id} is already attached to instances: ${server.id}`);
    }
    if (volume.status !== 'available' && !(volume.multiattach && volume.status === 'in-use')) {
      throw badRequest(
        `Invalid volume: volume '${id}' status must be 'available' or 'in-use'. Currently in '${volume.status}' status.`,
      );
    }
    if (
      !['active', 'paused', 'stopped', 'suspended', 'shelved', 'shelved_offloaded'].includes(server.vm_state)
    ) {
      throw conflict(
        `Cannot 'attach_volume' instance ${server.id} while it is in vm_state ${server.vm_state}`,
      );
    }
    const made = attachTo(
      call.state,
      server,
      id,
      text(given['device']),
      flag(given['delete_on_termination']) ?? false,
      text(given['tag']) ?? null,
    );
    call.state.compute.began(server, 'attach_volume', call).finish = call.now;
    // The answer comes before the volume is attached: it is `attaching` for a while.
    volume.status = 'attaching';
    call.state.clock.after(call.state.settings.timing.volume, () => {
      if (volume.status === 'attaching') volume.status = 'in-use';
    });
    return ok({
      volumeAttachment: {
        id,
        serverId: server.id,
        volumeId: id,
        device: made.device,
        ...(call.atLeast('2.70') ? { tag: made.tag } : {}),
        ...(call.atLeast('2.79') ? { delete_on_termination: made.delete_on_termination } : {}),
      },
    });
  },
  'GET servers/{server_id}/os-volume_attachments/{volume}': (call) => {
    const server = findServer(call);
    return ok({ volumeAttachment: volumeView(call, server, attached(call, server)) });
  },
  'PUT servers/{server_id}/os-volume_attachments/{volume}': (call) => {
    const server = findServer(call);
    attached(call, server).delete_on_termination =
      flag(call.envelope('volumeAttachment')['delete_on_termination']) ?? false;
    return accepted();
  },
  'DELETE servers/{server_id}/os-volume_attachments/{volume}': (call) => {
    const server = findServer(call);
    const attachment = attached(call, server);
    const volume = call.state.blockStorage.volumes.get(attachment.volume_id);
    call.state.compute.began(server, 'detach_volume', call).finish = call.now;
    if (volume !== undefined) volume.status = 'detaching';
    call.state.clock.after(call.state.settings.timing.volume, () => {
      server.volumes = server.volumes.filter((other) => other !== attachment);
      if (volume !== undefined) detach(call.state, volume, attachment.attachment_id);
    });
    return accepted();
  },
};

function attached(call: Call, server: Server): AttachedVolume {
  const attachment = server.volumes.find((candidate) => candidate.volume_id === call.param('volume'));
  if (attachment === undefined) throw notFound(`volume_id not found: ${call.param('volume')}`);
  return attachment;
}

const volumeView = (call: Call, server: Server, attachment: AttachedVolume): Json => ({
  ...(call.atLeast('2.89') ? {} : { id: attachment.volume_id }),
  volumeId: attachment.volume_id,
  serverId: server.id,
  device: attachment.device,
  ...(call.atLeast('2.70') ? { tag: attachment.tag } : {}),
  ...(call.atLeast('2.79') ? { delete_on_termination: attachment.delete_on_termination } : {}),
  ...(call.atLeast('2.89') ? { attachment_id: attachment.attachment_id, bdm_uuid: attachment.bdm_uuid } : {}),
});
