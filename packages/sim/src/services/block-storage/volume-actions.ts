import { accepted, ok } from '../../answer.ts';
import { adminOf, type Call, type Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { flag, type Json, metadata, number, record, text, str } from '../../wire.ts';
import type { SimState } from '../../sim-state.ts';
import type { Volume } from './state.ts';
import { find, onVolume, place, remove } from './volumes.ts';

const adminRule = (name: string, handler: Routes[string]) =>
  adminOf(find, `volume_extension:volume_admin_actions:${name}`, handler);
const action = (name: string): string => `POST volumes/{id}/action#${name}`;

/** A volume busy with something, which then is as it was. */
function startTask(call: Call, one: Volume, state: string, done: () => void): void {
  const { clock, settings } = call.state;
  one.status = state;
  one.updated = clock.now();
  clock.after(settings.timing.volume, () => {
    if (one.status !== state) return;
    done();
    one.updated = clock.now();
  });
}

export const volumeActionRoutes: Routes = {
  [action('os-extend')]: onVolume((call, one, given) => {
    const size = number(given['new_size']) ?? 0;
    const online = one.status === 'in-use' && call.atLeast('3.42');
    if (one.status !== 'available' && !online) {
      throw badRequest(
        `Invalid volume: Volume ${one.id} status must be '{'status': 'available'}' to extend, currently ${one.status}.`,
      );
    }
    if (size <= one.size) {
      throw badRequest(
        `Invalid input received: New size for extend must be greater than current size. (current: ${one.size}, extended: ${size}).`,
      );
    }
    call.state.blockStorage.charge(one.project_id, 'volumes', size - one.size);
    const before = one.status;
    startTask(call, one, 'extending', () => Object.assign(one, { size, status: before }));
  }),
  [action('os-reserve')]: onVolume((_call, one) => {
    if (one.status !== 'available' && !(one.multiattach && one.status === 'in-use')) {
      throw badRequest(
        `Invalid volume: Volume ${one.id} status must be available or downloading to reserve, but the current status is ${one.status}.`,
      );
    }
    one.status = 'attaching';
  }),
  [action('os-unreserve')]: onVolume(
    (_call, one) => void (one.status = one.attachments.length > 0 ? 'in-use' : 'available'),
  ),
  [action('os-attach')]: onVolume((call, one, given) => {
    attach(
      call.state,
      one,
      text(given['instance_uuid']) ?? '',
      text(given['mountpoint']) ?? null,
      text(given['host_name']) ?? null,
    );
  }),
  [action('os-begin_detaching')]: onVolume((_call, one) => {
    if (one.status !== 'in-use')
      throw badRequest(
        `Invalid volume: Unable to detach volume. Volume status must be 'in-use' and attach_status must be 'attached' to detach.`,
      );
    one.status = 'detaching';
  }),
  [action('os-roll_detaching')]: onVolume((_call, one) => void (one.status = 'in-use')),
  [action('os-detach')]: onVolume((call, one, given) =>
    detach(call.state, one, text(given['attachment_id'])),
  ),
  [action('os-force_detach')]: adminOf(
    find,
    'volume_extension:volume_admin_actions:force_detach',
    onVolume((call, one, given) => detach(call.state, one, text(given['attachment_id']))),
  ),
  [action('os-initialize_connection')]: onVolume((_call, one) =>
    ok({ connection_info: { driver_volume_type: 'rbd', data: { name: `volumes/volume-${one.id}` } } }),
  ),
  [action('os-terminate_connection')]: onVolume(() => accepted()),
  [action('os-set_bootable')]: onVolume((_call, one, given) => {
    one.bootable = flag(given['bootable']) ?? false;
    return ok(undefined);
  }),
  [action('os-update_readonly_flag')]: onVolume((_call, one, given) => {
    if (one.status !== 'available') {
      throw badRequest(
        `Invalid volume: Volume ${one.id} status must be available to update readonly flag, but current status is: ${one.status}.`,
      );
    }
    one.readonly = flag(given['readonly']) ?? false;
  }),
  [action('os-set_image_metadata')]: onVolume((_call, one, given) => {
    Object.assign(one.imageMetadata, metadata(given['metadata']));
    return ok({ metadata: one.imageMetadata });
  }),
  [action('os-show_image_metadata')]: onVolume((_call, one) => ok({ metadata: one.imageMetadata })),
  [action('os-unset_image_metadata')]: onVolume((_call, one, given) => {
    const key = text(given['key']) ?? '';
    if (!(key in one.imageMetadata)) throw notFound('Metadata item was not found.');
    delete one.imageMetadata[key];
    return ok(undefined);
  }),
  [action('os-retype')]: onVolume((call, one, given) => {
    const { blockStorage } = call.state;
    const wanted = text(given['new_type']) ?? '';
    const type = blockStorage.type(wanted);
    if (type === undefined) throw notFound(`Volume type with name ${wanted} could not be found.`);
    if (type.id === one.type)
      throw badRequest(`Invalid input received: New volume_type same as original: ${wanted}.`);
    if (one.status !== 'available' && one.status !== 'in-use') {
      throw badRequest(
        `Invalid volume: Volume ${one.id} status must be available or in-use to retype, but current status is: ${one.status}.`,
      );
    }
    const before = one.status;
    const moves = given['migration_policy'] === 'on-demand';
    startTask(call, one, 'retyping', () => {
      one.type = type.id;
      one.status = before;
      if (moves) one.host = place(call.state, one) ?? one.host;
    });
  }),
  [action('os-migrate_volume')]: adminOf(
    find,
    'volume_extension:volume_admin_actions:migrate_volume',
    onVolume((call, one, given) => {
      const host = text(given['host']) ?? '';
      if (!call.state.blockStorage.pools.has(host)) {
        throw badRequest(`No available service named '${host}'`);
      }
      one.migration_status = 'migrating';
      const { clock, settings } = call.state;
      clock.after(settings.timing.backup, () =>
        Object.assign(one, { host, migration_status: 'success', updated: clock.now() }),
      );
    }),
  ),
  [action('os-reset_status')]: adminRule(
    'reset_status',
    onVolume((_call, one, given) => {
      one.status = text(given['status']) ?? one.status;
      if (given['migration_status'] !== undefined)
        one.migration_status = text(given['migration_status']) ?? null;
      if (given['attach_status'] === 'detached') one.attachments = [];
    }),
  ),
  [action('os-force_delete')]: adminRule(
    'force_delete',
    onVolume((call, one) => remove(call, one, true, true)),
  ),
  [action('os-unmanage')]: adminOf(
    find,
    'volume_extension:volume_unmanage',
    onVolume((call, one) => void call.state.blockStorage.volumes.delete(one.id)),
  ),
  [action('revert')]: onVolume((call, one, given) => {
    const snapshot = call.state.blockStorage.snapshots.get(text(given['snapshot_id']) ?? '');
    if (snapshot === undefined) throw notFound(`Snapshot ${str(given['snapshot_id'])} could not be found.`);
    const before = one.status;
    startTask(call, one, 'reverting', () => void (one.status = before));
  }),
  [action('os-reimage')]: onVolume((call, one) =>
    startTask(call, one, 'downloading', () => void (one.status = 'available')),
  ),
  [action('os-volume_upload_image')]: onVolume((call, one, given) => {
    if (one.status !== 'available' && flag(given['force']) !== true)
      throw badRequest(`Invalid volume: Volume ${one.id} status must be available`);
    const { image: imageState, clock, settings } = call.state;
    const image = imageState.add(one.project_id, {
      name: text(given['image_name']) ?? null,
      disk_format: text(given['disk_format']) ?? 'raw',
      container_format: text(given['container_format']) ?? 'bare',
      visibility: text(given['visibility']) ?? 'shared',
    });
    const before = one.status;
    startTask(call, one, 'uploading', () => void (one.status = before));
    clock.after(settings.timing.image, () => imageState.fill(image, Buffer.from(`volume ${one.id}`)));
    return accepted({
      'os-volume_upload_image': {
        id: one.id,
        updated_at: null,
        status: 'uploading',
        display_description: one.description,
        size: one.size,
        volume_type: record(call.state.blockStorage.types.get(one.type)),
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

/** Enters an attachment; Nova's way in, too. */
export function attach(
  state: SimState,
  one: Volume,
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
  };
  one.attachments.push(attachment);
  one.status = 'in-use';
  one.updated = state.clock.now();
  return attachment.attachment_id;
}

export function detach(state: SimState, one: Volume, attachment?: string): void {
  one.attachments =
    attachment === undefined ? [] : one.attachments.filter((each) => each.attachment_id !== attachment);
  one.status = one.attachments.length > 0 ? 'in-use' : 'available';
  one.updated = state.clock.now();
}
