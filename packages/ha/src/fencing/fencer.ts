import {
  aClock,
  anObjectWith,
  aPositiveDuration,
  type Duration,
  messageOf,
  milliseconds,
  optionsSchema,
  visible,
} from '@groundcrew/ground';
import { type Clock, systemClock } from '@groundcrew/core';
import { type Evidence, prover } from '@groundcrew/runbook';
import { z } from 'zod';
import { FenceError } from './fence-error.ts';
import type { FenceFacts, FenceProof } from './fence-proof.ts';
import type { PowerDriver, PowerOptions, PowerReading } from './power-driver.ts';
import { seenOn } from './seen-on.ts';
import { checkedOptions, inSeconds } from '../option-parts.ts';
import { within } from './within.ts';

export interface FencerOptions {
  /** Power drivers, in the order in which they are tried: a machine may have two ways to its power. */
  readonly drivers: readonly [PowerDriver, ...PowerDriver[]];
  /** Readings of `off` in a row that make a proof. One is not enough: some boards answer from a cache. @default 3 */
  readonly confirmations?: number | undefined;
  /** Time between two readings; a day at most. @default '1s' */
  readonly interval?: Duration | undefined;
  /**
   * Time limit, with each driver, for a machine to be proven off, and for the driver to answer at all; a day at most.
   *
   * @default '60s'
   */
  readonly timeout?: Duration | undefined;
  /** @default the system clock */
  readonly clock?: Clock | undefined;
}

const upToADay = aPositiveDuration.pipe(z.number().max(86_400_000)).optional();

const fencerOptions = optionsSchema<FencerOptions>({
  drivers: z.array(anObjectWith<PowerDriver>('a PowerDriver', 'read', 'off', 'on')).min(1),
  confirmations: z.int().min(2).optional(),
  interval: upToADay,
  timeout: upToADay,
  clock: aClock.optional(),
}).superRefine(({ confirmations, interval, timeout }, context) => {
  const [readings, apart, limit] = [
    Number(confirmations ?? 3),
    Number(interval ?? 1000),
    Number(timeout ?? 60_000),
  ];
  if ((readings - 1) * apart > limit)
    context.addIssue({
      code: 'custom',
      path: ['timeout'],
      message: `${inSeconds(limit)} are too short for ${readings} readings, ${inSeconds(apart)} apart`,
    });
});

/** Turns machines off and proves that they are off. It is the only source of a `FenceProof`. */
export interface Fencer {
  /**
   * Cuts the power, then reads until it was off `confirmations` times in a row. A reading of `on` on the way (a board
   * that lies, a machine that somebody turned on again) cuts it again, and starts the count anew. A board that refuses
   * the order is still read: many refuse to turn off what is off.
   *
   * @throws FenceError with every reading; the signal's reason, and then nothing was cut
   */
  off(host: string, options?: PowerOptions): Promise<FenceProof>;
  /** Proves that a machine is off already, by readings alone. @throws FenceError */
  confirmOff(host: string, options?: PowerOptions): Promise<FenceProof>;
  /**
   * Turns a machine on, without a check that it comes back. Every proof that it is off becomes invalid.
   *
   * @throws FenceError if no driver could
   */
  on(host: string, options?: PowerOptions): Promise<void>;
}

const mint = prover<'FenceProof', FenceFacts>();
const mintedAt = new WeakMap<FenceProof, number>();

/** Tells whether a value is a proof that a fencer of this process made. A copy, or a proof read from a journal, is not. */
export const isFenceProof = (value: unknown): value is FenceProof => mint.isProof(value);

/**
 * Tells whether a proof is of this host, is not older than `maxAge`, and no fencer of this process has turned the host
 * on, or seen it on, since. Others may have turned it on meanwhile.
 */
export const isFresh = (proof: FenceProof, host: string, now: number, maxAge: Duration): boolean => {
  const age = now - Date.parse(proof.verifiedOffAt);
  return (
    proof.host === host &&
    age >= 0 &&
    age <= milliseconds(maxAge, 'maxAge') &&
    mintedAt.get(proof) === seenOn.count(host)
  );
};

/**
 * Makes a fencer from the drivers of your boards.
 *
 * @throws InputError for an unknown option, and for values with which nothing could be proven
 * @example
 * const fence = fencer({ drivers: [redfishDriver({ hosts })] });
 * const proof = await fence.off('rack-b-compute-3');
 */
