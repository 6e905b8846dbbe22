import { type Clock, systemClock } from '@groundcrew/core';
import type { PowerDriver } from '../../fencing/power-driver.ts';
import type { Observer } from '../observation.ts';
import { lookingAtEach } from './look.ts';

/**
 * Its board. A machine without power is down; one with power may be, so that `on` is no sign of life: it is `unknown`.
 * A host that hangs is therefore never `down` in the eyes of this observer: let others agree on those.
 */
export const powerObserver = (
  driver: PowerDriver,
  {
    id = 'power',
    timeout = 5,
    clock = systemClock,
  }: { readonly id?: string; readonly timeout?: number; readonly clock?: Clock } = {},
): Observer =>
  lookingAtEach({
    id,
    timeout,
    clock,
    async look(host, signal) {
      const { state, statement } = await driver.read(host, { signal });
      return state === 'off' ? { state: 'down', statement } : { state: 'unknown', statement };
    },
  });
