import { stripSummary } from './strip-summary.ts';
import type { LogRecord } from '../parse.ts';
import type { JudgedOffence } from './offence.ts';
import { momentOf } from '../moment.ts';

/**
 * Judges a message by what the same process says after it: something critical, and a minute later it is still at work; an error,
 * and within a second the same words at a lower level. Of at most a thousand processes at a time.
 */
export class Aftermath {
  readonly #criticals = new Map<string, LogRecord>();
  readonly #errors = new Map<string, LogRecord>();
  /** Messages at error and above that name no process: what it said after them is not known. */
  unattributed = 0;

  /** Processes that said something critical, of which it is not known yet whether they go on. */
  get criticals(): number {
    return this.#criticals.size;
  }

  /** Tells whether a process said an error that it may say again at a lower level. */
  waitsFor(pid: string): boolean {
    return this.#errors.has(pid);
  }

  /** Takes every message, in order; returns what it shows of those before it. */
  see(record: LogRecord): JudgedOffence[] {
    if (record.pid === undefined) {
      if (record.level === 'critical' || record.level === 'error') this.unattributed += 1;
      return [];
    }
    const offences = [this.#goesOn(record, record.pid), this.#saidAgain(record, record.pid)];
    if (record.level === 'critical' && !DIES.test(record.message)) keep(this.#criticals, record.pid, record);
    if (record.level === 'error' && record.message.length >= SHORTEST) keep(this.#errors, record.pid, record);
    return offences.filter((offence) => offence !== undefined);
  }

  #goesOn(record: LogRecord, pid: string): JudgedOffence | undefined {
    const critical = this.#criticals.get(pid);
    if (critical === undefined) return undefined;
    const between = milliseconds(critical, record);
    if (between !== undefined && between < A_MINUTE) return undefined;
    this.#criticals.delete(pid);
    if (between === undefined) return undefined;
    return { rule: 'critical-and-goes-on', wanted: 'error', certainty: 'likely', record: critical };
  }

  #saidAgain(record: LogRecord, pid: string): JudgedOffence | undefined {
    const error = this.#errors.get(pid);
    if (error === undefined || record.level !== 'warning') return undefined;
    if (error.requestId !== record.requestId) return undefined;
    const said = stripSummary(error.message);
    if (said.length < SHORTEST || !record.message.includes(said)) return undefined;
    const between = milliseconds(error, record);
    if (between === undefined || between > A_SECOND) return undefined;
    this.#errors.delete(pid);
    return { rule: 'said-at-two-levels', wanted: undefined, certainty: 'likely', record: error };
  }
}

function keep(map: Map<string, LogRecord>, pid: string, record: LogRecord): void {
  map.set(pid, record);
  if (map.size <= MOST_PROCESSES) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

function milliseconds(before: LogRecord, after: LogRecord): number | undefined {
  const [first, second] = [momentOf(before.at, 0)?.ms, momentOf(after.at, 0)?.ms];
  return first === undefined || second === undefined ? undefined : second - first;
}

/** What oslo.log's hook for uncaught exceptions says as the process dies; in a container the next one has the same number. */
const DIES = /^Unhandled error/;
const A_SECOND = 1000;
const A_MINUTE = 60_000;
/** Shorter ones are parts of many messages. */
const SHORTEST = 20;
const MOST_PROCESSES = 1000;
