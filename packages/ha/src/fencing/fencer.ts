import { type Clock, systemClock } from '@groundcrew/core';
import { type Evidence, prover } from '@groundcrew/runbook';
import { FenceError } from './fence-error.ts';
import type { FenceFacts, FenceProof } from './fence-proof.ts';
import type { PowerDriver, PowerOptions, PowerReading } from './power-driver.ts';

export interface FencerOptions {
  /** In the order in which they are tried: a machine may have two ways to its power. */
  readonly drivers: readonly [PowerDriver, ...PowerDriver[]];
  /** Readings of `off` in a row that make a proof. One is not enough: some boards answer from a cache. @default 3 */
  readonly confirmations?: number | undefined;
  /** Seconds between two readings. @default 1 */
  readonly interval?: number | undefined;
  /** Seconds for a machine to be proven off, with each driver. @default 60 */
  readonly timeout?: number | undefined;
  /** @default the machine's own */
  readonly clock?: Clock | undefined;
}

/** Turns machines off and proves it: the only source of a `FenceProof`. */
export interface Fencer {
  /**
   * Cuts the power, then reads until it was off `confirmations` times in a row. A reading of `on` on the way (a board
   * that lies, a machine that somebody turned on again) cuts it again, and starts the count anew.
   *
   * @throws FenceError with every reading
   */
  off(host: string, options?: PowerOptions): Promise<FenceProof>;
  /** Proves that it is off already. Only reads. @throws FenceError */
  confirmOff(host: string, options?: PowerOptions): Promise<FenceProof>;
  /** Gives it power; whether it comes back is for others to see. @throws FenceError if no driver could */
  on(host: string, options?: PowerOptions): Promise<void>;
}

const mint = prover<'FenceProof', FenceFacts>();

/** Was it made by a fencer of this process? A copy, or one that was read from a journal, was not. */
export const isFenceProof = (value: unknown): value is FenceProof => mint.isProof(value);

/** Is it of this host, and not older than `maxAge` seconds? A proof tells what was, and a machine can be turned on. */
export const isFresh = (proof: FenceProof, host: string, now: number, maxAge: number): boolean => {
  const age = now - Date.parse(proof.verifiedOffAt);
  return proof.host === host && age >= 0 && age <= maxAge * 1000;
};

/**
 * Fences over the drivers of your boards.
 *
 * @example
 * const fence = fencer({ drivers: [redfishDriver({ hosts })] });
 * const proof = await fence.off('rack-b-compute-3');
 */
export function fencer(options: FencerOptions): Fencer {
  const { drivers, confirmations = 3, interval = 1, timeout = 60, clock = systemClock } = options;
  if (!Number.isInteger(confirmations) || confirmations < 1)
    throw new RangeError(`confirmations: a whole number from 1, not ${confirmations}`);

  /** Each driver in turn, until one proves it; the readings of all are the evidence. */
  async function prove(host: string, cut: boolean, signal: AbortSignal | undefined): Promise<FenceProof> {
    const because: Evidence[] = [];
    let last: unknown;
    for (const driver of drivers) {
      try {
        return await proveBy(driver, host, cut, because, signal);
      } catch (error) {
        signal?.throwIfAborted();
        last = error;
        because.push(...seen(driver, host, messageOf(error)));
      }
    }
    const read = because.some(({ statement }) => statement.startsWith('on:') || statement.startsWith('off:'));
    throw new FenceError(
      read ? 'fence-not-off' : 'fence-no-reading',
      `${host} is not proven to be off: ${because.at(-1)?.statement ?? 'no driver'}`,
      {
        host,
        because,
        remedy: 'Look at the machine and its board; evacuate nothing until it is off.',
        cause: last,
      },
    );
  }

  async function proveBy(
    driver: PowerDriver,
    host: string,
    cut: boolean,
    because: Evidence[],
    signal: AbortSignal | undefined,
  ): Promise<FenceProof> {
    const deadline = clock.now() + timeout * 1000;
    if (cut) await driver.off(host, { signal });
    let inARow = 0;
    for (;;) {
      signal?.throwIfAborted();
      const reading = await driver.read(host, { signal });
      because.push(...seen(driver, host, `${reading.state}: ${reading.statement}`));
      inARow = reading.state === 'off' ? inARow + 1 : 0;
      if (inARow >= confirmations) return mint.prove(factsOf(driver, host, because));
      if (clock.now() >= deadline) throw new Error(`not off within ${timeout} s: ${describe(reading)}`);
      if (!cut && reading.state === 'on') throw new Error('it is on');
      // Told again only when it says that it runs: a second order to a machine that goes off may confuse its board.
      if (cut && reading.state === 'on') await driver.off(host, { signal });
      await clock.sleep(interval * 1000, signal);
    }
  }

  const seen = (driver: PowerDriver, host: string, statement: string): Evidence[] => [
    { statement, source: `${driver.method} ${host}`, at: new Date(clock.now()).toISOString() },
  ];

  const factsOf = (driver: PowerDriver, host: string, because: readonly Evidence[]): FenceFacts => ({
    host,
    method: driver.method,
    verifiedOffAt: new Date(clock.now()).toISOString(),
    because: [...because],
  });

  return {
    off: (host, { signal } = {}) => prove(host, true, signal),
    confirmOff: (host, { signal } = {}) => prove(host, false, signal),
    async on(host, { signal } = {}) {
      const because: Evidence[] = [];
      for (const driver of drivers) {
        try {
          await driver.on(host, { signal });
          return;
        } catch (error) {
          signal?.throwIfAborted();
          because.push(...seen(driver, host, messageOf(error)));
        }
      }
      throw new FenceError('fence-no-reading', `${host} could not be turned on`, {
        host,
        because,
        remedy: 'Turn it on by hand.',
      });
    },
  };
}

const describe = ({ state, statement }: PowerReading): string => `${state}, ${statement}`;
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
