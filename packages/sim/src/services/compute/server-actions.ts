import { accepted, type Answer, ok } from '../../answer.ts';
import { type Call, type Handler, type Routes } from '../../call.ts';
import { badRequest, conflict, forbidden } from '../../fault.ts';
import { type Json, metadata, record, text } from '../../wire.ts';
import { HTML } from '../documents.ts';
import { isVisible } from '../image/image.ts';
import { gone } from './proxies/lifetime.ts';
import { bind } from '../network/ports.ts';
import { works } from './hosts.ts';
import { startTask, find, moved, requireState, requireUnlocked, started, terminate } from './lifecycle.ts';
import { allocate, schedule, deallocate } from './scheduler.ts';
import { detail } from './server-view.ts';
import type { InstanceAction } from './state.ts';
import type { Server } from './server.ts';

export const actionKey = (name: string): string => `POST servers/{id}/action#${name}`;

interface ActionOptions {
  /** Nova's own name of it, in messages and in the list of instance actions. */
  readonly name: string;
  readonly states?: readonly string[];
  /** It may be asked for while another task runs. */
  readonly anytime?: true;
  /** For administrators. */
  readonly rule?: string;
  /** A lock does not stop it. */
  readonly evenLocked?: true;
}

/** An action: found, allowed by role, lock and state, noted, done. */
export function action(
  options: ActionOptions,
  run: (call: Call, server: Server, given: Json, entry: InstanceAction) => Answer | void,
): Handler {
  return (call) => {
    if (options.rule !== undefined && !call.admin) {
      find(call);
      throw forbidden(options.rule, 'policy');
    }
    const server = find(call);
    if (options.evenLocked !== true) requireUnlocked(call, server);
    requireState(server, options.name, options.states, options.anytime !== true);
    const given = record(Object.values(record(call.body))[0]);
    const entry: InstanceAction = {
      request_id: call.requestId,
      action: options.name,
      user_id: call.userId,
      project_id: call.projectId,
      start: call.now,
      host: server.host,
      finish: null,
      message: null,
    };
    const answer = run(call, server, given, entry);
    const { actions } = call.state.compute;
    actions.set(server.id, [...(actions.get(server.id) ?? []), entry]);
    return answer ?? accepted();
  };
}

/** From one state to another, by way of a task. */
function transition(
  name: string,
  states: readonly string[],
  task: string,
  end: { vm: string; power: number },
): Handler {
  return action({ name, states }, (call, server, _given, entry) => {
    startTask(
      call.state,
      server,
      task,
      call.state.settings.timing.action,
      () => Object.assign(server, { vm_state: end.vm, power_state: end.power }),
      entry,
    );
  });
}

const SNAPSHOT_STATES = ['active', 'stopped', 'paused', 'suspended'];

