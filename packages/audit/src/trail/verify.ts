import type { KeyObject } from 'node:crypto';
import { type Checkpoint, digestOf, faultOf } from './checkpoint.ts';
import { redactionIn } from './deeds.ts';
import { isDeed } from './event.ts';
import { compartments, eventOf, genesis, hashOf, holds, type StoredRecord } from './record.ts';
import { columnNames, columnsOf } from './store/columns.ts';
import type { Columns, TrailStore } from './store/store.ts';

/** Where a trail is not what was written, the first such place. */
export interface BadRecord {
  /** The number of the record; of a missing one, the number that it had. */
  readonly seq: number;
  readonly what:
    | 'changed' // what it says does not fit its hash
    | 'missing' // the number is left out
    | 'out-of-place' // a number that is not the next
    | 'redacted-without-record' // a part is gone, and no redaction tells of it
    | 'found-by-false-columns' // searches would miss it, or find what it is not
    | 'retired-without-checkpoint' // the beginning is gone, and nothing signed says how it ended
    | 'cut-off' // a checkpoint tells of records that are not there
    | 'remade'; // it fits its neighbours, but not what was signed
  readonly expected: string;
  readonly found: string;
}

export interface Verification {
  readonly ok: boolean;
  /** How many records there are. */
  readonly records: number;
  /** The first number that is still kept; those before were retired. */
  readonly from: number;
  /** Up to here somebody has signed it. What follows could be cut off unseen. */
  readonly signedTo: number;
  /** Of how many records parts were taken out, as the trail tells. */
  readonly redacted: number;
  readonly bad?: BadRecord | undefined;
}

export interface VerifyOptions {
  /** Public keys of signers. Without them checkpoints are compared, and nothing counts as signed. */
  readonly keys?: readonly KeyObject[] | undefined;
  /** Checkpoints that were kept elsewhere: the trail must still agree with them. */
  readonly anchors?: readonly Checkpoint[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

const PAGE = 1_000;

/** Reads a whole trail, in order, with flat memory but for the numbers of redacted records. */
export async function verifyTrail(
  store: TrailStore,
  key: Buffer | undefined,
  options: VerifyOptions = {},
): Promise<Verification> {
  const trail = await store.trailId();
  const signed = await signedPlaces(store, trail, options);
  if ('bad' in signed) return { ok: false, records: 0, from: 1, signedTo: 0, redacted: 0, bad: signed.bad };
  const { places, last } = signed;
  const walk = new Walk(genesis(trail).hash, key, places);
  for (let from = 1; ;) {
    options.signal?.throwIfAborted();
    const page = await store.read(from, PAGE);
    for (const record of page) {
      const bad = walk.step(record);
      if (bad !== undefined) return walk.result(bad);
    }
    const end = page.at(-1);
    if (end === undefined) break;
    from = end.seq + 1;
  }
  return walk.result(walk.end(last));
}

interface Place {
  /** Its signature was checked. */
  readonly believed: boolean;
  readonly hash: string;
  readonly what: string;
}

/** What is signed of which record; or the checkpoint that cannot be believed. */
async function signedPlaces(
  store: TrailStore,
  trail: string,
  { keys, anchors = [] }: VerifyOptions,
): Promise<{ places: ReadonlyMap<number, Place>; last: number } | { bad: BadRecord }> {
  const places = new Map<number, Place>();
  let last = 0;
  let before: Checkpoint | undefined;
  const own = await store.checkpoints();
  for (const checkpoint of [...own, ...anchors]) {
    const isOwn = own.includes(checkpoint);
    const fault =
      checkpoint.trail !== trail
        ? `it is of trail ${checkpoint.trail}`
        : keys === undefined
          ? undefined
          : faultOf(checkpoint, keys);
    if (fault !== undefined)
      return { bad: { seq: checkpoint.seq, what: 'remade', expected: 'a checkpoint of ours', found: fault } };
    if (isOwn && checkpoint.previous !== digestOf(before))
      return {
        bad: {
          seq: checkpoint.seq,
          what: 'missing',
          expected: 'the checkpoint before it',
          found: 'another one, or none',
        },
      };
    if (isOwn) before = checkpoint;
    places.set(checkpoint.seq, {
      hash: checkpoint.hash,
      what: `signed at ${checkpoint.at}`,
      believed: keys !== undefined,
    });
    last = Math.max(last, checkpoint.seq);
  }
  return { places, last };
}

class Walk {
  readonly #key: Buffer | undefined;
  readonly #places: ReadonlyMap<number, Place>;
  #previous: string;
  #seq = 0;
  #from = 1;
  #records = 0;
  #signedTo = 0;
  #redacted = 0;
  readonly #gone = new Map<number, Set<string>>();

  constructor(genesisHash: string, key: Buffer | undefined, places: ReadonlyMap<number, Place>) {
    this.#previous = genesisHash;
    this.#key = key;
    this.#places = places;
  }

  step(record: StoredRecord & { readonly columns: Columns }): BadRecord | undefined {
    const { seq } = record;
    if (this.#records === 0 && seq > 1) {
      // What came before was retired; a later record must say so, with the hash that is taken for granted here.
      const place = this.#places.get(seq - 1);
      this.#from = seq;
      this.#seq = seq - 1;
      if (place === undefined)
        return {
          seq,
          what: 'retired-without-checkpoint',
          expected: `a checkpoint of record ${seq - 1}`,
          found: 'none',
        };
      this.#previous = place.hash;
    }
    this.#records += 1;
    if (seq !== this.#seq + 1)
      return {
        seq: this.#seq + 1,
        what: seq > this.#seq + 1 ? 'missing' : 'out-of-place',
        expected: `record ${this.#seq + 1}`,
        found: `record ${seq}`,
      };
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
    const [first] = [...this.#gone.keys()].toSorted((a, b) => a - b);
    return first === undefined
      ? undefined
      : {
          seq: first,
          what: 'redacted-without-record',
          expected: 'a redaction in the trail',
          found: `without ${[...(this.#gone.get(first) ?? [])].join(', ')}`,
        };
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

  #contents(record: StoredRecord & { readonly columns: Columns }): BadRecord | undefined {
    const { seq, parts } = record;
    for (const name of compartments) {
      const part = parts[name];
      if (part !== undefined && !holds(part))
        return { seq, what: 'changed', expected: part.commitment, found: `another ${name}` };
    }
    const { event, redacted } = eventOf(record);
    const columns = columnsOf(event);
    const wrong = columnNames.find((name) => columns[name] !== record.columns[name]);
    if (wrong !== undefined)
      return {
        seq,
        what: 'found-by-false-columns',
        expected: `${wrong} ${String(columns[wrong])}`,
        found: String(record.columns[wrong]),
      };
    if (redacted.length > 0) {
      this.#redacted += 1;
      this.#gone.set(seq, new Set(redacted));
    }
    const told = isDeed(event) ? redactionIn(event) : undefined;
    if (told !== undefined) this.#account(told.seqs, told.parts);
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
