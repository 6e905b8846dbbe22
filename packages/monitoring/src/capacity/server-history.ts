import {
  anObjectWith,
  aPositiveDuration,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import type { UptimeLedger } from '../uptime/ledger.ts';
import { aTime, type UptimeTime, windowOf } from '../uptime/period.ts';
import { z } from 'zod';
import type { SlotBounds } from './free-slots.ts';

export interface ServerHistoryOptions {
  readonly from: UptimeTime;
  readonly to: UptimeTime;
  /** The time that each point is of. What is left of it at the end is no point. @default '1d' */
  readonly every?: Duration | undefined;
  /** The id of the only project whose servers count. @default all of them */
  readonly project?: string | undefined;
  /** The longest time between two observations for which a state holds, as in the ledger's other questions. @default '5m' */
  readonly staleness?: Duration | undefined;
}

const historyOptions = optionsSchema<ServerHistoryOptions>({
  from: aTime,
  to: aTime,
  every: aPositiveDuration.optional(),
  project: z.string().min(1).optional(),
  staleness: aPositiveDuration.optional(),
});

/** The servers that there were on average in a time. */
export interface ServerCount {
  /** The middle of the time; ISO 8601, UTC. */
  readonly at: string;
  readonly used: SlotBounds;
}

/**
 * Reads from an uptime ledger how many servers there were, day by day: those that were up or down, for a server that is
 * stopped keeps its place on its host. `upper` counts also what nobody saw. Shelved servers, which keep no place, count as
 * well: the ledger does not tell them apart.
 *
 * @throws InputError on an option that there is not
 * @example
 * const history = await serverHistory(ledger, { from: '2026-10-01T00:00:00Z', to: '2026-12-01T00:00:00Z' });
 * const { verdict, from, to } = forecast(history, { limit: 400 });
 */
export async function serverHistory(
  ledger: UptimeLedger,
  options: ServerHistoryOptions,
): Promise<readonly ServerCount[]> {
  parseArguments('serverHistory', historyOptions, options);
  parseArguments('serverHistory', z.strictObject({ ledger: aLedger }), { ledger });
  const { every = '1d', project, staleness } = options;
  const stepMs = milliseconds(every);
  const window = windowOf(options, 'serverHistory');
  const counts: ServerCount[] = [];
  for (let from = window.from; from + stepMs <= window.to; from += stepMs) {
    const rows = await ledger.report({ from, to: from + stepMs, of: 'server', staleness });
    let [lower, upper] = [0, 0];
    for (const { project: owner, durations } of rows) {
      // A server whose project nothing told may be of it.
      if (project !== undefined && owner !== undefined && owner !== project) continue;
      const existed = durations.upMs + durations.downMs;
      if (project === undefined || owner === project) lower += existed;
      upper += existed + durations.unknownMs;
    }
    counts.push({
      at: new Date(from + stepMs / 2).toISOString(),
      used: { lower: lower / stepMs, upper: upper / stepMs },
    });
  }
  return counts;
}

const aLedger = anObjectWith<UptimeLedger>('an UptimeLedger, as uptimeLedger makes it', 'report', 'append');
