import type { Clock } from '@groundcrew/ground';
import { z } from 'zod';
import type { Engine, StoredStream } from './engine.ts';
import { streamSchema } from './manifest.ts';
import type { PointStream } from './point.ts';
import { KIND, POINT } from './points.ts';
import { isRepositoryError } from './repository-error.ts';

/** The kind of a stream that says which others of its point are stored whole. */
const RECEIPT = 'receipt';
/** The tag with the number of streams that a receipt names: of two the one with more is the later. */
const COUNT = 'streams';
/** Bytes of a receipt that are read. */
const LONGEST = 64 * 1024 * 1024;

/** A receipt takes a program's start and a key's derivation: so much work may be lost rather than one for each stream. */
const EVERY_MS = 60_000;

const receiptSchema = z.looseObject({
  kind: z.literal('groundcrew-receipt'),
  point: z.string(),
  streams: z.array(streamSchema),
});

interface ReceiptsSetting {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether nobody has written this point before. */
  readonly isNew: boolean;
}

/**
 * What a point that is being written has so far, kept in the repository itself: the engine knows its streams, but not whether they are
 * whole, nor their SHA-256. Whoever writes the point again, after a kill, need not read a whole cloud again.
 */
export class Receipts {
  readonly #engine: Engine;
  readonly #point: string;
  readonly #setting: ReceiptsSetting;
  #notedAt: number;
  #earlier: Promise<ReadonlyMap<string, PointStream>> | undefined;
  /** Ids of receipts, of this writing and of earlier ones. */
  readonly #ids = new Set<string>();

  constructor(engine: Engine, point: string, setting: ReceiptsSetting) {
    this.#engine = engine;
    this.#point = point;
    this.#setting = setting;
    this.#notedAt = setting.clock.now();
  }

  /** Streams that an earlier writing has stored whole, and that are still there, by name. */
  earlier(): Promise<ReadonlyMap<string, PointStream>> {
    return (this.#earlier ??= this.#setting.isNew ? Promise.resolve(new Map()) : this.#read());
  }

  /** Notes what is stored, unless that was done a moment ago. */
  async note(streams: readonly PointStream[]): Promise<void> {
    const { clock, signal } = this.#setting;
    if (clock.now() - this.#notedAt < EVERY_MS) return;
    // What an earlier writing has and this one has not come to is not forgotten.
    const known = new Map(await this.earlier());
    for (const stream of streams) known.set(stream.name, stream);
    const receipt = { kind: 'groundcrew-receipt', point: this.#point, streams: [...known.values()] };
    const { id } = await this.#engine.put(`receipt/${this.#point}`, once(JSON.stringify(receipt)), {
      tags: { [KIND]: RECEIPT, [POINT]: this.#point, [COUNT]: String(known.size) },
      signal,
    });
    this.#ids.add(id);
    this.#notedAt = clock.now();
  }

  /** The manifest says all that they said. What cannot be removed now goes as a stray. */
  async clear(): Promise<void> {
    if (this.#ids.size === 0) return;
    await this.#engine.forget([...this.#ids], { signal: this.#setting.signal }).catch(() => undefined);
  }

  async #read(): Promise<ReadonlyMap<string, PointStream>> {
    const { streams } = await this.#engine.list({
      tags: { [POINT]: this.#point },
      signal: this.#setting.signal,
    });
    const there = new Set(streams.map(({ id }) => id));
    const receipts = streams
      .filter(({ tags }) => tags[KIND] === RECEIPT)
      .toSorted((a, b) => Number(b.tags[COUNT]) - Number(a.tags[COUNT]));
    for (const { id } of receipts) this.#ids.add(id);
    for (const receipt of receipts) {
      const named = await this.#streamsIn(receipt);
      if (named !== undefined)
        return new Map(named.filter(({ id }) => there.has(id)).map((stream) => [stream.name, stream]));
    }
    return new Map();
  }

  /** `undefined` for one that cannot be read: then the one before it is asked, and in the end all is stored again. */
  async #streamsIn(receipt: StoredStream): Promise<readonly PointStream[] | undefined> {
    const pieces: Uint8Array[] = [];
    try {
      for await (const piece of this.#engine.get(receipt, {
        length: LONGEST,
        signal: this.#setting.signal,
      }))
        pieces.push(piece);
    } catch (error) {
      if (isRepositoryError(error, 'repository-damaged') || isRepositoryError(error, 'stream-missing'))
        return undefined;
      throw error;
    }
    try {
      const read = receiptSchema.safeParse(JSON.parse(Buffer.concat(pieces).toString('utf8')));
      return read.success && read.data.point === this.#point ? read.data.streams : undefined;
    } catch {
      return undefined;
    }
  }
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
