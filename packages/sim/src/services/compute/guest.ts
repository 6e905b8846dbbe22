import type { SimState } from '../../sim-state.ts';
import { isHostRunning } from './hosts.ts';
import type { Server } from './server.ts';

/** States with the power state running in which the server's own system does not run: another one does. */
const OTHER_SYSTEM = new Set(['rescued', 'error', 'building']);
/** Tasks in which the guest is off for a while, although Nova's power state goes on saying that it runs. */
const OFF_MEANWHILE = new Set([
  'rebooting',
  'rebooting_hard',
  'rebuilding',
  'resize_migrating',
  'resize_reverting',
]);
/** Tasks that leave the guest as it is: one that has shut itself down is off when they end, too. */
const LEAVES_GUEST = new Set(['image_backup', 'image_uploading', 'migrating']);

/** The power state of Nova for a guest that is shut down (`nova/compute/power_state.py`). */
export const SHUTDOWN = 4;

/** Tells whether the guest really runs, whatever Nova says of it. */
export const isGuestRunning = (state: SimState, server: Server): boolean =>
  isHostRunning(state, server.host) &&
  server.power_state === 1 &&
  !server.hasShutDown &&
  !OTHER_SYSTEM.has(server.vm_state) &&
  !OFF_MEANWHILE.has(server.task_state ?? '');

/** Tells whether a task has started or ended the guest itself, so that Nova knows its power state again. */
export const setsPower = (task: string | null): boolean => task !== null && !LEAVES_GUEST.has(task);

/** A snapshot and a backup begin with a look at the power state, and keep it (`nova/compute/manager.py`, `_snapshot_instance`). */
export function lookAt(server: Server): void {
  if (server.hasShutDown) server.power_state = SHUTDOWN;
}
