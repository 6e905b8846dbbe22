import { InputError, visible } from '@groundcrew/ground';
import type { SimState } from '../../sim-state.ts';
import { isGuestRunning } from './guest.ts';
import { powerSyncOf } from './power-sync.ts';
import type { Server } from './server.ts';

/** What happens within the servers, which Nova is not asked for and does not hear of. */
export interface Guests {
  /**
   * The guest shuts itself down, as with `poweroff`. Nova calls its server `ACTIVE`, with the power state running, until it looks
   * the next time (`powerSync`); then it stops the server by itself, with an action `stop` of no user and its notifications. One
   * that is off already stays so.
   *
   * @throws InputError on an id that no server has
   */
  shutDown(server: string): void;
  /**
   * Whether the guest really runs, whatever Nova says. In `RESCUE` another system runs than its own.
   *
   * @throws InputError on an id that no server has
   */
  isRunning(server: string): boolean;
  /**
   * When Nova looks the next time at a guest, as long as its nova-compute runs: milliseconds since 1970.
   *
   * @throws InputError on an id that no server has
   */
  nextLook(server: string): number;
}

export function guestsOf(state: SimState): Guests {
  const server = (operation: string, id: string): Server => {
    const { servers, deleted } = state.compute;
    return servers.get(id) ?? deleted.get(id)?.server ?? refuse(operation, id);
  };
  return {
    shutDown(id) {
      const guest = server('guests.shutDown', id);
      if (!isGuestRunning(state, guest) || guest.host === null) return;
      guest.hasShutDown = true;
      powerSyncOf(state).expect(state, guest.host);
    },
    isRunning: (id) => isGuestRunning(state, server('guests.isRunning', id)),
    nextLook: (id) => powerSyncOf(state).next(state, server('guests.nextLook', id).host ?? ''),
  };
}

function refuse(operation: string, id: unknown): never {
  throw new InputError(`${operation}: server: there is no server ${visible(String(id))}`, {
    field: 'server',
    operation,
  });
}
