import type { Routes } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import { text } from '../../wire.ts';
import { markActive, requireState, startTask, terminate } from './lifecycle.ts';
import { goneHandler } from './proxies/lifetime.ts';
import { action, actionKey, transition } from './server-actions.ts';

export const serverPowerRoutes: Routes = {
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
      () => markActive(call.state, server),
      entry,
    );
  }),
  [actionKey('lock')]: action({ name: 'lock', anytime: true, evenLocked: true }, (_call, server, given) => {
    server.locked = true;
    server.locked_reason = text(given['locked_reason']) ?? null;
  }),
  [actionKey('unlock')]: action({ name: 'unlock', anytime: true, evenLocked: true }, (_call, server) => {
    server.locked = false;
    server.locked_reason = null;
  }),
  [actionKey('changePassword')]: action({ name: 'changePassword', states: ['active'] }, () => {}),
  [actionKey('os-resetState')]: action(
    { name: 'reset', anytime: true, rule: 'os_compute_api:os-admin-actions:reset_state' },
    (_call, server, given) => {
      server.vm_state = given['state'] === 'active' ? 'active' : 'error';
      server.task_state = null;
      if (server.vm_state === 'active') server.fault = null;
    },
  ),
  [actionKey('forceDelete')]: action({ name: 'delete', anytime: true }, (call, server, _given, entry) => {
    terminate(call.state, server);
    entry.finish = call.now;
  }),
  [actionKey('restore')]: action({ name: 'restore', states: ['soft-delete'] }, (call, server) =>
    markActive(call.state, server),
  ),
  [actionKey('trigger_crash_dump')]: action(
    { name: 'trigger_crash_dump', states: ['active', 'paused', 'rescued', 'error'] },
    () => {},
  ),
  [actionKey('resetNetwork')]: goneHandler,
  [actionKey('injectNetworkInfo')]: action(
    { name: 'injectNetworkInfo', anytime: true, rule: 'os_compute_api:os-admin-actions:inject_network_info' },
    () => {},
  ),
};
