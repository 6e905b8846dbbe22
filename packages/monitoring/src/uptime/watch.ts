import { z } from 'zod';
import {
  aDuration,
  aFunction,
  anObjectWith,
  aPositiveDuration,
  aSignal,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import type { Cloud } from '@groundcrew/core';
import type { Probe } from '../downtime/sample.ts';
import type { EventSource } from '../events/event-source.ts';
import { EventReader } from './event-reader.ts';
import type { UptimeLedger } from './ledger.ts';
import { UptimePoller, type WatchedRound } from './poller.ts';
import { BETWEEN_LOOKS } from './power-look.ts';

export interface WatchUptimeOptions {
  readonly cloud: Cloud;
  /** It is of this cloud alone: a server that is not in its list any more counts as deleted. */
  readonly ledger: UptimeLedger;
  /** Ends the watch. What was seen last is still kept. */
  readonly signal: AbortSignal;
  /** From one round to the next. @default '60s' */
  readonly poll?: Duration | undefined;
  /**
   * The longest time between two looks of Nova at the power state: a guest that shuts itself down may count as running that long.
   * The default is that of Nova's defaults: `sync_power_state_interval` (600 s) and its jitter of 5 percent, and
   * `service_down_time` and `periodic_fuzzy_delay` (60 s each), between which a nova-compute starts anew and nobody sees it. Of
   * an interval of your own it is 1.05 times that, and two minutes; with libvirt's lifecycle events, of which Nova hears within
   * about 15 s, the two minutes remain for those that a restart loses: `'2.5m'`.
   *
   * @default '12.5m'
   */
  readonly powerSync?: Duration | undefined;
  /**
   * How long one piece of evidence stands for a state that stays: what a crash of the watch may lose. Where it, the time of a
   * takeover and a round are together below the `staleness` of the questions (5 minutes), a crash costs nothing.
   *
   * @default '3m' with `lead`, and otherwise '15m', which writes a fifth of the rows
   */
  readonly keep?: Duration | undefined;
  /** Nova's notifications, as `rabbitSource` reads them: they tell of a change at once. @default none */
  readonly events?: EventSource | undefined;
  /** Probes of API endpoints by their URLs, one operation each round. @default none */
  readonly endpoints?: Readonly<Record<string, Probe>> | undefined;
  /** After it a probe counts as failed. @default '5s' */
  readonly probeTimeout?: Duration | undefined;
  /** Servers whose actions are read in one round, at most; the others follow in the next ones. @default 100 */
  readonly actionReads?: number | undefined;
  /**
   * Runs the rounds while this process leads, so that of several watches one polls and the others follow. @default they run
   * @example (work) => lead(postgresLease({ pool, name: 'uptime' }), work, { holder: hostname(), signal })
   */
  readonly lead?:
    | ((work: (term: { readonly signal: AbortSignal }) => Promise<void>) => Promise<void>)
    | undefined;
  /** Told of each round, a failed one too. */
  readonly onRound?: ((round: WatchedRound) => void) | undefined;
}

const watchOptions = optionsSchema<WatchUptimeOptions>({
  cloud: anObjectWith<Cloud>('a cloud, as connect makes it', 'compute', 'clock'),
  ledger: anObjectWith<UptimeLedger>('a ledger, as uptimeLedger makes it', 'append', 'subjects'),
  signal: aSignal,
  poll: aPositiveDuration.optional(),
  powerSync: aDuration.optional(),
  keep: aDuration.optional(),
  events: anObjectWith<EventSource>('a source of events', 'name', 'batches').optional(),
  endpoints: z.record(z.string(), aFunction).optional(),
  probeTimeout: aPositiveDuration.optional(),
  actionReads: z.int().min(0).optional(),
  lead: aFunction.optional(),
  onRound: aFunction.optional(),
});

/**
 * Watches a cloud until `signal` aborts: each round reads the servers of all projects and the compute services, probes the
 * endpoints, reads the actions of servers that have changed or are gone, and keeps what it saw; notifications are kept as they
 * come, by the watch that leads. A list that failed is no
 * evidence, and of a round in which nothing answered at all the probes are none either: the fault may be ours.
 *
 * @throws InputError on an option that there is not
 * @example
 * void watchUptime({ cloud, ledger, poll: '60s', signal });
 */
export async function watchUptime(options: WatchUptimeOptions): Promise<void> {
  parseArguments('watchUptime', watchOptions, options);
  const { cloud, ledger, signal, lead, onRound, endpoints = {}, actionReads = 100 } = options;
  const poll = milliseconds(options.poll ?? '60s');
  const lag = milliseconds(options.powerSync ?? BETWEEN_LOOKS);
  const rounds = async (term: { readonly signal: AbortSignal }): Promise<void> => {
    const poller = new UptimePoller({
      cloud,
      ledger,
      endpoints,
      actionReads,
      lag,
      keep: milliseconds(options.keep ?? (lead === undefined ? '15m' : '3m')),
      longest: 3 * poll,
      probeTimeout: milliseconds(options.probeTimeout ?? '5s'),
    });
    const until = AbortSignal.any([signal, term.signal]);
    const reader =
      options.events === undefined
        ? undefined
        : new EventReader({ events: options.events, ledger, clock: cloud.clock, lag, pause: poll });
    const reading = reader?.run(until);
    let due = cloud.clock.now();
    while (!until.aborted) {
      const polled = await poller.round(until);
      const { notifications, gaps } = reader?.heard() ?? { notifications: 0, gaps: [] };
      const round = { ...polled, notifications, gaps: [...polled.gaps, ...gaps] };
      if (!until.aborted) onRound?.(round);
      const now = cloud.clock.now();
      due += poll * (Math.floor(Math.max(0, now - due) / poll) + 1);
      await cloud.clock.sleep(Math.max(0, due - now), until).catch(() => undefined);
    }
    await reading;
    await poller.end();
  };
  await (lead === undefined ? rounds({ signal }) : lead(rounds));
}
