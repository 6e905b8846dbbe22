import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type {
  Engine,
  EngineCheck,
  GetOptions,
  ListOptions,
  PutOptions,
  StoredStream,
  StreamList,
  StreamRef,
} from '../../src/repository.ts';
import { RepositoryError } from '../../src/repository.ts';

/**
 * An engine of plain files, for tests: a second one that the contract holds for, so that the contract is none of restic's habits, and
 * what stands on an engine is tested without restic.
 */
export class FolderEngine implements Engine {
  readonly name = 'folder';
  /** Called before each method acts: tests hold it there, or let it fail. */
  before: (method: string) => void | Promise<void> = () => undefined;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async capabilities(): Promise<{ version: string; seeks: boolean }> {
    return { version: '1.0.0', seeks: true };
  }

  async create(): Promise<void> {
    await mkdir(this.#folder).catch((error: unknown) => {
      throw new RepositoryError('repository-exists', 'it is there', { cause: error });
    });
  }

  async put(
    name: string,
    content: AsyncIterable<Uint8Array>,
    { tags = {}, signal, onProgress }: PutOptions = {},
  ): Promise<StoredStream> {
    signal?.throwIfAborted();
    await this.before('put');
    const id = randomUUID();
    const file = await open(path.join(this.#folder, `${id}.part`), 'wx');
    let size = 0;
    try {
      for await (const piece of untilAborted(content, signal)) {
        await file.write(piece);
        size += piece.length;
        onProgress?.(size);
      }
      onProgress?.(size);
    } finally {
      await file.close();
    }
    const stream: StoredStream = { id, name, tags, size, at: new Date().toISOString() };
    await rename(path.join(this.#folder, `${id}.part`), path.join(this.#folder, `${id}.data`));
    await writeFile(path.join(this.#folder, `${id}.json`), JSON.stringify(stream));
    return stream;
  }

  async *get(stream: StreamRef, { offset = 0, length, signal }: GetOptions = {}): AsyncGenerator<Uint8Array> {
    signal?.throwIfAborted();
    await this.before('get');
    const file = path.join(this.#folder, `${stream.id}.data`);
    if (
      !(await stat(file).then(
        () => true,
        () => false,
      ))
    )
      throw new RepositoryError('stream-missing', `no ${stream.id}`);
    if (length === 0) return;
    const end = length === undefined || length === Infinity ? Infinity : offset + length - 1;
    for await (const piece of createReadStream(file, { start: offset, end })) {
      signal?.throwIfAborted();
      yield piece as Uint8Array;
    }
  }

  async list({ tags = {}, signal }: ListOptions = {}): Promise<StreamList> {
    signal?.throwIfAborted();
    await this.before('list');
    const names = await readdir(this.#folder).catch((error: unknown) => {
      throw new RepositoryError('no-repository', 'there is none', { cause: error });
    });
    const streams = await Promise.all(
      names
        .filter((name) => name.endsWith('.json'))
        .map(
          async (name) => JSON.parse(await readFile(path.join(this.#folder, name), 'utf8')) as StoredStream,
        ),
    );
    return {
      streams: streams.filter((stream) =>
        Object.entries(tags).every(([tag, value]) => stream.tags[tag] === value),
      ),
      unreadable: [],
    };
  }

  async forget(ids: readonly string[]): Promise<void> {
    await this.before('forget');
    for (const id of ids)
      for (const kind of ['json', 'data'])
        await rm(path.join(this.#folder, `${id}.${kind}`), { force: true });
  }

  async prune(): Promise<void> {
    await this.before('prune');
  }

  async check({ share = 0 }: { readonly share?: number | undefined } = {}): Promise<EngineCheck> {
    return { damages: [], share };
  }
}

/** A stream that ends with the signal's reason, also while a piece is waited for. */
async function* untilAborted(
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const aborted = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  aborted.catch(() => undefined);
  const pieces = content[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([pieces.next(), aborted]);
    if (next.done === true) return;
    yield next.value;
  }
}
