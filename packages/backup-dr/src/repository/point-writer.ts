import { type Emitter, InputError, parseArguments } from '@groundcrew/ground';
import { DigestStream } from './digest-stream.ts';
import type { Engine, StreamTags } from './engine.ts';
import type { PointStream } from './point.ts';
import { KIND, POINT } from './points.ts';
import type { Receipts } from './receipts.ts';
import type { PointWriter, RepositoryEvents, StreamOptions } from './repository.ts';
import { RepositoryError } from './repository-error.ts';
import { streamOptions } from './repository-options.ts';

export interface WriteSetting {
  readonly events: Emitter<RepositoryEvents>;
  readonly signal: AbortSignal;
  readonly receipts: Receipts;
}

/** Stores the streams of one point, and takes over those that an earlier writing of it has stored whole. */
export class Writer implements PointWriter {
  readonly id: string;
  readonly streams: PointStream[] = [];
  readonly #engine: Engine;
  readonly #setting: WriteSetting;
  readonly #names = new Set<string>();
  #isClosed = false;
  #running = 0;

  constructor(engine: Engine, id: string, setting: WriteSetting) {
    this.id = id;
    this.#engine = engine;
    this.#setting = setting;
  }

  get signal(): AbortSignal {
    return this.#setting.signal;
  }

  /** @throws InputError if something is still on its way: it would be missing without a word */
  close(): void {
    if (this.#running > 0) throw refusal('content', 'was not awaited', 'put');
    this.#isClosed = true;
  }

  async stored(name: string): Promise<PointStream | undefined> {
    return (await this.#setting.receipts.earlier()).get(name);
  }

  async keep(name: string): Promise<PointStream> {
    const stream = await this.stored(name);
    if (stream === undefined)
      throw refusal('name', `nothing was stored before as ${JSON.stringify(name)}`, 'keep');
    this.#claim(name, 'keep');
    this.streams.push(stream);
    return stream;
  }

  async put(
    name: string,
    content: AsyncIterable<Uint8Array>,
    options: StreamOptions = {},
  ): Promise<PointStream> {
    parseArguments('writer.put', streamOptions, options);
    const { tags = {} } = options;
    const taken = [KIND, POINT].find((tag) => tag in tags);
    if (taken !== undefined) throw refusal(`tags.${taken}`, 'is a tag of the repository', 'put');
    this.#claim(name, 'put');
    this.#running += 1;
    try {
      const stream = await this.#store(name, content, { ...options, tags });
      await this.#setting.receipts.note(this.streams);
      return stream;
    } catch (error) {
      // It may be tried again.
      this.#names.delete(name);
      throw error;
    } finally {
      this.#running -= 1;
    }
  }

  #claim(name: string, method: Method): void {
    if (this.#isClosed) throw refusal('name', 'the point is written already', method);
    if (this.#names.has(name)) throw refusal('name', `the point has ${JSON.stringify(name)} already`, method);
    this.#names.add(name);
  }

  async #store(
    name: string,
    content: AsyncIterable<Uint8Array>,
    { tags, size, endTags }: StreamOptions & { readonly tags: StreamTags },
  ): Promise<PointStream> {
    const { events, signal } = this.#setting;
    const digest = new DigestStream();
    const point = this.id;
    const stored = await this.#engine.put(name, digest.of(content), {
      tags: { ...tags, [KIND]: 'stream', [POINT]: point },
      signal,
      onProgress: (bytes) => void events.emit('progress', { point, stream: name, bytes, totalBytes: size }),
    });
    // A volume that was cut off, or grew, while it was read looks whole to everybody behind.
    if (size !== undefined && digest.size !== size)
      throw new RepositoryError(
        'stream-cut',
        `${JSON.stringify(name)}: ${digest.size} bytes came of ${size}`,
        {
          remedy: 'Look whether it was resized or deleted meanwhile, and store it again.',
        },
      );
    const stream: PointStream = {
      name,
      id: stored.id,
      ...(stored.path === undefined ? {} : { path: stored.path }),
      size: digest.size,
      sha256: digest.sha256,
      tags: { ...tags, ...endTags?.() },
    };
    this.streams.push(stream);
    events.emit('stored', { point, stream, addedBytes: stored.addedBytes });
    return stream;
  }
}

type Method = 'put' | 'keep';

const refusal = (field: string, message: string, method: Method): InputError =>
  new InputError(`writer.${method}: ${field}: ${message}`, { field, operation: `writer.${method}` });
