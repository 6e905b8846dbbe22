import type { Call } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import type { SimState } from '../../sim-state.ts';
import { flag, type Json, number, str, text } from '../../wire.ts';
import { beginContent, type VolumeOrigin } from '../block-storage/begin-content.ts';
import { attach, detach } from '../block-storage/volume-actions.ts';
import { addVolume, choosePool } from '../block-storage/volumes.ts';
import type { Server } from './server.ts';

/** Refuses devices of volumes and snapshots that the caller does not have. */
export function checkDevices(call: Call, devices: readonly Json[]): void {
  const { volumes, snapshots } = call.state.blockStorage;
  for (const device of devices) {
    const id = str(device['uuid']);
    if (device['source_type'] === 'volume' && !call.owns(volumes.get(id)?.project_id))
      throw badRequest(`Block Device Mapping is Invalid: failed to get volume ${id}.`);
    if (device['source_type'] === 'snapshot' && !call.owns(snapshots.get(id)?.project_id))
      throw badRequest(`Snapshot ${id} could not be found.`);
  }
}

/** Attaches the volumes that a request names, and makes those that it asks for. */
export function connectVolumes(state: SimState, server: Server, devices: readonly Json[]): void {
  for (const [index, device] of devices.entries()) {
    if (device['destination_type'] !== 'volume' && device['source_type'] !== 'volume') continue;
    const named =
      device['source_type'] === 'volume'
        ? state.blockStorage.volumes.get(text(device['uuid']) ?? '')
        : undefined;
    if (device['source_type'] === 'volume' && named === undefined)
      throw notFound(`Volume ${str(device['uuid'])} could not be found.`);
    const volume =
      named ??
      addVolume(state, {
        project_id: server.project_id,
        user_id: server.user_id,
        size: number(device['volume_size']) ?? Math.max(1, server.flavor.disk),
        bootable: true,
        name: '',
      });
    if (named === undefined) beginContent(state, volume.id, originOf(state, device));
    volume.host ??= choosePool(state, volume) ?? null;
    attachTo(
      state,
      server,
      volume.id,
      `/dev/vd${LETTERS[index] ?? 'z'}`,
      flag(device['delete_on_termination']) ?? false,
    );
  }
}

/** What a new volume of a server begins as a copy of; nothing of a blank one. */
function originOf(state: SimState, device: Json): VolumeOrigin {
  const id = text(device['uuid']) ?? '';
  if (device['source_type'] === 'snapshot') return { snapshot: id };
  return device['source_type'] === 'image' ? { image: state.image.images.get(id) } : {};
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Adds an attachment to Nova and to Cinder. */
export function attachTo(
  state: SimState,
  server: Server,
  volumeId: string,
  device?: string,
  deleteToo = false,
  tag: string | null = null,
) {
  const volume = state.blockStorage.volumes.get(volumeId);
  if (volume === undefined) throw notFound(`Volume ${volumeId} could not be found.`);
  const path = device ?? `/dev/vd${LETTERS[server.volumes.length + (server.image === null ? 0 : 1)] ?? 'z'}`;
  const attached = {
    volume_id: volumeId,
    device: path,
    attachment_id: attach(state, volume, server.id, path, server.host),
    bdm_uuid: state.ids.uuid(),
    delete_on_termination: deleteToo,
    tag,
  };
  server.volumes.push(attached);
  return attached;
}

/** Nova gives up the connections of a server that it offloads, and keeps its volumes by new ones (`_terminate_volume_connections`). */
export function renewAttachments(state: SimState, server: Server): void {
  server.volumes = server.volumes.map((attached) => {
    const volume = state.blockStorage.volumes.get(attached.volume_id);
    if (volume === undefined) return attached;
    detach(state, volume, attached.attachment_id);
    return { ...attached, attachment_id: attach(state, volume, server.id, attached.device, null) };
  });
}
