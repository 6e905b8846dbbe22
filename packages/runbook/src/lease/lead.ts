import { z } from 'zod';
import {
  aClock,
  aFunction,
  aPositiveDuration,
  aSignal,
  type Clock,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
  systemClock,
} from '@groundcrew/ground';
import { RunbookError } from '../errors.ts';
import type { Lease } from './lease.ts';

export interface LeadOptions {
  /** The name of the campaigner, for others that find the lease held: a host and a process. */
  readonly holder: string;
  /** Ends it: the work is told to stop, awaited, and the lease is given back. */
  readonly signal: AbortSignal;
  /** Between two attempts to become leader. @default '1s' */
  readonly retryEvery?: Duration | undefined;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
  /** Told why it does not lead: another does, or the lease could not be asked for. */
  readonly waiting?: ((error: RunbookError) => void) | undefined;
  /**
   * Told what the work failed of, or the lease in a way that none should: the lease is given back, and it campaigns again.
   *
   * @default it rejects with that
   */
  readonly failed?: ((error: unknown) => void) | undefined;
}

const leadOptions = optionsSchema<LeadOptions>({
  holder: z.string().min(1),
  signal: aSignal,
  retryEvery: aPositiveDuration.optional(),
  clock: aClock.optional(),
  waiting: aFunction.optional(),
  failed: aFunction.optional(),
});

/** The leadership that the work is given. */
export interface Leadership {
  readonly holder: string;
  /** Higher than that of every leader before. */
  readonly token: number;
  /** Aborted when it may no longer lead, and when `lead` is told to end: then stop, at once. */
  readonly signal: AbortSignal;
  /**
   * The signal of the lease's loss: for work that has something to finish when it is merely told to end, and to read
   * before effects.
   */
  readonly lost: AbortSignal;
}

/**
 * Campaigns for a lease, and does the work while it holds it. When the lease is lost the work's signal aborts, the work
 * is awaited, and it campaigns again; so work that heeds its signal is never done by two at once. Resolves when the work
 * has resolved, or `signal` aborts; rejects when the work rejects although it led, unless `failed` is told of it.
 *
 * @throws InputError on an option that there is not
 * @example
 * await lead(postgresLease({ pool, name: 'watcher' }), ({ signal }) => watch(signal), { holder: hostname(), signal });
 */
export async function lead(
  lease: Lease,
  work: (leadership: Leadership) => Promise<void>,
  options: LeadOptions,
): Promise<void> {
  parseArguments('lead', leadOptions, options);
  const { holder, signal, retryEvery = '1s', clock = systemClock, waiting, failed } = options;
  while (!signal.aborted) {
    try {
      const held = await lease.acquire({ holder, signal });
      const { token, lost } = held;
      try {
        await work({
          holder: held.holder,
          token,
          signal: AbortSignal.any([lost, signal]),
          get lost() {
            return held.lost;
          },
        });
        if (!lost.aborted) return;
      } catch (error) {
        if (!lost.aborted && !signal.aborted) throw new WorkError(error);
      } finally {
        // One that cannot be given back runs out.
        await held.release().catch(() => undefined);
      }
    } catch (error) {
      const cause: unknown = error instanceof WorkError ? error.cause : error;
      if (signal.aborted && !(error instanceof WorkError)) return;
      if (error instanceof RunbookError) waiting?.(error);
      // Whatever is no failure of the lease is a bug, which waiting does not mend.
      else if (failed === undefined) throw cause;
      else failed(cause);
    }
    await clock.sleep(milliseconds(retryEvery), signal).catch(() => undefined);
  }
}

/** Tells a failure of the work, which may be of any kind, from one of the lease. */
class WorkError extends Error {
  constructor(cause: unknown) {
    super('the work of a leader failed', { cause });
  }
}
