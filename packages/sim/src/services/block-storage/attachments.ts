import { ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { type Json, micros, text } from '../../wire.ts';
import type { VolumeAttachment } from './state.ts';
import { attach, detach } from './volume-actions.ts';
import { findVolume, isMine } from './volumes.ts';

export const attachmentRoutes: Routes = {
  'GET attachments': (call) => ok({ attachments: attachments(call, false) }),
  'GET attachments/detail': (call) => ok({ attachments: attachments(call, true) }),
  'GET attachments/{id}': (call) => {
    const found = attachmentOf(call);
    return ok({ attachment: attachmentView(found.volume, found.attachment, true) });
  },
  'POST attachments': (call) => {
    const given = call.envelope('attachment');
    const volume = findVolume(call, text(given['volume_uuid']) ?? '');
    if (volume.status !== 'available' && !(volume.multiattach && volume.status === 'in-use')) {
      throw badRequest(
        `Invalid volume: Volume ${volume.id} status must be available or downloading to reserve, but the current status is ${volume.status}.`,
      );
    }
    attach(call.state, volume, text(given['instance_uuid']) ?? '', null, null);
    volume.status = 'reserved';
    return ok({ attachment: attachmentView(volume, volume.attachments.at(-1) as VolumeAttachment, true) });
  },
  'PUT attachments/{id}': (call) => {
    const found = attachmentOf(call);
    found.volume.status = 'attaching';
    return ok({ attachment: attachmentView(found.volume, found.attachment, true) });
  },
  'POST attachments/{id}/action#os-complete': (call) => {
    attachmentOf(call).volume.status = 'in-use';
    return { status: 204 };
  },
  'DELETE attachments/{id}': (call) => {
    const found = attachmentOf(call);
    detach(call.state, found.volume, found.attachment.attachment_id);
    return ok({ attachments: [] });
  },
};

function attachments(call: Call, full: boolean): Json[] {
  return call.state.blockStorage.volumes
    .filter((volume) => isMine(call, volume) && [null, volume.id].includes(call.query.get('volume_id')))
    .flatMap((volume) => volume.attachments.map((attachment) => attachmentView(volume, attachment, full)));
}

function attachmentOf(call: Call) {
  for (const volume of call.state.blockStorage.volumes.values()) {
    const found = call.owns(volume.project_id)
      ? volume.attachments.find((attachment) => attachment.attachment_id === call.param('id'))
      : undefined;
    if (found !== undefined) return { volume, attachment: found };
  }
  throw notFound(`Volume attachment could not be found with filter: attachment_id = ${call.param('id')}.`);
}

const attachmentView = (
  volume: { readonly id: string; readonly status: string },
  attachment: VolumeAttachment,
  full: boolean,
): Json => ({
  id: attachment.attachment_id,
  status: volume.status === 'in-use' ? 'attached' : volume.status,
  instance: attachment.server_id,
  volume_id: volume.id,
  ...(full
    ? {
        attached_at: micros(attachment.attached_at),
        detached_at: '',
        attach_mode: 'rw',
        connection_info: { driver_volume_type: 'rbd' },
      }
    : {}),
});
