import { z } from 'zod';
import { aClock, aPositiveNumber, optionsSchema, parseArguments } from '@groundcrew/ground';
import { type Clock, systemClock } from '@groundcrew/core';
import type { PowerDriver } from '../../fencing/power-driver.ts';
import type { Observer } from '../observation.ts';
import { lookingAtEach } from './look.ts';

export interface PowerObserverOptions {
  /** @default 'power' */
  readonly id?: string | undefined;
  /** Seconds for one board. @default 5 */
  readonly timeout?: number | undefined;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
}

const observerOptions = optionsSchema<PowerObserverOptions>({
  id: z.string().min(1).optional(),
  timeout: aPositiveNumber.optional(),
  clock: aClock.optional(),
});

/**
 * Its board. A machine without power is down; one with power may be, so that `on` is no sign of life: it is `unknown`.
 * A host that hangs is therefore never `down` in the eyes of this observer: let others agree on those.
 */
export function powerObserver(driver: PowerDriver, options: PowerObserverOptions = {}): Observer {
  parseArguments('powerObserver', observerOptions, options);
  const { id = 'power', timeout = 5, clock = systemClock } = options;
  return lookingAtEach({
    id,
    timeout,
    clock,
    async look(host, signal) {
      const { state, statement } = await driver.read(host, { signal });
      return state === 'off' ? { state: 'down', statement } : { state: 'unknown', statement };
    },
  });
}
