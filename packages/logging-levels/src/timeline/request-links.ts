import type { LogRecord } from '../parse.ts';
import { clientAnswer } from './client-lines.ts';

/**
 * Why a request belongs to a timeline: it was asked for; it shares the global id that its caller sent; or a client library said that
 * it is the request that it made. The first of them that was found.
 */
export type JoinedBy = 'asked' | 'global id' | 'client';

/**
 * The ids that belong together with one that was asked for, found while logs are read in any order.
 *
 * A link that touches an id that is known already is followed at once. The others are kept, since what they touch may become
 * known later; past a limit they are counted and let go.
 */
export class RequestLinks {
  /** Each id of the story, and how it came to be. */
  readonly joined = new Map<string, JoinedBy>();
  /** Links that were let go. */
  dropped = 0;
  /** Ids of the story that were let go. */
  overflow = 0;
  readonly #waiting = new Map<string, Map<string, JoinedBy>>();
  #kept = 0;
  readonly #mostLinks: number;
  readonly #mostIds: number;

  constructor(asked: string, { mostLinks = 100_000, mostIds = 10_000 } = {}) {
    this.#mostLinks = mostLinks;
    this.#mostIds = mostIds;
    this.joined.set(asked, 'asked');
  }

  /** Takes what one record tells of two requests. */
  add(record: LogRecord): void {
    const { requestId, globalRequestId } = record;
    if (requestId === undefined) return;
    if (globalRequestId !== undefined && globalRequestId !== requestId)
      this.#link(requestId, globalRequestId, 'global id');
    const answer = clientAnswer(record);
    if (answer !== undefined && answer.requestId !== requestId)
      this.#link(requestId, answer.requestId, 'client');
  }

  #link(one: string, other: string, by: JoinedBy): void {
    const hasOne = this.joined.has(one);
    const hasOther = this.joined.has(other);
    if (hasOne && hasOther) return;
    if (hasOne) this.#join(other, by);
    else if (hasOther) this.#join(one, by);
    else this.#wait(one, other, by);
  }

  #join(id: string, by: JoinedBy): void {
    const open: [string, JoinedBy][] = [[id, by]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [joining, because] = next;
      if (this.joined.has(joining)) continue;
      if (this.joined.size >= this.#mostIds) {
        this.overflow += 1;
        continue;
      }
      this.joined.set(flat(joining), because);
      open.push(...(this.#waiting.get(joining) ?? []));
      this.#waiting.delete(joining);
    }
  }

  #wait(one: string, other: string, by: JoinedBy): void {
    if (this.#waiting.get(one)?.has(other) === true) return;
    if (this.#kept >= this.#mostLinks) {
      this.dropped += 1;
      return;
    }
    this.#kept += 1;
    const [a, b] = [flat(one), flat(other)];
    this.#neighbours(a).set(b, by);
    this.#neighbours(b).set(a, by);
  }

  #neighbours(id: string): Map<string, JoinedBy> {
    const known = this.#waiting.get(id) ?? new Map<string, JoinedBy>();
    this.#waiting.set(id, known);
    return known;
  }
}

/** A copy: the id is a slice of its line, which V8 would keep with it. */
const flat = (id: string): string => Buffer.from(id).toString();
