import type { KeyObject } from 'node:crypto';
import { type Checkpoint, checkpointIn, digestOf, faultOf, parseCheckpoint } from './checkpoint.ts';
import { StoreError } from './store/store-error.ts';
import type { TrailStore } from './store/store.ts';
import { type BadRecord, type Place, type Verification, Walk } from './walk.ts';

export interface VerifyOptions {
  /** Public keys of signers. Without them checkpoints are compared, and nothing counts as signed. */
  readonly keys?: readonly KeyObject[] | undefined;
  /** Checkpoints that were kept elsewhere: the trail must still agree with them. */
  readonly anchors?: readonly Checkpoint[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

const PAGE = 1_000;

/** Walks that are begun again, at most: an attacker could change something for ever. */
const AGAIN = 20;

/**
 * Reads a whole trail, in order, with flat memory but for the numbers of redacted records. Page by page it is no snapshot: what
 * another process retires or redacts in the middle of it looks like tampering, so that a fault counts only if nobody did so.
 */
export async function verifyTrail(
  store: TrailStore,
  key: Buffer | undefined,
  options: VerifyOptions = {},
): Promise<Verification> {
  for (let walks = 1; ; walks += 1) {
    const before = await maintenanceIn(store);
    const found = await walked(store, key, options);
    if (found.ok || walks > AGAIN || before === (await maintenanceIn(store))) return found;
  }
}

/** Describes the changes by a redaction that was signed, or by a retirement. */
async function maintenanceIn(store: TrailStore): Promise<string> {
  try {
    const checkpoints = await store.checkpoints();
    const { records } = await store.read(undefined, 1);
    return JSON.stringify([checkpoints.length, checkpoints.at(-1), records[0]?.seq]);
  } catch (error) {
    if (error instanceof StoreError) return error.message;
    throw error;
  }
}

async function walked(
  store: TrailStore,
  key: Buffer | undefined,
  options: VerifyOptions,
): Promise<Verification> {
  let walk: Walk | undefined;
  try {
    const trail = await store.trailId();
    const signed = signedPlaces(await store.checkpoints(), trail, options);
    walk = new Walk(trail, key, signed.places, options.keys !== undefined);
    if (signed.bad !== undefined) return walk.result(signed.bad);
    let stray: number | undefined;
    for (let after: number | undefined; ;) {
      options.signal?.throwIfAborted();
      const { records, strays } = await store.read(after, PAGE);
      for (const record of records) {
        const bad = walk.step(record);
        if (bad !== undefined) return walk.result(bad);
      }
      stray ??= strays[0];
      after = records.at(-1)?.seq;
      if (records.length < PAGE) break;
    }
    return walk.result(
      walk.end(signed.last) ?? (stray === undefined ? undefined : strayAt(stray)) ?? signed.lost,
    );
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const bad: BadRecord = {
      seq: walk?.next ?? 1,
      what: 'unreadable',
      expected: 'the tables of a trail',
      found: error.message,
    };
    return walk?.result(bad) ?? { ok: false, records: 0, from: 1, signedTo: 0, redacted: 0, bad };
  }
}

const strayAt = (seq: number): BadRecord => ({
  seq,
  what: 'found-by-false-columns',
  expected: `no link of record ${seq}`,
  found: 'a link without its record',
});

interface Signed {
  readonly places: ReadonlyMap<number, Place>;
  readonly last: number;
  /** The checkpoint that cannot be believed. */
  readonly bad?: BadRecord;
  /** An anchor that the store does not have: it is told if nothing worse is found. */
  readonly lost?: BadRecord | undefined;
}

/** The places that are signed, by record. */
function signedPlaces(
  texts: readonly string[],
  trail: string,
  { keys, anchors = [] }: VerifyOptions,
): Signed {
  const places = new Map<number, Place>();
  const own = new Set<string>();
  let last = 0;
  let before: Checkpoint | undefined;
  const take = (checkpoint: Checkpoint): string | undefined => {
    const fault =
      checkpoint.trail !== trail
        ? `it is of trail ${checkpoint.trail}`
        : keys === undefined
          ? undefined
          : faultOf(checkpoint, keys);
    if (fault !== undefined) return fault;
    const known = places.get(checkpoint.seq);
    if (known !== undefined && known.hash !== checkpoint.hash) return 'two checkpoints do not agree on it';
    places.set(checkpoint.seq, {
      hash: checkpoint.hash,
      what: `signed at ${checkpoint.at}`,
      believed: keys !== undefined,
    });
    last = Math.max(last, checkpoint.seq);
    return undefined;
  };
  const bad = (seq: number, what: BadRecord['what'], expected: string, found: string): Signed => ({
    places,
    last,
    bad: { seq, what, expected, found },
  });
  for (const [index, text] of texts.entries()) {
    const checkpoint = checkpointIn(text);
    if (checkpoint === undefined)
      return bad(before?.seq ?? 0, 'unreadable', `checkpoint ${index + 1}`, 'what is no checkpoint');
    if (checkpoint.previous !== digestOf(before) && checkpoint.trail === trail)
      return bad(checkpoint.seq, 'missing', 'the checkpoint before it', 'another one, or none');
    const fault = take(checkpoint);
    if (fault !== undefined) return bad(checkpoint.seq, 'remade', 'a checkpoint of ours', fault);
    before = checkpoint;
    own.add(digestOf(checkpoint));
  }
  let lost: BadRecord | undefined;
  for (const anchor of anchors) {
    const checkpoint = parseCheckpoint(anchor);
    const fault = take(checkpoint);
    if (fault !== undefined) return bad(checkpoint.seq, 'remade', 'a checkpoint of ours', fault);
    if (!own.has(digestOf(checkpoint)))
      lost ??= {
        seq: checkpoint.seq,
        what: 'missing',
        expected: `the checkpoint of ${checkpoint.at}, which was kept elsewhere`,
        found: 'none in the store',
      };
  }
  return { places, last, lost };
}
