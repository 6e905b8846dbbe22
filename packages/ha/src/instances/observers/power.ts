import { z } from 'zod';
import { aClock, aPositiveDuration, type Duration, optionsSchema } from '@groundcrew/ground';
import { type Clock, systemClock } from '@groundcrew/core';
import type { PowerDriver } from '../../fencing/power-driver.ts';
import type { Observer } from '../observation.ts';
import { checkedOptions } from '../../option-parts.ts';
import { perHostObserver } from './per-host-observer.ts';

export interface PowerObserverOptions {
  /** @default 'power' */
  readonly id?: string | undefined;
  /** Time limit of one board. @default '5s' */
  readonly timeout?: Duration | undefined;
  /** @default the system clock */
  readonly clock?: Clock | undefined;
}

const observerOptions = optionsSchema<PowerObserverOptions>({
  id: z.string().min(1).optional(),
  timeout: aPositiveDuration.optional(),
  clock: aClock.optional(),
});

/**
 * Makes an observer of the boards. A machine without power is `down`. A machine with power may hang, so that `on` is no
 * sign of life, and the host is `unknown`. This observer therefore never reports a host that hangs as `down`: other
 * observers must.
 */
export function powerObserver(driver: PowerDriver, options: PowerObserverOptions = {}): Observer {
  const {
    id = 'power',
    timeout = 5_000,
    clock = systemClock,
  } = checkedOptions('powerObserver', observerOptions, options);
  return perHostObserver({
    id,
    timeout,
    clock,
    async observeHost(host, signal) {
      const { state, statement } = await driver.read(host, { signal });
      return state === 'off' ? { state: 'down', statement } : { state: 'unknown', statement };
    },
  });
}
