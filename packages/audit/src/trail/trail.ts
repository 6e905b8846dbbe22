import { z } from 'zod';
import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Signer } from '@groundcrew/ground/signatures';
import { type Clock, Secret, systemClock } from '@groundcrew/core';
import { attribute, type Attribution } from './attribute.ts';
import type { WhoQuestion } from './who-question.ts';
import { type Checkpoint, checkpointIn, digestOf, signCheckpoint } from './checkpoint.ts';
import { redactionEvent, retirementEvent, type ChangeReason } from './maintenance-events.ts';
import { type AuditEvent, auditEvents, type AuditSink, isMaintenanceEvent } from './event.ts';
import {
  checkQuery,
  checkQuestion,
  checkRedaction,
  checkRetirement,
  checkVerification,
  timeOf,
} from './options.ts';
import type { TrailQuery, TrailRecord } from './query.ts';
import {
  type ChainHead,
  type RedactablePart,
  eventOf,
  genesis,
  recordOf,
  type StoredRecord,
} from './record.ts';
import type { NewRecord, TrailStore } from './store/store.ts';
import { TrailError } from './trail-error.ts';
import { verifyTrail, type VerifyOptions } from './verify.ts';
import type { Verification } from './walk.ts';

export interface TrailOptions {
  readonly store: TrailStore;
  /**
   * Makes a chain that nobody can continue or make anew without the key, even with access to the store. Keep it where
   * writers and verifiers are, and not beside the store. @default a chain that anybody can verify, and make anew up to
   * the next checkpoint
   */
  readonly key?: string | Secret | undefined;
  /** Signs checkpoints. Without one, `checkpoint()` and `retire()` refuse. */
  readonly signer?: Signer | undefined;
  readonly clock?: Pick<Clock, 'now'> | undefined;
}

const trailOptions = optionsSchema<TrailOptions>({
  store: anObjectWith<TrailStore>('a TrailStore', 'trailId', 'append'),
  key: z.union([z.string().min(1), z.instanceof(Secret)]).optional(),
  signer: anObjectWith<Signer>('a Signer', 'keyId', 'sign').optional(),
  clock: anObjectWith<Clock>('a Clock', 'now').optional(),
});

export interface Appended {
  /** Events that were new. */
  readonly added: readonly TrailRecord[];
  /** The number of events that were there already: delivered twice. */
  readonly known: number;
}

export interface RedactOptions extends ChangeReason {
  /** Selects the records; at least one criterion is needed, since an empty selection would mean every record. */
  readonly where: TrailQuery;
  /** The parts to remove: `person` (who), `place` (address, agent), `detail`, … */
  readonly parts: readonly RedactablePart[];
}

export interface RetireRecordsOptions extends ChangeReason {
  /** Records that were written down before this time are removed. ISO 8601. */
  readonly before: string;
}

