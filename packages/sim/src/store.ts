/** A collection of which lists show pages. */
export interface Collection<T extends { readonly id: string }> {
  readonly size: number;
  get(id: string): T | undefined;
  /** The entities in the order in which they were made. */
  values(): Iterable<T>;
  /** The entities in the reverse order; with `after`, only those behind that entity. */
  newestFirst(after?: string): Iterable<T>;
}

/** Keeps entities by id, in the order in which they were made, with indexes over fields that never change. */
export class Store<T extends { readonly id: string }> implements Collection<T> {
  readonly #byId = new Map<string, T>();
  readonly #indexes: { readonly [name: string]: (entity: T) => string };
  readonly #index = new Map<string, Map<string, Set<T>>>();
  readonly #removed: (entity: T) => void;
  #array: T[] | undefined;

  /** @param removed - called with each entity that is deleted */
  constructor(
    indexes: { readonly [name: string]: (entity: T) => string } = {},
    removed: (entity: T) => void = () => {},
  ) {
    this.#indexes = indexes;
    this.#removed = removed;
    for (const name of Object.keys(indexes)) this.#index.set(name, new Map());
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): T | undefined {
    return this.#byId.get(id);
  }

  add<E extends T>(entity: E): E {
    this.#byId.set(entity.id, entity);
    this.#array = undefined;
    for (const [name, keyOf] of Object.entries(this.#indexes)) {
      const index = this.#index.get(name) as Map<string, Set<T>>;
      const key = keyOf(entity);
      const found = index.get(key);
      if (found === undefined) index.set(key, new Set([entity]));
      else found.add(entity);
    }
    return entity;
  }

  delete(id: string): boolean {
    const entity = this.#byId.get(id);
    if (entity === undefined) return false;
    this.#byId.delete(id);
    this.#array = undefined;
    for (const [name, keyOf] of Object.entries(this.#indexes))
      this.#index.get(name)?.get(keyOf(entity))?.delete(entity);
    this.#removed(entity);
    return true;
  }

  /** The entities whose indexed field has this value. */
  by(index: string, value: string): Iterable<T> {
    return this.#index.get(index)?.get(value) ?? [];
  }

  values(): T[] {
    return (this.#array ??= [...this.#byId.values()]);
  }

  *newestFirst(after?: string): Iterable<T> {
    const all = this.values();
    let index = all.length - 1;
    if (after !== undefined) {
      const marker = this.#byId.get(after);
      index = marker === undefined ? -1 : all.lastIndexOf(marker) - 1;
    }
    for (; index >= 0; index -= 1) yield all[index] as T;
  }

  find(test: (entity: T) => boolean): T | undefined {
    return this.values().find(test);
  }

  filter(test: (entity: T) => boolean): T[] {
    return this.values().filter(test);
  }
}
