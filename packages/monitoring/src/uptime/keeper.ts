import { kindOf, nameOf, type UptimeEvidence } from './evidence.ts';

interface Kept {
  /** The last that was kept. */
  readonly written: UptimeEvidence;
  /** The last that was seen, if it is not kept yet: it will be when the state changes. */
  readonly pending: UptimeEvidence | undefined;
}

/**
 * Thins out what polls see: as long as a state stays, one piece in `keep` milliseconds is kept, which says since when it has
 * been so. After a pause of more than `longest` nothing is said about the time before.
 */
export class EvidenceKeeper {
  readonly #kept = new Map<string, Kept>();
  readonly #keep: number;
  readonly #longest: number;

  constructor({ keep, longest }: { readonly keep: number; readonly longest: number }) {
    this.#keep = keep;
    this.#longest = longest;
  }

  /** Returns what is to be kept now that this was seen. */
  take(seen: UptimeEvidence): UptimeEvidence[] {
    const key = `${kindOf(seen.subject)} ${nameOf(seen.subject)}`;
    const kept = this.#kept.get(key);
    const last = kept?.pending ?? kept?.written;
    if (kept === undefined || last === undefined) {
      this.#kept.set(key, { written: seen, pending: undefined });
      return [seen];
    }
    const goesOn = last.state === seen.state && seen.latest - last.latest <= this.#longest;
    if (!goesOn) {
      this.#kept.set(key, { written: seen, pending: undefined });
      return kept.pending === undefined ? [seen] : [kept.pending, seen];
    }
    const joined = { ...seen, since: kept.written.latest };
    const isDue = seen.latest - kept.written.latest >= this.#keep;
    this.#kept.set(key, isDue ? { written: joined, pending: undefined } : { ...kept, pending: joined });
    return isDue ? [joined] : [];
  }

  /** Returns what was seen and not kept yet, and forgets it: nobody will look any more. */
  rest(): UptimeEvidence[] {
    const pending = [...this.#kept.values()].flatMap((kept) => kept.pending ?? []);
    this.#kept.clear();
    return pending;
  }

  forget(server: string): UptimeEvidence[] {
    const kept = this.#kept.get(`server ${server}`);
    this.#kept.delete(`server ${server}`);
    return kept?.pending === undefined ? [] : [kept.pending];
  }
}