/** The record of who did what, on what, and when: written once, in order, so that no change stays unseen. */
export interface Trail extends AsyncDisposable, AuditSink {
  /** The id of this trail alone. */
  readonly id: string;
  /**
   * Writes events down, all or none; on the disk when it resolves. What is there already, by its `id`, is passed over.
   *
   * @throws InputError that names the event's place and field; TrailError `trail.reserved` for a maintenance event of a trail
   */
  append(events: readonly AuditEvent[]): Promise<Appended>;
  /**
   * In order of when it happened. Pages are read as they are needed.
   *
   * @throws InputError that names the field; TrailError `trail.broken` at a record that is none
   */
  find(query?: TrailQuery): AsyncGenerator<TrailRecord, void, undefined>;
  /**
   * Tells who did this. Joins what a service tells of the thing with what was told of the request; a leg that is
   * missing is unknown, with the reason.
   *
   * @throws InputError that names the field
   * @example
   * const { who, address, at } = await trail.who({ did: 'create', to: securityGroupRule(id) });
   */
  who(question: WhoQuestion): Promise<Attribution>;
  /** Signs the chain as it is; nothing if that was done. Keep it elsewhere, too. @throws TrailError `trail.no-signer` */
  checkpoint(): Promise<Checkpoint | undefined>;
  /** The checkpoints that are in the store, the oldest first. @throws TrailError `trail.broken` if one is none */
  checkpoints(): Promise<readonly Checkpoint[]>;
  /** Reads everything and names the first place that is not what was written. Never throws for what it finds. */
  verify(options?: VerifyOptions): Promise<Verification>;
  /**
   * Takes parts out of records for good, and tells of it in the trail before: signed, if there is a signer. The chain
   * still holds. How many it were.
   *
   * @throws InputError that names the field, also for a selection that selects everything
   */
  redact(options: RedactOptions): Promise<number>;
  /**
   * Removes what is old. Before anything goes, a signed record tells which records, how they ended, who wanted it and why;
   * without it `verify()` takes a missing beginning for tampering. How many it were.
   *
   * @throws InputError that names the field; TrailError `trail.no-signer`, or `trail.broken`: what is not what was written
   * is evidence, and stays
   */
  retire(options: RetireRecordsOptions): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens a trail in its store. The store belongs to the trail from now on, and is closed with it.
 *
 * @example
 * await using trail = await openTrail({ store: sqliteStore('audit.db') });
 * await trail.append(events);
 * console.log(await trail.verify());
 */
export async function openTrail(options: TrailOptions): Promise<Trail> {
  parseArguments('openTrail', trailOptions, options);
  const { store, key, signer, clock = systemClock } = options;
  const bytes = key === undefined ? undefined : Buffer.from(Secret.of(key).reveal());
  return new StoredTrail(await store.trailId(), store, bytes, signer, clock);
}

const PAGE = 500;
/** Records that one redaction tells of. */
const REDACTED = 1_000;

class StoredTrail implements Trail {
  readonly id: string;
  readonly #store: TrailStore;
  readonly #key: Buffer | undefined;
  readonly #signer: Signer | undefined;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(
    id: string,
    store: TrailStore,
    key: Buffer | undefined,
    signer: Signer | undefined,
    clock: Pick<Clock, 'now'>,
  ) {
    this.id = id;
    this.#store = store;
    this.#key = key;
    this.#signer = signer;
    this.#clock = clock;
  }

