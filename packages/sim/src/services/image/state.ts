import type { ByteSource } from '../../bytes/byte-source.ts';
import { bytesInMemory, hashed, type StoredBytes } from '../../bytes/stored-bytes.ts';
import type { VirtualClock } from '../../clock.ts';
import type { Ids } from '../../ids.ts';
import { Store } from '../../store.ts';

interface Member {
  readonly member_id: string;
  readonly created: number;
  updated: number;
  status: string;
}

export interface Image {
  readonly id: string;
  readonly owner: string;
  readonly created: number;
  updated: number;
  name: string | null;
  status: string;
  visibility: string;
  disk_format: string | null;
  container_format: string | null;
  min_disk: number;
  min_ram: number;
  protected: boolean;
  os_hidden: boolean;
  tags: string[];
  size: number | null;
  checksum: string | null;
  os_hash_value: string | null;
  properties: Record<string, unknown>;
  readonly members: Map<string, Member>;
  data: StoredBytes | undefined;
  staged: StoredBytes | undefined;
}

/** The state of Glance. */
export class ImageState {
  readonly images = new Store<Image>();
  readonly #ids: Ids;
  readonly #clock: VirtualClock;

  constructor(ids: Ids, clock: VirtualClock) {
    this.#ids = ids;
    this.#clock = clock;
  }

  add(owner: string, fields: Partial<Image> = {}): Image {
    const now = this.#clock.now();
    return this.images.add({
      id: this.#ids.uuid(),
      owner,
      created: now,
      updated: now,
      name: null,
      status: 'queued',
      visibility: 'shared',
      disk_format: null,
      container_format: null,
      min_disk: 0,
      min_ram: 0,
      protected: false,
      os_hidden: false,
      tags: [],
      size: null,
      checksum: null,
      os_hash_value: null,
      properties: {},
      members: new Map(),
      data: undefined,
      staged: undefined,
      ...fields,
    });
  }

  /** Gives an image its bytes, from memory, and makes it active. */
  fill(image: Image, bytes: Uint8Array): void {
    this.activate(image, bytesInMemory(bytes));
  }

  /** Gives an image the first bytes of a source as soon as they are hashed, and makes it active. It holds the source from then on. */
  async fillFrom(image: Image, source: ByteSource, size: number): Promise<void> {
    image.status = 'saving';
    const data = await hashed(source, size);
    if (this.images.get(image.id) === image) this.activate(image, data);
    else data.dispose();
  }

  activate(image: Image, data: StoredBytes): void {
    Object.assign(image, {
      data,
      status: 'active',
      size: data.size,
      checksum: data.md5,
      os_hash_value: data.sha512,
      updated: this.#clock.now(),
    });
  }
}
