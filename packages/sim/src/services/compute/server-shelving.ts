import type { Call, Routes } from '../../call.ts';
import { text } from '../../wire.ts';
import { bind } from '../network/ports.ts';
import { renewAttachments } from './block-devices.ts';
import { markActive, moveToHost, startTask } from './lifecycle.ts';
import { allocate, deallocate, schedule } from './scheduler.ts';
import { action, actionKey, SNAPSHOT_STATES } from './server-actions.ts';
import type { Server } from './server.ts';

export const serverShelvingRoutes: Routes = {
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
          moveToHost(call.state, server, host);
          markActive(call.state, server);
        },
        entry,
      );
    },
  ),
};

function offload(call: Call, server: Server): void {
  deallocate(call.state, server);
  Object.assign(server, { vm_state: 'shelved_offloaded', power_state: 4, host: null, availability_zone: '' });
  renewAttachments(call.state, server);
  for (const port of call.state.network.ports.by('project', server.project_id))
    if (port.device_id === server.id) bind(port, '');
}
