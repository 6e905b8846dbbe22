import type { Cloud } from '@groundcrew/core';
import { type Clock, messageOf } from '@groundcrew/ground';
import type { PointResource, TakenTogether, TenantPoint, VolumeBytes } from '../point/tenant-point.ts';
import type { PointStream } from '../repository/point.ts';
import type { PointWriter } from '../repository/repository.ts';
import { isRepositoryError } from '../repository/repository-error.ts';
import { takeMoment, type VolumeMoment } from '../volume-bytes/moment.ts';
import type { VolumeReader, VolumeToRead } from '../volume-bytes/volume-reader.ts';
import { type BackupHook, broughtToRest, type HookedServer, letGoOn } from './backup-hook.ts';
import { BackupHookError } from './backup-hook-error.ts';
import { type DiskGroup, disksOfServers } from './disks-of-servers.ts';
import { hookedOf, hookOf } from './hooked-servers.ts';
import { areTakenTogether, eachInstead, momentPlan } from './moment-plan.ts';
import { BEGUN, type StoredBytes } from './stored-bytes.ts';
import { tagsOf, togetherIn } from './together-tags.ts';
import { isLeftOut, whyUnread } from './unread-volume.ts';

interface Storing {
  readonly cloud: Cloud;
  readonly reader: VolumeReader;
  readonly hooks: readonly BackupHook[];
  readonly writer: PointWriter;
  /** The name of the repository in the point. */
  readonly repository: string;
  readonly without: readonly string[];
  /** The run by which temporary things are found again. */
  readonly run: string;
  /** The attempt of the step: what one attempt stored of a server is of one moment. */
  readonly attempt: number;
  /** The beginning of this attempt; ISO 8601. */
  readonly begun: string;
  readonly clock: Clock;
  readonly progress: (message: string) => void;
}

export interface StoredVolumes extends StoredBytes {
  /** Whether something that was begun failed: what it made in the cloud may be left. */
  readonly hasFailed: boolean;
}

/**
 * Stores the bytes of a project's volumes, one server after the other: the snapshots of its disks are taken at once, with its application
 * at rest if there is a hook for it, and then read. What cannot be read is a gap, and the others go on.
 *
 * @throws RepositoryError where the repository cannot take them; BackupHookError where a hook says that the backup fails
 */
export async function storeVolumes(point: TenantPoint, storing: Storing): Promise<StoredVolumes> {
  const task = new StoreTask(point, storing);
  for (const group of disksOfServers(point)) await task.group(group);
  return task;
}

class StoreTask implements StoredVolumes {
  readonly bytes: StoredBytes['bytes'][number][] = [];
  readonly gaps: StoredBytes['gaps'][number][] = [];
  readonly begun: string[] = [];
  hasFailed = false;
  readonly #point: TenantPoint;
  readonly #storing: Storing;

  constructor(point: TenantPoint, storing: Storing) {
    this.#point = point;
    this.#storing = storing;
  }

