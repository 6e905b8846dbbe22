/**
 * A program that keeps bytes: deduplicated, encrypted, checked. The repository of recovery points stands on these few methods, and
 * on nothing else of it. `test/repository/engine-contract.ts` says what each must do.
 */
export interface Engine {
  /** The program: `restic`. */
  readonly name: string;
  /** What it is, and what it can do. @throws RepositoryError `engine-missing`, `engine-too-old` */
  capabilities(options?: EngineOptions): Promise<EngineCapabilities>;
  /** Makes the repository. @throws RepositoryError `repository-exists` */
  create(options?: EngineOptions): Promise<void>;
  /**
   * Stores a stream, at the speed of the slower side. Equal names are different streams. Resolves when it can be read; when the
   * content throws, that is thrown and nothing is stored under an id that anybody was told.
   *
   * @throws RepositoryError
   */
  put(name: string, content: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<StoredStream>;
  /**
   * Reads a stream, or a range of it. No wrong byte is given: what is damaged ends in an error, which may come after bytes that are
   * right. A range that reaches over the end is cut there.
   *
   * @throws RepositoryError `stream-missing`, `repository-damaged`, …
   */
  get(stream: StreamRef, options?: GetOptions): AsyncIterable<Uint8Array>;
  /** The streams that are there, and those that are there and cannot be read. What others stored in the repository is not told. */
  list(options?: ListOptions): Promise<StreamList>;
  /** Forgets streams: they cannot be read any more. One that is not there is none the less forgotten. */
  forget(ids: readonly string[], options?: EngineOptions): Promise<void>;
  /** Frees the space of what no stream needs. @throws RepositoryError `repository-damaged` rather than to guess what is needed */
  prune(options?: EngineOptions): Promise<void>;
  /** Looks for damage. @throws RepositoryError where it could not be looked */
  check(options?: CheckDataOptions): Promise<EngineCheck>;
}

export interface EngineOptions {
  /** Ends it; the program is given time to take its locks with it. */
  readonly signal?: AbortSignal | undefined;
}

export interface EngineReadOptions extends EngineOptions {
  /**
   * Whether others are kept from removing what is being read. Without it nothing is written at all, so that a repository can be read
   * that may not be written to.
   *
   * @default true
   */
  readonly lock?: boolean | undefined;
}

export interface EngineCapabilities {
  /** Of the program: `0.14.0`. */
  readonly version: string;
  /** Whether a range is found without reading what lies before it. */
  readonly seeks: boolean;
}

export interface PutOptions extends EngineOptions {
  /** Facts to find it by. */
  readonly tags?: StreamTags | undefined;
  /** Told of the bytes that were handed over so far: now and then, and at the end. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** Names begin with a letter and have lower-case letters, digits and `-`; values are any text that UTF-8 can hold. */
export type StreamTags = Readonly<Record<string, string>>;

/** Enough to read a stream. */
export interface StreamRef {
  readonly id: string;
  readonly name: string;
  /** Bytes, where it is known. */
  readonly size?: number | undefined;
}

export interface StoredStream extends StreamRef {
  readonly tags: StreamTags;
  /** Where the engine has it, for who reads it with the engine alone: `/volume%2Fdb` in a snapshot of restic. */
  readonly path?: string | undefined;
  /** When it was stored, by the clock of the engine's machine; ISO 8601. */
  readonly at?: string | undefined;
  /** Bytes that the repository grew by, where it is known. */
  readonly addedBytes?: number | undefined;
}

export interface StreamList {
  readonly streams: readonly StoredStream[];
  /** What is in the repository and could not be read, in the engine's words: whether it is a stream of ours is not known. */
  readonly unreadable: readonly string[];
}

export interface GetOptions extends EngineReadOptions {
  /** Bytes to leave out at the beginning. @default 0 */
  readonly offset?: number | undefined;
  /** Bytes at the most. @default all */
  readonly length?: number | undefined;
}

export interface ListOptions extends EngineReadOptions {
  /** Only streams that have all of these. @default all */
  readonly tags?: StreamTags | undefined;
}

export interface CheckDataOptions extends EngineReadOptions {
  /** The share of the data that is read and compared, from 0 to 1, chosen at random. @default 0: only that everything is there */
  readonly share?: number | undefined;
}

export interface EngineCheck {
  /** In the engine's words; empty: none was found. */
  readonly damages: readonly string[];
  /** As it was asked for. */
  readonly share: number;
}
