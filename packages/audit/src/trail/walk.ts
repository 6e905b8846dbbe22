import { redactionIn, retirementIn } from './maintenance-events.ts';
import { isMaintenanceEvent } from './event.ts';
import { redactableParts, eventOf, genesis, hashOf, holds } from './record.ts';
import { columnNames, columnsOf, linksOf } from './store/columns.ts';
import type { Link, ReadRecord } from './store/store.ts';

/** The first place where a trail is not as it was written. */
export interface BadRecord {
  /** The number of the record; of a missing one, the number that it had; of a checkpoint, of the record that it signs. */
  readonly seq: number;
  readonly what:
    | 'changed' // what it says does not fit its hash
    | 'missing' // the number is left out
    | 'out-of-place' // a number that is not the next
    | 'redacted-without-record' // a part is gone, and no redaction that can be believed tells of it
    | 'found-by-false-columns' // searches would miss it, or find what it is not
    | 'retired-without-checkpoint' // the beginning is gone, and nothing signed says how it ended
    | 'retired-without-event' // the beginning is gone, and no retirement that can be believed tells of it
    | 'cut-off' // a checkpoint tells of records that are not there
    | 'remade' // it fits its neighbours, but not what was signed
    | 'unreadable'; // a table or a checkpoint is none
  readonly expected: string;
  readonly found: string;
}

export interface Verification {
  readonly ok: boolean;
  /** The number of records. */
  readonly records: number;
  /** The first number that is still kept; those before were retired. */
  readonly from: number;
  /** Up to here somebody has signed it. What follows could be cut off unseen. */
  readonly signedTo: number;
  /** The number of records from which parts were removed, as the trail tells. */
  readonly redacted: number;
  readonly bad?: BadRecord | undefined;
}

/** The sequence and hash of a record that are signed. */
export interface Place {
  /** Its signature was checked. */
  readonly believed: boolean;
  readonly hash: string;
  readonly what: string;
}

/** Goes through the records of a trail in order, and stops at the first that is not what was written. */
export class Walk {
  readonly #key: Buffer | undefined;
  readonly #places: ReadonlyMap<number, Place>;
  /** Maintenance events count only if somebody with a key wrote or signed them; without any key there is nobody to ask. */
  readonly #unproven: (seq: number) => boolean;
  #previous: string;
  #seq = 0;
  #from = 1;
  #records = 0;
  #signedTo = 0;
  #redacted = 0;
  #retired: boolean;
  /** The hash that the first record continues. */
  #start: string;
  readonly #gone = new Map<number, Set<string>>();

  constructor(
    trail: string,
    key: Buffer | undefined,
    places: ReadonlyMap<number, Place>,
    areKeysGiven: boolean,
  ) {
    this.#start = genesis(trail).hash;
    this.#previous = this.#start;
    this.#key = key;
    this.#places = places;
    this.#retired = true;
    const signed = Math.max(0, ...[...places].flatMap(([seq, { believed }]) => (believed ? [seq] : [])));
    this.#unproven = (seq) => key === undefined && areKeysGiven && seq > signed;
  }

  /** The number that the next record must have. */
  get next(): number {
    return this.#seq + 1;
  }