  async group({ server, volumes }: DiskGroup): Promise<void> {
    const readable = volumes.filter((volume) => this.#isReadable(volume));
    const hook = server === undefined ? undefined : hookOf(server, this.#storing.hooks);
    if (await this.#keptBefore(readable, hook)) return;
    if (server === undefined || !areTakenTogether(server, readable, this.#storing.hooks)) {
      for (const volume of readable) await this.#store(volume, { id: volume.id }, undefined);
      return;
    }
    const group = await this.#groupOf(server, readable);
    const rest = hook === undefined ? undefined : await this.#atRest(hook, hookedOf(server, readable));
    if (rest === 'left-out') {
      for (const volume of readable)
        this.#gap(bytesOf(volume), 'its server could not be brought to rest, and is left out then');
      return;
    }
    const moment = await this.#momentOf({ volumes: readable, group }, rest?.end);
    if (moment.groupFailure !== undefined) {
      this.hasFailed = true;
      this.#storing.progress(eachInstead(server, moment.groupFailure));
    }
    const consistency = rest?.isAtRest === true ? 'application' : 'crash';
    try {
      for (const volume of readable) {
        const snapshot = moment.snapshots.get(volume.id);
        const { spreadMs, how } = moment;
        const together = { server: server.id, spreadMs, consistency, how } as const;
        if (snapshot === undefined)
          this.#failed(bytesOf(volume), moment.failed.get(volume.id) ?? 'no snapshot');
        else await this.#store(volume, { id: volume.id, snapshot }, together);
      }
    } finally {
      // The bytes are stored: what is left in the cloud is no fault of them.
      try {
        await moment[Symbol.asyncDispose]();
      } catch {
        this.hasFailed = true;
      }
    }
  }

  /**
   * Takes over what an earlier attempt has stored of a server: all of its disks of one moment, or none of them. With a hook only what was
   * stored at rest.
   */
  async #keptBefore(volumes: readonly PointResource[], hook: BackupHook | undefined): Promise<boolean> {
    const { writer } = this.#storing;
    const stored = await Promise.all(volumes.map(({ id }) => writer.stored(keyOf(id))));
    const [first] = stored;
    if (first === undefined) return false;
    const isOfOneMoment = stored.every(
      (stream) =>
        stream !== undefined &&
        stream.tags['attempt'] === first.tags['attempt'] &&
        stream.tags['server'] === first.tags['server'],
    );
    if (!isOfOneMoment || (hook !== undefined && first.tags['consistency'] !== 'application')) return false;
    for (const { id } of volumes) {
      const { name: stream, size, sha256, tags } = await writer.keep(keyOf(id));
      this.#stored(id, { stream, size, sha256, tags });
    }
    return true;
  }

  /** The group by which the disks of a server are taken as one. It is asked for before anything is brought to rest. */
  async #groupOf(server: PointResource, volumes: readonly PointResource[]): Promise<string | undefined> {
    const { cloud, reader, writer, progress } = this.#storing;
    const { signal } = writer;
    const { group, why } = await momentPlan(this.#point, volumes, { cloud, reader, signal });
    if (why !== undefined) progress(eachInstead(server, why));
    return group;
  }

  /** Takes the snapshots, and lets the server go on, however they end. */
  async #momentOf(
    { volumes, group }: { readonly volumes: readonly PointResource[]; readonly group: string | undefined },
    end: (() => Promise<void>) | undefined,
  ): Promise<VolumeMoment> {
    const { cloud, run, writer } = this.#storing;
    const ids = volumes.map(({ id }) => id);
    try {
      return await takeMoment(cloud, ids, { run, signal: writer.signal, group });
    } finally {
      await end?.();
    }
  }

  #isReadable(volume: PointResource): boolean {
    const why = isLeftOut(volume, this.#storing) ? 'the policy leaves them out' : whyUnread(volume);
    if (why !== undefined) this.#gap(bytesOf(volume), why);
    return why === undefined;
  }

  /** Brings a server to rest; what is given back lets it go on, however the snapshots end. */
  async #atRest(
    hook: BackupHook,
    server: HookedServer,
  ): Promise<{ readonly isAtRest: boolean; readonly end: () => Promise<void> } | 'left-out'> {
    const { clock, writer, progress } = this.#storing;
    progress(`bringing ${calledOf(server)} to rest`);
    const why = await broughtToRest(hook, server, { clock, signal: writer.signal });
    const end = async (): Promise<void> => {
      const stuck = await letGoOn(hook, server, clock);
      if (stuck === undefined) return;
      progress(`${calledOf(server)} may still be at rest: ${stuck}`);
      this.#gap(
        `the hook after the snapshots of server ${calledOf(server)}`,
        `${stuck}: it may still be at rest`,
      );
    };
    if (why === undefined) return { isAtRest: true, end };
    await end();
    writer.signal.throwIfAborted();
    const { onError = 'continue' } = hook;
    if (onError === 'fail')
      throw new BackupHookError(
        `the hook before the snapshots of server ${calledOf(server)} failed: ${why}`,
        {
          remedy: "Mend it, or say what then happens: onError: 'continue' or 'leave-out'.",
        },
      );
    this.#gap(`the hook before the snapshots of server ${calledOf(server)}`, why);
    return onError === 'leave-out' ? 'left-out' : { isAtRest: false, end: async () => {} };
  }

  async #store(
    volume: PointResource,
    toRead: VolumeToRead,
    together: TakenTogether | undefined,
  ): Promise<void> {
    const { reader, run, attempt, begun, writer, progress } = this.#storing;
    const { id, name } = volume;
    try {
      progress(`reading ${bytesOf(volume)}`);
      await using open = await reader.open(toRead, { run, signal: writer.signal });
      const { at } = open;
      const { name: stream, ...stored } = await writer.put(keyOf(id), open.content, {
        size: open.size,
        tags: { volume: id, name, at, attempt: String(attempt), [BEGUN]: begun, ...tagsOf(together) },
      });
      this.#stored(id, { stream, ...stored });
    } catch (error) {
      writer.signal.throwIfAborted();
      // What the repository cannot take is no fault of a volume: a point of nothing would put off the next backup.
      if (isRepositoryError(error) && error.code !== 'stream-cut') throw error;
      this.#failed(bytesOf(volume), messageOf(error));
    }
  }

  /** What the point says of it: the same, whether it was stored now or before. */
  #stored(
    id: string,
    {
      stream,
      size,
      sha256,
      tags,
    }: Pick<PointStream, 'size' | 'sha256' | 'tags'> & { readonly stream: string },
  ): void {
    const together = togetherIn(tags);
    this.begun.push(tags[BEGUN] ?? this.#storing.begun);
    const bytes: VolumeBytes = {
      repository: this.#storing.repository,
      stream,
      size,
      sha256,
      at: tags['at'],
      ...(together === undefined ? {} : { together }),
    };
    this.bytes.push({ kind: 'volume', id, bytes });
  }

  #gap(what: string, why: string): void {
    this.gaps.push({ what, why });
  }

  #failed(what: string, why: string): void {
    this.hasFailed = true;
    this.#gap(what, why);
  }
}

const calledOf = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  name === '' ? id : name;
const bytesOf = (volume: PointResource): string => `bytes of volume ${calledOf(volume)}`;
const keyOf = (id: string): string => `volume/${id}`;
