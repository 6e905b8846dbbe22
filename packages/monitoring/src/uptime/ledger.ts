import { z } from 'zod';
import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import {
  availabilityOf,
  durationsOf,
  type UptimeAvailability,
  type UptimeDurations,
  type UptimeVerdict,
  verdictOf,
} from './availability.ts';
import { becauseOf } from './because.ts';
import { checked, type RefusedEvidence } from './door.ts';
import { type UptimeEvidence, type UptimeKind, type UptimeSubject } from './evidence.ts';
import {
  aSubject,
  aTime,
  excludedFor,
  questionOptions,
  type UptimeQuestion,
  type UptimeTime,
  windowOf,
} from './period.ts';
import { reportOf, reportOptions, type UptimeReportOptions, type UptimeReportRow } from './report.ts';
import { rulesOf, widened } from './rules.ts';
import type { KnownSubject, UptimeStore } from './store.ts';
import { timelineOf, type UptimeState } from './timeline.ts';

export interface UptimeLedgerOptions {
  /** `sqliteUptime('uptime.db')`, or `postgresUptime({ pool })`. The ledger's `close` closes it. */
  readonly store: UptimeStore;
}

const ledgerOptions = optionsSchema<UptimeLedgerOptions>({
  store: anObjectWith<UptimeStore>('a store, as sqliteUptime makes it', 'add', 'read', 'scan'),
});

export interface UptimeOptions extends UptimeQuestion {
  readonly from: UptimeTime;
  /** What is still to come is `unknown`. */
  readonly to: UptimeTime;
}

const uptimeOptions = optionsSchema<UptimeOptions>({ ...questionOptions, from: aTime, to: aTime });

/** A time of one state. */
export interface UptimeInterval {
  readonly state: UptimeState;
  /** ISO 8601, UTC. */
  readonly from: string;
  readonly to: string;
  readonly durationMs: number;
  /** The evidence that opened and closed it. */
  readonly because: string;
}

/** How long a thing was up, and how far that is known. */
export interface Uptime {
  readonly subject: UptimeSubject;
  readonly durations: UptimeDurations;
  /** `undefined` where all of the time is excluded. */
  readonly availability: UptimeAvailability | undefined;
  /** `undefined` without a target. */
  readonly verdict: UptimeVerdict | undefined;
  /** In order, without a hole. */
  readonly intervals: readonly UptimeInterval[];
}

/** What became of evidence that was given to a ledger. */
export interface AppendedEvidence {
  readonly added: number;
  /** Those that were there already, by their id. */
  readonly known: number;
  /** Those that no store can keep. The others were taken. */
  readonly refused: readonly RefusedEvidence[];
}

/** The memory of what was seen up and down. */
export interface UptimeLedger extends AsyncDisposable {
  /**
   * Keeps evidence, each piece once: it may be delivered twice, late, and in any order.
   *
   * @throws UptimeError, or the database's error: then nothing of it was kept, and the same may be given again
   */
  append(evidence: readonly UptimeEvidence[]): Promise<AppendedEvidence>;
  /** How long a subject was up. Of one that was never seen all is `unknown`. */
  of(subject: UptimeSubject, options: UptimeOptions): Promise<Uptime>;
  /** How long each subject of a kind was up, or the servers of each project together. */
  report(options: UptimeReportOptions): Promise<readonly UptimeReportRow[]>;
  /** The subjects of a kind of which there is evidence, or was. */
  subjects(kind: UptimeKind): Promise<readonly KnownSubject[]>;
  /** Forgets what was seen before a time, which is `unknown` from then on; returns how much that was. */
  purge(options: { readonly before: UptimeTime }): Promise<number>;
  close(): Promise<void>;
}

/** Pieces of evidence that are written together: a larger write would keep other writers waiting. */
const BATCH = 5_000;

/**
 * Opens a ledger.
 *
 * @throws InputError on an option that there is not
 * @example
 * await using ledger = await uptimeLedger({ store: sqliteUptime('uptime.db') });
 * const { availability } = await ledger.of({ server: id }, { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' });
 */
export function uptimeLedger(options: UptimeLedgerOptions): Promise<UptimeLedger> {
  return Promise.resolve().then(() => {
    parseArguments('uptimeLedger', ledgerOptions, options);
    return new Ledger(options.store);
  });
}

class Ledger implements UptimeLedger {
  readonly #store: UptimeStore;

  constructor(store: UptimeStore) {
    this.#store = store;
  }

  async append(given: readonly UptimeEvidence[]): Promise<AppendedEvidence> {
    parseArguments('ledger.append', z.array(z.unknown()), given);
    const { evidence, refused } = checked(given);
    let added = 0;
    for (let at = 0; at < evidence.length; at += BATCH)
      added += await this.#store.add(evidence.slice(at, at + BATCH));
    return { added, known: evidence.length - added, refused };
  }

  async of(subject: UptimeSubject, options: UptimeOptions): Promise<Uptime> {
    parseArguments('ledger.of', aSubject, subject);
    parseArguments('ledger.of', uptimeOptions, options);
    const window = windowOf(options, 'ledger.of');
    const rules = rulesOf('ledger.of', options);
    const claims = await this.#store.read(subject, widened(window, rules));
    const stretches = timelineOf(claims, {
      ...window,
      ...rules,
      exclude: excludedFor(rules.exclude, subject),
    });
    const durations = durationsOf(stretches);
    const availability = availabilityOf(durations);
    return {
      subject,
      durations,
      availability,
      verdict: verdictOf(availability, options.target),
      intervals: stretches.map((stretch) => ({
        state: stretch.state,
        from: new Date(stretch.from).toISOString(),
        to: new Date(stretch.to).toISOString(),
        durationMs: stretch.to - stretch.from,
        because: becauseOf(stretch),
      })),
    };
  }

  async report(options: UptimeReportOptions): Promise<readonly UptimeReportRow[]> {
    parseArguments('ledger.report', reportOptions, options);
    return reportOf(this.#store, options);
  }

  subjects(kind: UptimeKind): Promise<readonly KnownSubject[]> {
    return this.#store.subjects(kind);
  }

  async purge(options: { readonly before: UptimeTime }): Promise<number> {
    parseArguments('ledger.purge', z.strictObject({ before: aTime }), options);
    return this.#store.purge(windowOf({ from: -Infinity, to: options.before }, 'ledger.purge', 'before').to);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