export function fencer(options: FencerOptions): Fencer {
  const {
    drivers,
    confirmations = 3,
    interval = 1000,
    timeout = 60_000,
    clock = systemClock,
  } = checkedOptions('fencer', fencerOptions, options);

  /** Each driver in turn, until one proves it; the readings of all are the evidence. */
  async function prove(host: string, cut: boolean, signal: AbortSignal | undefined): Promise<FenceProof> {
    const because: Evidence[] = [];
    let last: unknown;
    for (const driver of driversOf(host)) {
      try {
        return await proveBy(driver, host, { cut, because, signal });
      } catch (error) {
        signal?.throwIfAborted();
        last = error;
        because.push(seen(driver, host, messageOf(error)));
      }
    }
    const answered = because.some(({ statement }) => /^(on|off):/.test(statement));
    throw new FenceError(
      answered ? 'fence-not-off' : 'fence-no-reading',
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
    { cut, because, signal }: Asked,
  ): Promise<FenceProof> {
    const deadline = clock.now() + timeout;
    let refused = cut ? await order(driver, host, { because, signal }) : undefined;
    let inARow = 0;
    let count = seenOn.count(host);
    for (;;) {
      signal?.throwIfAborted();
      // When it was asked: what it answers late may have been so at once.
      const asked = clock.now();
      const { state, statement } = await read(driver, host, signal);
      because.push(seen(driver, host, `${state}: ${statement}`, asked));
      if (state === 'on') seenOn.note(host);
      // Somebody turned it on, or saw it on, since the last reading: all before it counts for nothing.
      inARow = state === 'off' && count === seenOn.count(host) ? inARow + 1 : 0;
      count = seenOn.count(host);
      if (inARow >= confirmations) {
        const proof = mint.prove(factsOf(driver, host, { because, at: asked }));
        mintedAt.set(proof, count);
        return proof;
      }
      if (refused !== undefined && state !== 'off') throw refused;
      if (clock.now() >= deadline)
        throw new Error(`not off within ${inSeconds(timeout)}: ${state}, ${statement}`);
      if (!cut && state === 'on') throw new Error('it is on');
      // Told again only when it says that it runs: a second order to a machine that goes off may confuse its board.
      if (cut && state === 'on') refused = await order(driver, host, { because, signal });
      await clock.sleep(interval, signal);
    }
  }

  /** Orders it off; why it could not, as evidence, too. What counts is what it says afterwards. */
  async function order(
    driver: PowerDriver,
    host: string,
    { because, signal: given }: Pick<Asked, 'because' | 'signal'>,
  ): Promise<Error | undefined> {
    try {
      await within(timeout, given, (signal) => driver.off(host, { signal }));
      return undefined;
    } catch (error) {
      given?.throwIfAborted();
      because.push(seen(driver, host, `order off: ${messageOf(error)}`));
      return error instanceof Error ? error : new Error(messageOf(error));
    }
  }

  async function read(
    driver: PowerDriver,
    host: string,
    given: AbortSignal | undefined,
  ): Promise<PowerReading> {
    try {
      return readingOf(await within(timeout, given, async (signal) => driver.read(host, { signal })));
    } catch (error) {
      given?.throwIfAborted();
      return { state: 'unknown', statement: messageOf(error) };
    }
  }

  function driversOf(host: string): PowerDriver[] {
    const able = drivers.filter((driver) => driver.knows?.(host) ?? true);
    if (able.length > 0) return able;
    throw new FenceError('fence-unknown-host', `${host}: no driver has a board for it`, {
      host,
      because: [],
      remedy: "Add it to a driver's hosts, under the name that Nova gives it.",
    });
  }

  const seen = (driver: PowerDriver, host: string, statement: string, at = clock.now()): Evidence => ({
    statement,
    source: `${driver.method} ${host}`,
    at: new Date(at).toISOString(),
  });

  return {
    off: (host, { signal } = {}) => prove(host, true, signal),
    confirmOff: (host, { signal } = {}) => prove(host, false, signal),
    async on(host, { signal: given } = {}) {
      given?.throwIfAborted();
      const because: Evidence[] = [];
      for (const driver of driversOf(host)) {
        try {
          seenOn.note(host);
          await within(timeout, given, (signal) => driver.on(host, { signal }));
          return;
        } catch (error) {
          given?.throwIfAborted();
          because.push(seen(driver, host, messageOf(error)));
        } finally {
          // Readings in between may have been before it took effect.
          seenOn.note(host);
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

interface Asked {
  readonly cut: boolean;
  /** Grows with every reading. */
  readonly because: Evidence[];
  readonly signal: AbortSignal | undefined;
}

/** Characters of a statement that are kept: it goes into the proof, the journal and the account. */
const LONGEST = 500;

const Reading = z.object({ state: z.enum(['on', 'off', 'unknown']), statement: z.string() });

/** The answer of a driver, checked: a driver may be a user's own, and only the word `off` means off. */
function readingOf(answer: unknown): PowerReading {
  const parsed = Reading.safeParse(answer);
  if (!parsed.success) return { state: 'unknown', statement: 'its driver gave no reading that can be read' };
  return { state: parsed.data.state, statement: visible(parsed.data.statement.slice(0, LONGEST)) };
}

const factsOf = (
  { method }: PowerDriver,
  host: string,
  { because, at }: { readonly because: readonly Evidence[]; readonly at: number },
): FenceFacts => ({
  host,
  method,
  verifiedOffAt: new Date(at).toISOString(),
  because: Object.freeze([...because]),
});
