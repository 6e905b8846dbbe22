import { accepted, ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import { metadata, text } from '../../wire.ts';
import { HTML } from '../documents.ts';
import { isVisible } from '../image/image.ts';
import { lookAt } from './guest.ts';
import { isHostRunning } from './hosts.ts';
import { markActive, startTask } from './lifecycle.ts';
import { action, actionKey, SNAPSHOT_STATES, transition } from './server-actions.ts';
import { detail } from './server-view.ts';

export const serverImageRoutes: Routes = {
  [actionKey('rescue')]: action(
    { name: 'rescue', states: ['active', 'stopped', 'error'] },
    (call, server, given, entry) => {
      startTask(
        call.state,
        server,
        'rescuing',
        call.state.settings.timing.action,
        () => Object.assign(server, { vm_state: 'rescued', power_state: 1 }),
        entry,
      );
      return ok({ adminPass: text(given['adminPass']) ?? call.state.ids.password() });
    },
  ),
  [actionKey('unrescue')]: transition('unrescue', ['rescued'], 'unrescuing', { vm: 'active', power: 1 }),
  [actionKey('rebuild')]: action(
    { name: 'rebuild', states: ['active', 'stopped', 'error', 'rescued'] },
    (call, server, given, entry) => {
      const image = text(given['imageRef']) ?? '';
      if (!isVisible(call, call.state.image.images.get(image)))
        throw badRequest('Cannot find image for rebuild');
      const stopped = server.vm_state === 'stopped';
      server.name = text(given['name']) ?? server.name;
      if (given['metadata'] !== undefined) server.metadata = metadata(given['metadata']);
      startTask(
        call.state,
        server,
        'rebuilding',
        call.state.settings.timing.action,
        () => {
          server.image = image;
          server.fault = null;
          markActive(call.state, server);
          if (stopped) Object.assign(server, { vm_state: 'stopped', power_state: 4 });
        },
        entry,
      );
      return accepted({ server: { ...detail(call, server), adminPass: call.state.ids.password() } });
    },
  ),
  [actionKey('createImage')]: action(
    { name: 'createImage', states: SNAPSHOT_STATES, evenLocked: true },
    (call, server, given, entry) => {
      const { image: imageState, clock, settings } = call.state;
      const source = server.image === null ? undefined : imageState.images.get(server.image);
      const made = imageState.add(server.project_id, {
        name: text(given['name']) ?? '',
        visibility: 'private',
        disk_format: source?.disk_format ?? 'qcow2',
        container_format: 'bare',
        min_disk: server.flavor.disk,
        properties: {
          // The properties of the server's image are copied (`_initialize_instance_snapshot_metadata`).
          ...source?.properties,
          owner_user_name: call.token.user.name,
          owner_project_name: call.token.project?.name ?? '',
          boot_roles: call.token.roles.map(({ name }) => name).join(','),
          base_image_ref: server.image ?? '',
          instance_uuid: server.id,
          user_id: server.user_id,
          image_type: 'snapshot',
          ...metadata(given['metadata']),
        },
      });
      lookAt(server);
      startTask(call.state, server, 'image_uploading', settings.timing.image, () => {}, entry);
      clock.after(
        settings.timing.image,
        () =>
          isHostRunning(call.state, server.host) &&
          imageState.fill(made, Buffer.from(`snapshot of ${server.id}`)),
      );
      return call.atLeast('2.45')
        ? accepted({ image_id: made.id })
        : accepted(undefined, {
            Location: `${call.url.origin}/image/images/${made.id}`,
            'Content-Type': HTML,
          });
    },
  ),
  [actionKey('createBackup')]: action(
    { name: 'createBackup', states: SNAPSHOT_STATES, evenLocked: true },
    (call, server, given, entry) => {
      const { image: imageState, settings, clock } = call.state;
      const made = imageState.add(server.project_id, {
        name: text(given['name']) ?? '',
        visibility: 'private',
        disk_format: 'qcow2',
        container_format: 'bare',
        properties: { instance_uuid: server.id, image_type: 'backup', backup_type: given['backup_type'] },
      });
      lookAt(server);
      startTask(call.state, server, 'image_backup', settings.timing.image, () => {}, entry);
      clock.after(settings.timing.image, () => imageState.fill(made, Buffer.from(`backup of ${server.id}`)));
      return call.atLeast('2.45')
        ? accepted({ image_id: made.id })
        : accepted(undefined, {
            Location: `${call.url.origin}/image/images/${made.id}`,
            'Content-Type': HTML,
          });
    },
  ),
};
