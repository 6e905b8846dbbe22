import { Content } from '../../bytes/content.ts';
import type { StoredBytes } from '../../bytes/stored-bytes.ts';

/** Bytes in a GiB, in which Cinder counts. */
export const GIB = 2 ** 30;

/** What volumes and snapshots hold, by their ids. One that nobody has written to holds zeros, and is not kept here. */
export class Contents {
  readonly #byId = new Map<string, Content>();

  get(id: string): Content | undefined {
    return this.#byId.get(id);
  }

  /** The content to be written to. */
  open(id: string): Content {
    const content = this.#byId.get(id) ?? new Content();
    this.#byId.set(id, content);
    return content;
  }

  /** A copy that does not change any more. The caller holds it. */
  freeze(id: string): Content {
    return this.#byId.get(id)?.copy() ?? new Content();
  }

  /** Puts a content in the place of what was there, and holds it. */
  set(id: string, content: Content): void {
    this.delete(id);
    this.#byId.set(id, content);
  }

  /** Lets `to` begin with the bytes of `from`. */
  copy(from: string, to: string): void {
    const content = this.#byId.get(from);
    if (content === undefined) this.delete(to);
    else this.set(to, content.copy());
  }

  delete(id: string): void {
    this.#byId.get(id)?.dispose();
    this.#byId.delete(id);
  }

  dispose(): void {
    for (const id of this.#byId.keys()) this.delete(id);
  }
}

/** The content of a volume on which stored bytes were written, from its beginning. */
export const contentOf = (bytes: StoredBytes): Content =>
  new Content([{ from: 0, to: bytes.size, source: bytes, at: 0 }]);