  step(record: ReadRecord): BadRecord | undefined {
    const { seq } = record;
    const early = this.#records === 0 && seq > 1 ? this.#begin(seq) : undefined;
    if (early !== undefined) return early;
    this.#records += 1;
    if (seq !== this.#seq + 1)
      return {
        seq: this.#seq + 1,
        what: seq > this.#seq + 1 ? 'missing' : 'out-of-place',
        expected: `record ${this.#seq + 1}`,
        found: `record ${seq}`,
      };
    if (record.unsound)
      return { seq, what: 'changed', expected: 'parts as they were written', found: 'other characters' };
    const hash = hashOf(record, this.#previous, this.#key);
    if (hash !== record.hash) return { seq, what: 'changed', expected: hash, found: record.hash };
    const place = this.#places.get(seq);
    if (place !== undefined && place.hash !== hash)
      return { seq, what: 'remade', expected: `${place.hash}, ${place.what}`, found: hash };
    const bad = this.#contents(record);
    if (bad !== undefined) return bad;
    this.#previous = hash;
    this.#seq = seq;
    if (place?.believed) this.#signedTo = seq;
    return undefined;
  }

  end(last: number): BadRecord | undefined {
    if (last > this.#seq)
      return {
        seq: this.#seq + 1,
        what: 'cut-off',
        expected: `records up to ${last}`,
        found: `the end at ${this.#seq}`,
      };
    if (!this.#retired)
      return {
        seq: this.#from - 1,
        what: 'retired-without-event',
        expected: `a retirement of the records up to ${this.#from - 1}, signed or keyed`,
        found: 'none',
      };
    const first = Math.min(...this.#gone.keys());
    return Number.isFinite(first)
      ? {
          seq: first,
          what: 'redacted-without-record',
          expected: 'a redaction in the trail, signed or keyed',
          found: `without ${[...(this.#gone.get(first) ?? [])].join(', ')}`,
        }
      : undefined;
  }

  result(bad: BadRecord | undefined): Verification {
    return {
      ok: bad === undefined,
      records: this.#records,
      from: this.#from,
      signedTo: this.#signedTo,
      redacted: this.#redacted,
      ...(bad === undefined ? {} : { bad }),
    };
  }

  /**
   * Begins with a record whose predecessors were retired: a checkpoint says how those ended, and a later record must
   * tell of it.
   */
  #begin(seq: number): BadRecord | undefined {
    const place = this.#places.get(seq - 1);
    this.#from = seq;
    this.#seq = seq - 1;
    this.#retired = false;
    if (place === undefined)
      return {
        seq,
        what: 'retired-without-checkpoint',
        expected: `a checkpoint of record ${seq - 1}`,
        found: 'none',
      };
    this.#start = place.hash;
    this.#previous = place.hash;
    return undefined;
  }

  #contents(record: ReadRecord): BadRecord | undefined {
    const { seq, parts } = record;
    for (const name of redactableParts) {
      const part = parts[name];
      if (part !== undefined && !holds(part))
        return { seq, what: 'changed', expected: part.commitment, found: `another ${name}` };
    }
    try {
      return this.#meaning(record);
    } catch (error) {
      // A forger of a chain without a key can put into it what is no event.
      return { seq, what: 'changed', expected: 'an event', found: String(error) };
    }
  }

  #meaning(record: ReadRecord): BadRecord | undefined {
    const { seq } = record;
    const { event, redacted } = eventOf(record);
    const columns = columnsOf(event);
    const wrong = columnNames.find((name) => columns[name] !== record.columns[name]);
    const odd = wrong === undefined ? differing(linksOf(event), record.links) : undefined;
    if (wrong !== undefined || odd !== undefined)
      return {
        seq,
        what: 'found-by-false-columns',
        expected: odd?.expected ?? `${wrong} ${String(wrong && columns[wrong])}`,
        found: odd?.found ?? String(wrong && record.columns[wrong]),
      };
    if (redacted.length > 0) {
      this.#redacted += 1;
      this.#gone.set(seq, new Set(redacted));
    }
    if (!isMaintenanceEvent(event) || this.#unproven(seq)) return undefined;
    const redaction = redactionIn(event);
    if (redaction !== undefined) this.#account(redaction.seqs, redaction.parts);
    const retirement = retirementIn(event);
    if (retirement?.up_to === this.#from - 1 && retirement.hash === this.#start) this.#retired = true;
    return undefined;
  }

  /** A redaction tells of parts that are gone: these are accounted for. */
  #account(seqs: readonly number[], parts: readonly string[]): void {
    for (const seq of seqs) {
      const gone = this.#gone.get(seq);
      if (gone === undefined) continue;
      for (const part of parts) gone.delete(part);
      if (gone.size === 0) this.#gone.delete(seq);
    }
  }
}

const textOf = ({ kind, value }: Link): string => `${kind} ${value}`;
const isIn = (link: Link, list: readonly Link[]): boolean =>
  list.some(({ kind, value }) => kind === link.kind && value === link.value);

/** The first link that is not in the record, or that the record should have. */
function differing(
  meant: readonly Link[],
  found: readonly Link[],
): { expected: string; found: string } | undefined {
  const lacking = meant.find((link) => !isIn(link, found));
  if (lacking !== undefined) return { expected: `the link ${textOf(lacking)}`, found: 'none' };
  const extra = found.find((link) => !isIn(link, meant));
  return extra === undefined && found.length === meant.length
    ? undefined
    : { expected: 'no other link', found: extra === undefined ? 'one twice' : textOf(extra) };
}
