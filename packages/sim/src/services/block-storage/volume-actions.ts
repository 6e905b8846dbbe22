import { accepted, ok } from '../../answer.ts';
import { adminOf, type Call, type Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import type { SimState } from '../../sim-state.ts';
import { flag, type Json, metadata, number, record, str, text } from '../../wire.ts';
import { isVisible } from '../image/image.ts';
import { beginContent } from './begin-content.ts';
import { connectionOf } from './connection.ts';
import { GIB } from './contents.ts';
import type { Volume } from './state.ts';
import { choosePool, findVolume, onVolume, removeVolume } from './volumes.ts';

const adminRule = (name: string, handler: Routes[string]) =>
  adminOf(findVolume, `volume_extension:volume_admin_actions:${name}`, handler);
const action = (name: string): string => `POST volumes/{id}/action#${name}`;

/** Gives a volume a status for the time of a task, and its old status afterwards. */
function startTask(call: Call, volume: Volume, state: string, done: () => void): void {
  const { clock, settings } = call.state;
  volume.status = state;
  volume.updated = clock.now();
  clock.after(settings.timing.volume, () => {
    if (volume.status !== state) return;
    done();
    volume.updated = clock.now();
  });
}

export const volumeActionRoutes: Routes = {
  [action('os-extend')]: onVolume((call, volume, given) => {
    const size = number(given['new_size']) ?? 0;
    const online = volume.status === 'in-use' && call.atLeast('3.42');
    if (volume.status !== 'available' && !online) {
      throw badRequest(
        `Invalid volume: Volume ${volume.id} status must be '{'status': 'available'}' to extend, currently ${volume.status}.`,
      );
    }
    if (size <= volume.size) {
      throw badRequest(
        `Invalid input received: New size for extend must be greater than current size. (current: ${volume.size}, extended: ${size}).`,
      );
    }
    call.state.blockStorage.charge(volume.project_id, 'volumes', size - volume.size);
    const before = volume.status;
    startTask(call, volume, 'extending', () => Object.assign(volume, { size, status: before }));
  }),
  [action('os-reserve')]: onVolume((_call, volume) => {
    if (volume.status !== 'available' && !(volume.multiattach && volume.status === 'in-use')) {
      throw badRequest(
        `Invalid volume: Volume ${volume.id} status must be available or downloading to reserve, but the current status is ${volume.status}.`,
      );
    }
    volume.status = 'attaching';
  }),
  [action('os-unreserve')]: onVolume(
    (_call, volume) => void (volume.status = volume.attachments.length > 0 ? 'in-use' : 'available'),
  ),
  [action('os-attach')]: onVolume((call, volume, given) => {
    attach(
      call.state,
      volume,
      text(given['instance_uuid']) ?? '',
      text(given['mountpoint']) ?? null,
      text(given['host_name']) ?? null,
    );
  }),
  [action('os-begin_detaching')]: onVolume((_call, volume) => {
    if (volume.status !== 'in-use')
      throw badRequest(
        `Invalid volume: Unable to detach volume. Volume status must be 'in-use' and attach_status must be 'attached' to detach.`,
      );
    volume.status = 'detaching';
  }),
  [action('os-roll_detaching')]: onVolume((_call, volume) => void (volume.status = 'in-use')),
  [action('os-detach')]: onVolume((call, volume, given) =>
    detach(call.state, volume, text(given['attachment_id'])),
  ),
  [action('os-force_detach')]: adminOf(
    findVolume,
    'volume_extension:volume_admin_actions:force_detach',
    onVolume((call, volume, given) => detach(call.state, volume, text(given['attachment_id']))),
  ),
  [action('os-initialize_connection')]: onVolume((_call, volume) => {
    const { driver_volume_type, ...data } = connectionOf(volume);
    return ok({ connection_info: { driver_volume_type, data } });
  }),
  [action('os-terminate_connection')]: onVolume(() => accepted()),
  [action('os-set_bootable')]: onVolume((_call, volume, given) => {
    volume.bootable = flag(given['bootable']) ?? false;
    return ok(undefined);
  }),
  [action('os-update_readonly_flag')]: onVolume((_call, volume, given) => {
    if (volume.status !== 'available') {
      throw badRequest(
        `Invalid volume: Volume ${volume.id} status must be available to update readonly flag, but current status is: ${volume.status}.`,
      );
    }
    volume.readonly = flag(given['readonly']) ?? false;
  }),
  [action('os-set_image_metadata')]: onVolume((_call, volume, given) => {
    Object.assign(volume.imageMetadata, metadata(given['metadata']));
    return ok({ metadata: volume.imageMetadata });
  }),
  [action('os-show_image_metadata')]: onVolume((_call, volume) => ok({ metadata: volume.imageMetadata })),
  [action('os-unset_image_metadata')]: onVolume((_call, volume, given) => {
    const key = text(given['key']) ?? '';
    if (!(key in volume.imageMetadata)) throw notFound('Metadata item was not found.');
    delete volume.imageMetadata[key];
    return ok(undefined);
  }),
  [action('os-retype')]: onVolume((call, volume, given) => {
    const { blockStorage } = call.state;
    const wanted = text(given['new_type']) ?? '';
    const type = blockStorage.type(wanted);
    if (type === undefined) throw notFound(`Volume type with name ${wanted} could not be found.`);
    if (type.id === volume.type)
      throw badRequest(`Invalid input received: New volume_type same as original: ${wanted}.`);
    if (volume.status !== 'available' && volume.status !== 'in-use') {
      throw badRequest(
        `Invalid volume: Volume ${volume.id} status must be available or in-use to retype, but current status is: ${volume.status}.`,
      );
    }
    const before = volume.status;
    const moves = given['migration_policy'] === 'on-demand';
    startTask(call, volume, 'retyping', () => {
      volume.type = type.id;
      volume.status = before;
      if (moves) volume.host = choosePool(call.state, volume) ?? volume.host;
    });
  }),
  [action('os-migrate_volume')]: adminOf(
    findVolume,
    'volume_extension:volume_admin_actions:migrate_volume',
    onVolume((call, volume, given) => {
      const host = text(given['host']) ?? '';
      if (!call.state.blockStorage.pools.has(host)) {
        throw badRequest(`No available service named '${host}'`);
      }
      volume.migration_status = 'migrating';
      const { clock, settings } = call.state;
      clock.after(settings.timing.backup, () =>
        Object.assign(volume, { host, migration_status: 'success', updated: clock.now() }),
      );
    }),
  ),
  [action('os-reset_status')]: adminRule(
    'reset_status',
    onVolume((_call, volume, given) => {
      volume.status = text(given['status']) ?? volume.status;
      if (given['migration_status'] !== undefined)
        volume.migration_status = text(given['migration_status']) ?? null;
      if (given['attach_status'] === 'detached') volume.attachments = [];
    }),
  ),
  [action('os-force_delete')]: adminRule(
    'force_delete',
    onVolume((call, volume) => removeVolume(call, volume, true, true)),
  ),
  [action('os-unmanage')]: adminOf(
    findVolume,
    'volume_extension:volume_unmanage',
    onVolume((call, volume) => void call.state.blockStorage.volumes.delete(volume.id)),
  ),
  [action('revert')]: onVolume((call, volume, given) => {
    const snapshot = call.state.blockStorage.snapshots.get(text(given['snapshot_id']) ?? '');
    if (snapshot === undefined) throw notFound(`Snapshot ${str(given['snapshot_id'])} could not be found.`);
    const { contents } = call.state.blockStorage;
    const [before, bytes] = [volume.status, contents.freeze(snapshot.id)];
    startTask(call, volume, 'reverting', () => {
      contents.set(volume.id, bytes);
      volume.status = before;
    });
  }),
  [action('os-reimage')]: onVolume((call, volume, given) => {
    const image = call.state.image.images.get(text(given['image_id']) ?? '');
    if (!isVisible(call, image)) throw notFound(`Image ${str(given['image_id'])} could not be found.`);
    startTask(call, volume, 'downloading', () => {
      beginContent(call.state, volume.id, { image });
      volume.status = 'available';
    });
  }),
  [action('os-volume_upload_image')]: onVolume((call, volume, given) => {
    if (volume.status !== 'available' && flag(given['force']) !== true)
      throw badRequest(`Invalid volume: Volume ${volume.id} status must be available`);
    const { image: imageState, clock, settings } = call.state;
    const image = imageState.add(volume.project_id, {
      name: text(given['image_name']) ?? null,
      disk_format: text(given['disk_format']) ?? 'raw',
      container_format: text(given['container_format']) ?? 'bare',
      visibility: text(given['visibility']) ?? 'shared',
    });
    const before = volume.status;
    startTask(call, volume, 'uploading', () => void (volume.status = before));
    const bytes = call.state.blockStorage.contents.freeze(volume.id);
    const size = volume.size * GIB;
    clock.after(settings.timing.image, () => {
      if (call.state.blockStorage.failures.take('upload') === undefined) {
        call.state.work.add(imageState.fillFrom(image, bytes, size));
      } else {
        // Cinder deletes an image that it could not fill (`copy_volume_to_image` of `cinder/volume/manager.py`).
        imageState.images.delete(image.id);
        bytes.dispose();
      }
    });
    return accepted({
      'os-volume_upload_image': {
        id: volume.id,
        updated_at: null,
        status: 'uploading',
        display_description: volume.description,
        size: volume.size,
        volume_type: record(call.state.blockStorage.types.get(volume.type)),
        image_id: image.id,
        container_format: image.container_format,
        disk_format: image.disk_format,
        image_name: image.name,
        visibility: image.visibility,
        protected: false,
      } satisfies Json,
    });
  }),
};

/** Records an attachment. Nova calls it too. */
export function attach(
  state: SimState,
  volume: Volume,
  server: string,
  device: string | null,
  host: string | null,
): string {
  const attachment = {
    attachment_id: state.ids.uuid(),
    server_id: server,
    device,
    attached_at: state.clock.now(),
    host,
    status: 'attached',
    mode: volume.readonly ? 'ro' : 'rw',
  } as const;
  volume.attachments.push({ ...attachment });
  volume.status = 'in-use';
  volume.updated = state.clock.now();
  return attachment.attachment_id;
}

export function detach(state: SimState, volume: Volume, attachment?: string): void {
  volume.attachments =
    attachment === undefined ? [] : volume.attachments.filter((other) => other.attachment_id !== attachment);
  volume.status = volume.attachments.length > 0 ? 'in-use' : 'available';
  volume.updated = state.clock.now();
}
