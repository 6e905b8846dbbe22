import { Content } from '../../bytes/content.ts';
import type { Extent, Range } from '../../bytes/extents.ts';
import { GIB } from './contents.ts';

/** `backup_swift_object_size` */
const OBJECT = 52_428_800;
/** `backup_swift_block_size`: what changed is found in blocks of this size. */
const BLOCK = 32_768;

interface StoredBackup {
  readonly parent: string | null;
  /** All of a volume, or what has changed since the parent; what is zeros is written down, too. */
  readonly content: Content;
  readonly objects: number;
}

/**
 * Where Cinder's backup service keeps the bytes of backups, apart from the records of them: a cloud that has lost its records, or
 * another one that is given the same store, restores what it imports the record of.
 */
export class SimulatedBackupStore {
  readonly #byId = new Map<string, StoredBackup>();

  /** The ids of the backups of which it has bytes. */
  get ids(): readonly string[] {
    return [...this.#byId.keys()];
  }

  /** Whether the backup, and all of those that it builds on, are there. */
  has(id: string): boolean {
    return this.#chain(id) !== undefined;
  }

  /** The number of objects that Cinder's driver for Swift would have made of it; 0 if it is not there. */
  objects(id: string): number {
    return this.#byId.get(id)?.objects ?? 0;
  }

  /** Keeps a backup of a whole volume. */
  addFull(id: string, content: Content, gigabytes: number): void {
    this.#add(id, null, content, [{ from: 0, to: gigabytes * GIB }]);
  }

  /** Keeps what is not as it was in the parent; `false` if the parent is not there. */
  addChanges(id: string, content: Content, gigabytes: number, parent: string): boolean {
    const before = this.restored(parent);
    if (before === undefined) return false;
    this.#add(id, parent, content, content.changesSince(before, { size: gigabytes * GIB, grain: BLOCK }));
    before.dispose();
    return true;
  }

  /** The content of the volume as it was, which the caller holds; `undefined` if a backup of the chain is not there. */
  restored(id: string): Content | undefined {
    const chain = this.#chain(id);
    return chain === undefined ? undefined : new Content(chain.flatMap(({ content }) => content.extents));
  }

  /** The extents of one backup itself, without those that it builds on. */
  own(id: string): readonly Extent[] {
    return this.#byId.get(id)?.content.extents ?? [];
  }

  /** Writes over a part of one backup itself. */
  overwrite(id: string, piece: Extent): void {
    this.#byId.get(id)?.content.write(piece);
  }

  delete(id: string): void {
    this.#byId.get(id)?.content.dispose();
    this.#byId.delete(id);
  }

  dispose(): void {
    for (const id of this.ids) this.delete(id);
  }

  #add(id: string, parent: string | null, content: Content, ranges: readonly Range[]): void {
    this.delete(id);
    const pieces = ranges.flatMap((range) => content.cover(range));
    const objects = ranges.reduce((sum, range) => sum + objectsOf(range), 0);
    this.#byId.set(id, { parent, content: new Content(pieces), objects });
  }

  /** The backups to be written one over the other: the full one first. */
  #chain(id: string): StoredBackup[] | undefined {
    const chain: StoredBackup[] = [];
    let next: string | null = id;
    while (next !== null) {
      const backup: StoredBackup | undefined = this.#byId.get(next);
      if (backup === undefined) return undefined;
      chain.unshift(backup);
      next = backup.parent;
    }
    return chain;
  }
}

/** A chunk of the volume is an object, or each range that has changed in it (`ChunkedBackupDriver.backup`). */
const objectsOf = ({ from, to }: Range): number =>
  Math.floor((to - 1) / OBJECT) - Math.floor(from / OBJECT) + 1;
