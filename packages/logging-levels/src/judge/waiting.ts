import type { LogRecord } from '../parse.ts';
import type { JudgedOffence } from './offence.ts';
import { httpAnswer } from '../http-answer.ts';

/**
 * Holds what looks like a client's mistake until the status of its request is known: 4xx proves it, 5xx refutes it. Of at most
 * a thousand requests at a time; what waits longest goes out as likely.
 */
export class WaitingForStatus {
  readonly #byRequest = new Map<string, LogRecord[]>();

  /** Requests whose status is waited for. */
  get size(): number {
    return this.#byRequest.size;
  }

  /** Takes a message that may be a client's mistake; returns what is decided by that. */
  hold(record: LogRecord): JudgedOffence[] {
    if (record.requestId === undefined) return [likely(record)];
    const held = this.#byRequest.get(record.requestId);
    if (held !== undefined && held.length >= MOST_OF_A_REQUEST) return [likely(record)];
    this.#byRequest.set(record.requestId, [...(held ?? []), record]);
    if (this.#byRequest.size <= MOST_REQUESTS) return [];
    const [oldest] = this.#byRequest;
    if (oldest === undefined) return [];
    this.#byRequest.delete(oldest[0]);
    return oldest[1].map((waiting) => likely(waiting));
  }

  /** Takes every message; returns what its status decides. */
  see(record: LogRecord): JudgedOffence[] {
    const held = record.requestId === undefined ? undefined : this.#byRequest.get(record.requestId);
    if (record.requestId === undefined || held === undefined) return [];
    const status = record.level === 'info' ? httpAnswer(record, undefined)?.status : undefined;
    if (status === undefined) return [];
    this.#byRequest.delete(record.requestId);
    if (status >= 500) return [];
    return held.map((waiting) =>
      status >= 400 ? { ...likely(waiting), certainty: 'sure' } : likely(waiting),
    );
  }

  end(): JudgedOffence[] {
    const held = [...this.#byRequest.values()].flat();
    this.#byRequest.clear();
    return held.map((waiting) => likely(waiting));
  }
}

const likely = (record: LogRecord): JudgedOffence => ({
  rule: 'expected-condition-is-error',
  wanted: 'warning',
  certainty: 'likely',
  record,
});

const MOST_REQUESTS = 1000;
const MOST_OF_A_REQUEST = 20;
