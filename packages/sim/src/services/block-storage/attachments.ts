import { ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { limitOf } from '../../paging.ts';
import { isRecord, type Json, micros, number, text } from '../../wire.ts';
import { connectionOf } from './connection.ts';
import type { Volume, VolumeAttachment } from './state.ts';
import { detach } from './volume-actions.ts';
import { findVolume, isMine } from './volumes.ts';

export const attachmentRoutes: Routes = {
  'GET attachments': (call) => ok({ attachments: attachments(call, false) }),
  'GET attachments/detail': (call) => ok({ attachments: attachments(call, true) }),
  'GET attachments/{id}': (call) => {
    const { volume, attachment } = attachmentOf(call);
    return ok({ attachment: attachmentView(volume, attachment, true) });
  },
  'POST attachments': (call) => {
    const given = call.envelope('attachment');
    const volume = findVolume(call, text(given['volume_uuid']) ?? '');
    requireFree(volume);
    const attachment: VolumeAttachment = {
      attachment_id: call.state.ids.uuid(),
      server_id: text(given['instance_uuid']) ?? '',
      device: null,
      attached_at: call.now,
      host: null,
      status: 'reserved',
      mode: volume.readonly ? 'ro' : (text(given['mode']) ?? 'null'),
    };
    volume.attachments.push(attachment);
    volume.status = 'reserved';
    volume.updated = call.now;
    const answer = attachmentView(volume, attachment, true);
    if (!isRecord(given['connector'])) return ok({ attachment: answer });
    connect(call, volume, attachment, given['connector']);
    return ok({ attachment: { ...answer, connection_info: connectionInfo(volume, attachment) } });
  },
  'PUT attachments/{id}': (call) => {
    const { volume, attachment } = attachmentOf(call);
    const connector = call.envelope('attachment')['connector'];
    requireNoError(volume, 'updated');
    const answer = attachmentView(volume, attachment, true);
    if (isRecord(connector)) {
      connect(call, volume, attachment, connector);
      if (attachment.mode === 'null') attachment.mode = text(connector['mode']) ?? 'rw';
    }
    return ok({ attachment: { ...answer, connection_info: connectionInfo(volume, attachment) } });
  },
  'POST attachments/{id}/action#os-complete': (call) => {
    const { volume, attachment } = attachmentOf(call);
    attachment.status = 'attached';
    volume.status = 'in-use';
    return { status: 204 };
  },
  'DELETE attachments/{id}': (call) => {
    const { volume, attachment } = attachmentOf(call);
    detach(call.state, volume, attachment.attachment_id);
    return ok({ attachments: volume.attachments.map((other) => attachmentView(volume, other, false)) });
  },
};

/** Refuses what cannot be reserved (`_attachment_reserve` of `cinder/volume/api.py`). */
function requireFree(volume: Volume): void {
  requireNoError(volume, 'created');
  const isFree =
    ['available', 'downloading'].includes(volume.status) ||
    (volume.multiattach && volume.status === 'in-use');
  if (isFree) return;
  const free = volume.multiattach ? 'available, in-use or downloading' : 'available or downloading';
  throw badRequest(
    `Invalid volume: Volume ${volume.id} status must be ${free} to reserve, but the current status is ${volume.status}.`,
  );
}

function requireNoError({ id, status }: Volume, what: 'created' | 'updated'): void {
  if (!status.includes('error')) return;
  throw badRequest(
    `Invalid volume: Volume attachments can not be ${what} if the volume is in an error state. The Volume ${id} currently has a status of: ${status} `,
  );
}

/**
 * Exports the volume to a host, which says later that it has connected. The answer to the request has the state of before, and the
 * connection (as on the lab: the API shows the row that it read first).
 */
function connect(call: Call, volume: Volume, attachment: VolumeAttachment, connector: Json): void {
  attachment.host = text(connector['host']) ?? '';
  attachment.status = 'attaching';
  attachment.attached_at = call.now;
  volume.status = 'attaching';
  volume.updated = call.now;
}

function attachments(call: Call, full: boolean): Json[] {
  const asks = (name: string, value: string): boolean => [null, value].includes(call.query.get(name));
  const found = call.state.blockStorage.volumes
    .filter((volume) => isMine(call, volume) && asks('volume_id', volume.id))
    .flatMap((volume) =>
      volume.attachments
        .filter(({ server_id, status }) => asks('instance_id', server_id) && asks('attach_status', status))
        .map((attachment) => attachmentView(volume, attachment, full)),
    );
  const offset = number(call.query.get('offset') ?? undefined) ?? 0;
  return found.slice(offset, offset + limitOf(call));
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

const connectionInfo = (volume: Volume, { attachment_id }: VolumeAttachment): Json => ({
  ...connectionOf(volume),
  attachment_id,
});

function attachmentView(volume: Volume, attachment: VolumeAttachment, full: boolean): Json {
  const { attachment_id: id, server_id, status, mode, attached_at } = attachment;
  const brief = {
    id,
    status,
    instance: server_id === '' ? null : server_id,
    volume_id: volume.id,
  };
  if (!full) return brief;
  const isReserved = status === 'reserved';
  return {
    ...brief,
    attached_at: isReserved ? '' : micros(attached_at),
    detached_at: '',
    attach_mode: mode,
    connection_info: isReserved ? {} : connectionInfo(volume, attachment),
  };
}
