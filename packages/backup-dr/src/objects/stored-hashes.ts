/** An object of a list, as far as it counts here. */
interface Listed {
  readonly name: string;
  readonly hash: string;
}

/**
 * The MD5 of objects that a container has, for who asks for them in the order of the list: by the bytes of their names in UTF-8, which is
 * that of an archive, too. No more than a page of the list is held, however many there are. A name that is asked for out of order is
 * not known.
 */
export class StoredHashes {
  readonly #list: AsyncIterator<Listed>;
  #next: { readonly name: Buffer; readonly hash: string } | undefined;
  #isEnd = false;

  constructor(list: AsyncIterable<Listed>) {
    this.#list = list[Symbol.asyncIterator]();
  }

  async of(name: string): Promise<string | undefined> {
    const wanted = Buffer.from(name);
    while (!this.#isEnd && (this.#next === undefined || Buffer.compare(this.#next.name, wanted) < 0)) {
      const { done, value } = await this.#list.next();
      if (done === true) this.#isEnd = true;
      else this.#next = { name: Buffer.from(value.name), hash: value.hash };
    }
    return this.#next?.name.equals(wanted) === true ? this.#next.hash : undefined;
  }
}