  async append(events: readonly AuditEvent[]): Promise<Appended> {
    const checked = auditEvents('trail.append', events);
    const reserved = checked.findIndex(isMaintenanceEvent);
    if (reserved !== -1)
      throw new TrailError(
        'trail.reserved',
        `events[${reserved}]: only the trail tells of its own maintenance`,
      );
    if (checked.length === 0) return { added: [], known: 0 };
    const added = await this.#store.append(
      checked.map(({ id }) => id),
      this.#chained(checked),
    );
    const recorded = added.map(({ record, event }) => ({
      seq: record.seq,
      recorded: new Date(record.recorded).toISOString(),
      event,
      redacted: [],
    }));
    return { added: recorded, known: events.length - added.length };
  }

  async *find(query: TrailQuery = {}): AsyncGenerator<TrailRecord, void, undefined> {
    checkQuery(query);
    let left = query.limit ?? Number.POSITIVE_INFINITY;
    let after: { readonly at: number; readonly seq: number } | undefined;
    while (left > 0) {
      const size = Math.min(PAGE, left);
      const page = await this.#store.find(query, after, size);
      for (const record of page) {
        const { event, redacted } = readable(record);
        after = { at: Date.parse(event.at), seq: record.seq };
        yield { seq: record.seq, recorded: new Date(record.recorded).toISOString(), event, redacted };
      }
      if (page.length < size) return;
      left -= page.length;
    }
  }

  async who(question: WhoQuestion): Promise<Attribution> {
    checkQuestion(question);
    return attribute(this, question);
  }

  async checkpoint(): Promise<Checkpoint | undefined> {
    return this.#sign(() => this.#store.head());
  }

  async checkpoints(): Promise<readonly Checkpoint[]> {
    return (await this.#store.checkpoints()).map(checkpointOf);
  }

  async verify(options: VerifyOptions = {}): Promise<Verification> {
    checkVerification(options);
    return verifyTrail(this.#store, this.#key, options);
  }

  async redact(options: RedactOptions): Promise<number> {
    checkRedaction(options);
    const { where, parts, by, reason } = options;
    const seqs: number[] = [];
    // Records of redactions must stay, or redactions could not be told from tampering.
    for await (const { seq, event } of this.find(where)) if (!isMaintenanceEvent(event)) seqs.push(seq);
    for (let at = 0; at < seqs.length; at += REDACTED) {
      const some = seqs.slice(at, at + REDACTED);
      await this.#tell(redactionEvent(some, parts, { by, reason }, this.#clock.now()));
      if (this.#signer !== undefined) await this.checkpoint();
      await this.#store.redact(some, parts);
    }
    return seqs.length;
  }

  async retire(options: RetireRecordsOptions): Promise<number> {
    checkRetirement(options);
    const { before, by, reason } = options;
    const until = timeOf(before);
    this.#needSigner();
    const state = await this.verify();
    // A record that is not as it was written is evidence: it must be neither removed nor signed.
    if (!state.ok)
      throw new TrailError(
        'trail.broken',
        `record ${state.bad?.seq} is ${state.bad?.what}: nothing is removed`,
      );
    const last = await this.#lastBefore(until);
    if (last === undefined) return 0;
    const { from } = state;
    await this.#sign(() => Promise.resolve(last));
    await this.#tell(
      retirementEvent({ from, up_to: last.seq, hash: last.hash }, { by, reason }, this.#clock.now()),
    );
    await this.checkpoint();
    return this.#store.retire(last.seq);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The last record that was written down before a time. */
  async #lastBefore(until: number): Promise<ChainHead | undefined> {
    let last: ChainHead | undefined;
    for (;;) {
      const { records } = await this.#store.read(last?.seq, PAGE);
      const old = records.filter(({ recorded }) => recorded < until);
      last = old.at(-1) ?? last;
      if (old.length < records.length || records.length === 0) return last;
    }
  }

  /** Writes down what the trail itself does, before it does it: a process that is stopped between both can do it again. */
  async #tell(event: AuditEvent): Promise<void> {
    await this.#store.append([event.id], this.#chained([event]));
  }

  /** Makes records of those events that are new, one behind the other. */
  #chained(events: readonly AuditEvent[]) {
    return (head: ChainHead | undefined, isKnown: (id: string) => boolean): NewRecord[] => {
      let last = head ?? genesis(this.id);
      const seen = new Set<string>();
      const now = this.#clock.now();
      return events.flatMap((event) => {
        if (seen.has(event.id) || isKnown(event.id)) return [];
        seen.add(event.id);
        const record = recordOf(event, last, now, this.#key);
        last = record;
        return [{ record, event }];
      });
    };
  }

  /**
   * Behind the last checkpoint. Another process may sign at the same time, and then be the one behind which the next belongs:
   * the second signer looks again, and mostly finds that there is nothing left to sign.
   */
  async #sign(placeOf: () => Promise<ChainHead | undefined>): Promise<Checkpoint | undefined> {
    const signer = this.#needSigner();
    for (;;) {
      // The place is read after them: no checkpoint is of an earlier one than that before it.
      const texts = await this.#store.checkpoints();
      const before = texts.map(checkpointOf).at(-1);
      const place = await placeOf();
      if (place === undefined) return undefined;
      const { seq, hash } = place;
      if (before?.seq === seq && before.hash === hash && before.key_id === signer.keyId) return undefined;
      const at = new Date(this.#clock.now()).toISOString();
      const checkpoint = await signCheckpoint(
        { trail: this.id, seq, hash, at, previous: digestOf(before) },
        signer,
      );
      if (await this.#store.addCheckpoint(checkpoint, texts.at(-1))) return checkpoint;
    }
  }

  #needSigner(): Signer {
    if (this.#signer === undefined)
      throw new TrailError('trail.no-signer', 'this trail was opened without a signer');
    return this.#signer;
  }
}

/** @throws TrailError `trail.broken` if it is none: somebody else wrote it */
function checkpointOf(text: string, index: number): Checkpoint {
  const checkpoint = checkpointIn(text);
  if (checkpoint === undefined)
    throw new TrailError('trail.broken', `checkpoint ${index + 1} of the store is none`);
  return checkpoint;
}

/** @throws TrailError `trail.broken` if it is no event: somebody else wrote it */
function readable(record: StoredRecord): ReturnType<typeof eventOf> {
  try {
    return eventOf(record);
  } catch (cause) {
    throw new TrailError('trail.broken', `record ${record.seq} is not what was written`, {
      remedy: 'verify() says which is the first such record',
      cause,
    });
  }
}
