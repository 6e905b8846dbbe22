import type { StoredBytes } from '../../bytes/stored-bytes.ts';
import { compareNames } from './names.ts';

export interface StoredObject {
  readonly name: string;
  bytes: StoredBytes;
  etag: string;
  content_type: string;
  written: number;
  /** As the headers have it, in small letters; the values are bytes of UTF-8, a character each. */
  metadata: Record<string, string>;
  /** `content-encoding` and `content-disposition`. */
  headers: Record<string, string>;
  /** Milliseconds since 1970; `undefined`: it stays. */
  delete_at: number | undefined;
}

/** A container, whose counts never lag here. */
export class Container {
  readonly name: string;
  readonly created: number;
  readonly policy: string;
  changed: number;
  readonly metadata: Record<string, string> = {};
  /** `x-container-read` and `x-container-write`, which have no effect. */
  readonly settings: Record<string, string> = {};
  readonly #objects = new Map<string, StoredObject>();
  #names: readonly string[] | undefined;

  constructor(name: string, policy: string, now: number) {
    this.name = name;
    this.policy = policy;
    this.created = now;
    this.changed = now;
  }

  get size(): number {
    return this.#objects.size;
  }

  get bytes(): number {
    let sum = 0;
    for (const { bytes } of this.#objects.values()) sum += bytes.size;
    return sum;
  }

  /** The names in their order. */
  get names(): readonly string[] {
    return (this.#names ??= [...this.#objects.keys()].toSorted(compareNames));
  }

  get(name: string): StoredObject | undefined {
    return this.#objects.get(name);
  }

  /** Stores an object in the place of one of the same name, whose bytes are freed. */
  put(object: StoredObject): void {
    const old = this.#objects.get(object.name);
    this.#objects.set(object.name, object);
    if (old === undefined) this.#names = undefined;
    old?.bytes.dispose();
  }

  delete(name: string): void {
    this.#objects.get(name)?.bytes.dispose();
    if (this.#objects.delete(name)) this.#names = undefined;
  }

  dispose(): void {
    for (const name of this.names) this.delete(name);
  }
}

/** What a project has. */
export class Account {
  readonly created: number;
  readonly metadata: Record<string, string> = {};
  readonly containers = new Map<string, Container>();

  constructor(now: number) {
    this.created = now;
  }

  get objects(): number {
    return this.#sum(({ size }) => size);
  }

  get bytes(): number {
    return this.#sum(({ bytes }) => bytes);
  }

  #sum(of: (container: Container) => number): number {
    return [...this.containers.values()].reduce((sum, container) => sum + of(container), 0);
  }
}

/** The state of Swift. */
export class ObjectStoreState {
  /** By the project's id. */
  readonly accounts = new Map<string, Account>();

  /** The account of a project, which is there as soon as it is written to. */
  open(project: string, now: number): Account {
    const account = this.accounts.get(project) ?? new Account(now);
    this.accounts.set(project, account);
    return account;
  }

  dispose(): void {
    for (const { containers } of this.accounts.values())
      for (const container of containers.values()) container.dispose();
  }
}