export const serverActionRoutes: Routes = {
  [actionKey('os-start')]: transition('start', ['stopped'], 'powering-on', { vm: 'active', power: 1 }),
  [actionKey('os-stop')]: transition('stop', ['active', 'error'], 'powering-off', {
    vm: 'stopped',
    power: 4,
  }),
  [actionKey('pause')]: transition('pause', ['active'], 'pausing', { vm: 'paused', power: 3 }),
  [actionKey('unpause')]: transition('unpause', ['paused'], 'unpausing', { vm: 'active', power: 1 }),
  [actionKey('suspend')]: transition('suspend', ['active'], 'suspending', { vm: 'suspended', power: 4 }),
  [actionKey('resume')]: transition('resume', ['suspended'], 'resuming', { vm: 'active', power: 1 }),
  [actionKey('reboot')]: action({ name: 'reboot', anytime: true }, (call, server, given, entry) => {
    const type = text(given['type']);
    if (type === undefined)
      throw badRequest("Invalid input for field/attribute reboot. Value: {}. 'type' is a required property");
    if (!/^(HARD|Hard|hard|SOFT|Soft|soft)$/.test(type)) {
      throw badRequest(
        `Invalid input for field/attribute type. Value: ${type}. '${type}' is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']`,
      );
    }
    const hard = type.toLowerCase() === 'hard';
    requireState(
      server,
      'reboot',
      hard ? ['active', 'stopped', 'paused', 'suspended', 'error'] : ['active'],
      !hard,
    );
    startTask(
      call.state,
      server,
      hard ? 'rebooting_hard' : 'rebooting',
      call.state.settings.timing.action,
      () => started(call.state, server),
      entry,
    );
  }),
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
  [actionKey('lock')]: action({ name: 'lock', anytime: true, evenLocked: true }, (_call, server, given) => {
    server.locked = true;
    server.locked_reason = text(given['locked_reason']) ?? null;
  }),
  [actionKey('unlock')]: action({ name: 'unlock', anytime: true, evenLocked: true }, (_call, server) => {
    server.locked = false;
    server.locked_reason = null;
  }),
  [actionKey('shelve')]: action(
    { name: 'shelve', states: SNAPSHOT_STATES },
    (call, server, _given, entry) => {
      const { timing } = call.state.settings;
      startTask(call.state, server, 'shelving', timing.action, () => {
        Object.assign(server, { vm_state: 'shelved', power_state: 4 });
        startTask(
          call.state,
          server,
          'shelving_offloading',
          timing.action,
          () => offload(call, server),
          entry,
        );
      });
    },
  ),
  [actionKey('shelveOffload')]: action(
    { name: 'shelveOffload', states: ['shelved'], rule: 'os_compute_api:os-shelve:shelve_offload' },
    (call, server, _given, entry) =>
      startTask(
        call.state,
        server,
        'shelving_offloading',
        call.state.settings.timing.action,
        () => offload(call, server),
        entry,
      ),
  ),
  [actionKey('unshelve')]: action(
    { name: 'unshelve', states: ['shelved', 'shelved_offloaded'] },
    (call, server, given, entry) => {
      const only = text(given['host']);
      const host =
        server.host ??
        schedule(call.state, server, { only, zone: text(given['availability_zone']) ?? server.pinned_zone });
      if (host === undefined) {
        entry.message = 'Error';
        return;
      }
      allocate(call.state, server, host);
      startTask(
        call.state,
        server,
        'unshelving',
        call.state.settings.timing.action,
        () => {
          moved(call.state, server, host);
          started(call.state, server);
        },
        entry,
      );
    },
  ),
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
          started(call.state, server);
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
          // What the server's image says is true of its copy (`_initialize_instance_snapshot_metadata`).
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
      startTask(call.state, server, 'image_uploading', settings.timing.image, () => {}, entry);
      clock.after(
        settings.timing.image,
        () =>
          works(call.state, server.host) && imageState.fill(made, Buffer.from(`snapshot of ${server.id}`)),
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
  [actionKey('changePassword')]: action({ name: 'changePassword', states: ['active'] }, () => {}),
  [actionKey('os-resetState')]: action(
    { name: 'reset', anytime: true, rule: 'os_compute_api:os-admin-actions:reset_state' },
    (_call, server, given) => {
      server.vm_state = given['state'] === 'active' ? 'active' : 'error';
      server.task_state = null;
      if (server.vm_state === 'active') server.fault = null;
    },
  ),
  [actionKey('forceDelete')]: action({ name: 'delete', anytime: true }, (call, server) =>
    terminate(call.state, server),
  ),
  [actionKey('restore')]: action({ name: 'restore', states: ['soft-delete'] }, (call, server) =>
    started(call.state, server),
  ),
  [actionKey('trigger_crash_dump')]: action(
    { name: 'trigger_crash_dump', states: ['active', 'paused', 'rescued', 'error'] },
    () => {},
  ),
  [actionKey('os-getConsoleOutput')]: (call) => {
    const server = find(call);
    if (server.host === null) throw conflict(`Instance ${server.id} is not ready`);
    return ok({ output: `[    0.000000] Linux version 6.1.0\n${server.hostname} login: ` });
  },
  [actionKey('os-getVNCConsole')]: (call) => {
    const server = find(call);
    const given = record(record(call.body)['os-getVNCConsole']);
    return ok({
      console: {
        type: text(given['type']),
        url: `${call.url.origin}/vnc_auto.html?path=%3Ftoken%3D${server.id}`,
      },
    });
  },
  [actionKey('resetNetwork')]: gone,
  [actionKey('injectNetworkInfo')]: action(
    { name: 'injectNetworkInfo', anytime: true, rule: 'os_compute_api:os-admin-actions:inject_network_info' },
    () => {},
  ),
};

function offload(call: Call, server: Server): void {
  deallocate(call.state, server);
  Object.assign(server, { vm_state: 'shelved_offloaded', power_state: 4, host: null, availability_zone: '' });
  for (const port of call.state.network.ports.by('project', server.project_id))
    if (port.device_id === server.id) bind(port, '');
}
