import { createHash } from 'node:crypto';
import { InputError, optionsSchema, parseArguments, visible } from '@groundcrew/ground';
import { z } from 'zod';
import { Content } from '../../bytes/content.ts';
import { generated } from '../../bytes/generator.ts';
import { bytesInMemory, readBytes } from '../../bytes/stored-bytes.ts';
import type { SimState } from '../../sim-state.ts';
import type { SimulatedBackupStore } from './backup-store.ts';
import { GIB } from './contents.ts';
import { type FailingJob, failingJobs } from './job-failures.ts';
import type { Volume } from './state.ts';

/** How a volume is filled with bytes that are computed when they are read. */
export interface VolumeFill {
  /** A whole number. A byte is a function of it and of the byte's offset. */
  readonly seed: number;
  /** The share that is data, by the MiB; the rest is zeros. @default 1 */
  readonly share?: number | undefined;
}

/** Which tasks of Cinder fail, behind an API that accepted them. */
export interface FailingJobs {
  /** How many of the next ones. @default 1 */
  readonly first?: number | undefined;
  /** The `fail_reason` of a backup. @default 'The simulated cloud was told to fail this task.' */
  readonly reason?: string | undefined;
}

/** A volume as the host has it that it is attached to. */
export interface SimulatedDevice {
  readonly volume: string;
  /** Bytes. */
  readonly size: number;
  /** Reads the bytes from `from` to before `to`, by default all, as they are when this is called. */
  read(from?: number, to?: number): AsyncIterable<Uint8Array>;
  /** @throws InputError if the attachment may only read */
  write(offset: number, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
}

/**
 * What the volumes of the cloud hold, apart from any API: what guests write, and what is on the disks of the storage. Ids may be
 * those of volumes, and where it says so those of snapshots and backups; an id of nothing is an `InputError`, as is a range outside.
 */
export interface VolumeContents {
  /**
   * Puts bytes of a seed in the place of all that a volume holds, as large as it may be: they take no room.
   *
   * @example cloud.volumes.fill(volume.id, { seed: 7, share: 0.05 });
   */
  fill(volume: string, fill: VolumeFill): void;
  /** Writes bytes as a guest does, whatever the status is. Those of a stream go to a file beyond `imageMemory` bytes. */
  write(volume: string, offset: number, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  /** Reads a volume, a snapshot or a backup, by default all of it, as it is when this is called. */
  read(id: string, from?: number, to?: number): AsyncIterable<Uint8Array>;
  /** The SHA-256 of all that a volume, a snapshot or a backup holds, in hexadecimal digits. */
  sha256(id: string): Promise<string>;
  /** The device that an attachment with a connector has made on its host, until the attachment is deleted. */
  device(attachment: string): SimulatedDevice;
  /** Turns all bits of one byte around: of a volume, a snapshot, or of what a backup itself holds without those that it builds on. */
  damage(id: string, offset: number): Promise<void>;
  /** Lets the next tasks of a kind end in an error: of creating volumes, snapshots, backups, of restoring, of uploading to images. */
  fail(job: FailingJob, options?: FailingJobs): void;
  /** Where backups are; give it to another cloud, and that one can restore what it imports the record of. */
  readonly backupStore: SimulatedBackupStore;
}

const volumeFill = optionsSchema<VolumeFill>({ seed: z.int(), share: z.number().min(0).max(1).optional() });
const failingOptions = optionsSchema<FailingJobs>({
  first: z.int().min(1).optional(),
  reason: z.string().min(1).optional(),
});
const aJob = z.strictObject({ job: z.enum(failingJobs) });

export function volumeContentsOf(state: SimState): VolumeContents {
  const { blockStorage, settings } = state;
  const { contents, backupStore, failures } = blockStorage;

  const volumeOf = (operation: string, id: string): Volume =>
    blockStorage.volumes.get(id) ?? refuse(operation, 'id', `there is no volume ${named(id)}`);

  const sizeOf = (operation: string, id: string): number => {
    const { volumes, snapshots, backups } = blockStorage;
    const kept = volumes.get(id) ?? snapshots.get(id) ?? backups.get(id);
    return kept === undefined
      ? refuse(operation, 'id', `there is no volume, snapshot or backup ${named(id)}`)
      : kept.size * GIB;
  };

  const read = (
    operation: string,
    id: string,
    from = 0,
    to = sizeOf(operation, id),
  ): AsyncIterable<Uint8Array> => {
    requireRange(operation, { from, to, size: sizeOf(operation, id) });
    const isBackup = blockStorage.backups.get(id) !== undefined;
    const bytes = isBackup ? backupStore.restored(id) : contents.freeze(id);
    return bytes === undefined
      ? refuse(operation, 'id', 'the objects of the backup are missing')
      : closing(bytes, from, to);
  };

  const write: VolumeContents['write'] = async (id, offset, bytes) => {
    const volume = volumeOf('volumes.write', id);
    const size = volume.size * GIB;
    requireRange('volumes.write', { from: offset, to: offset, size });
    // A copy: the caller may go on to use its own.
    const stored =
      bytes instanceof Uint8Array
        ? bytesInMemory(bytes.slice())
        : await readBytes(bytes, settings.imageMemory);
    try {
      const end = offset + stored.size;
      requireRange('volumes.write', { from: offset, to: end, size });
      // It may be gone since.
      volumeOf('volumes.write', id);
      contents.open(id).write({ from: offset, to: end, source: stored, at: 0 });
    } finally {
      stored.dispose();
    }
  };

  return {
    backupStore,
    write,
    fill(id, given) {
      const volume = volumeOf('volumes.fill', id);
      const { seed, share = 1 } = parseArguments('volumes.fill', volumeFill, given) as VolumeFill;
      const piece = { from: 0, to: volume.size * GIB, source: generated(seed, share), at: 0 };
      contents.set(volume.id, new Content([piece]));
    },
    read: (id, from, to) => read('volumes.read', id, from, to),
    async sha256(id) {
      const hash = createHash('sha256');
      for await (const chunk of read('volumes.sha256', id)) hash.update(chunk);
      return hash.digest('hex');
    },
    device: (attachment) => deviceOf(state, attachment, { read, write }),
    async damage(id, offset) {
      const old = read('volumes.damage', id, offset, offset + 1);
      const own = backupStore.own(id);
      const isBackup = blockStorage.backups.get(id) !== undefined;
      if (isBackup && !own.some(({ from, to }) => from <= offset && offset < to))
        refuse('volumes.damage', 'offset', `the backup itself does not hold the byte ${offset}`);
      const [byte = 0] = await firstOf(old);
      const source = bytesInMemory(Uint8Array.of(byte ^ 0xff));
      const piece = { from: offset, to: offset + 1, source, at: 0 };
      if (isBackup) backupStore.overwrite(id, piece);
      else contents.open(id).write(piece);
      source.dispose();
    },
    fail(job, options = {}) {
      parseArguments('volumes.fail', aJob, { job });
      const { first = 1, reason = 'The simulated cloud was told to fail this task.' } = parseArguments(
        'volumes.fail',
        failingOptions,
        options,
      ) as FailingJobs;
      failures.add(job, first, reason);
    },
  };
}

interface Access {
  readonly read: (operation: string, id: string, from?: number, to?: number) => AsyncIterable<Uint8Array>;
  readonly write: VolumeContents['write'];
}

function deviceOf(state: SimState, id: string, { read, write }: Access): SimulatedDevice {
  const found = () => {
    for (const volume of state.blockStorage.volumes.values()) {
      const attachment = volume.attachments.find(({ attachment_id }) => attachment_id === id);
      if (attachment !== undefined && attachment.status !== 'reserved') return { volume, attachment };
    }
    return refuse('volumes.device', 'attachment', `no host has an attachment ${named(id)}`);
  };
  const { volume } = found();
  return {
    volume: volume.id,
    get size() {
      return found().volume.size * GIB;
    },
    read: (from, to) => read('device.read', found().volume.id, from, to),
    write(offset, bytes) {
      const { attachment } = found();
      if (attachment.mode === 'ro') refuse('device.write', 'attachment', 'may only read');
      return write(volume.id, offset, bytes);
    },
  };
}

/** Reads a content, and lets go of it at the end, however that comes. */
async function* closing(bytes: Content, from: number, to: number): AsyncIterable<Uint8Array> {
  try {
    yield* bytes.read(from, to);
  } finally {
    bytes.dispose();
  }
}

async function firstOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  for await (const chunk of chunks) return chunk;
  return new Uint8Array();
}

function requireRange(
  operation: string,
  range: { readonly from: number; readonly to: number; readonly size: number },
): void {
  const { from, to, size } = range;
  if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from <= to && to <= size) return;
  refuse(operation, 'offset', `bytes ${from} to ${to} are not within the ${size} that there are`);
}

/** An id or a name in a message. A caller without types may give anything. */
const named = (given: unknown): string => visible(String(given));

function refuse(operation: string, field: string, why: string): never {
  throw new InputError(`${operation}: ${field}: ${why}`, { field, operation });
}
