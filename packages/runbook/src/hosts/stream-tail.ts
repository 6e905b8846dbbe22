import { StringDecoder } from 'node:string_decoder';

export interface TailOptions {
  /** Bytes at the end that are kept. */
  readonly keep: number;
  /** Applied to a line as it grows: what is cut off an endless one must not cut a secret in two. */
  readonly clean: (text: string) => string;
  readonly onLine: ((text: string) => void) | undefined;
}

/** Characters of a line that has no end. */
const LONGEST_LINE = 1024 * 1024;

/** The end of a stream, and its lines as they come. */
export class StreamTail {
  dropped = 0;
  readonly #options: TailOptions;
  readonly #decoder = new StringDecoder('utf8');
  #chunks: Buffer[] = [];
  #size = 0;
  #line = '';

  constructor(options: TailOptions) {
    this.#options = options;
  }

  add(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    while (this.#chunks.length > 1 && this.#size - (this.#chunks[0]?.length ?? 0) >= this.#options.keep)
      this.#drop();
    const { onLine, clean } = this.#options;
    if (onLine === undefined) return;
    const lines = (this.#line + this.#decoder.write(bytes)).split('\n');
    const rest = lines.pop() ?? '';
    this.#line = rest.length > LONGEST_LINE ? clean(rest).slice(-LONGEST_LINE) : rest;
    for (const line of lines) onLine(clean(line));
  }

  end(): Buffer {
    const { onLine, clean, keep } = this.#options;
    const rest = this.#line + this.#decoder.end();
    if (rest !== '') onLine?.(clean(rest));
    const all = Buffer.concat(this.#chunks);
    if (all.length <= keep) return all;
    this.dropped += all.length - keep;
    return all.subarray(all.length - keep);
  }

  #drop(): void {
    const gone = this.#chunks.shift()?.length ?? 0;
    this.#size -= gone;
    this.dropped += gone;
  }
}
