import type { Cloud } from '@groundcrew/core';
import { counted, messageOf } from '@groundcrew/ground';
import { ObjectError } from '../objects/object-error.ts';
import { type LeftOutObject, packContainer } from '../objects/pack-container.ts';
import type { TenantPoint } from '../point/tenant-point.ts';
import type { PointStream } from '../repository/point.ts';
import { isRepositoryError } from '../repository/repository-error.ts';
import type { PointWriter } from '../repository/repository.ts';
import type { StoredBytes } from './stored-bytes.ts';
import { isLeftOut } from './unread-volume.ts';

interface StoringContainers {
  readonly cloud: Cloud;
  readonly writer: PointWriter;
  /** The name of the repository in the point. */
  readonly repository: string;
  readonly without: readonly string[];
  readonly progress: (message: string) => void;
}

/** Readings of a container in which a large object is replaced each time. What was stored of it before is not stored again. */
const MOST_READINGS = 3;

/** Objects after which it is told how far it is. */
const TOLD_EVERY = 1_000;

/** Objects that a gap names. */
const MOST_NAMED = 5;

/**
 * Stores the objects of the project's containers, each container as one archive. What cannot be read is a gap, and the others go on.
 *
 * @throws RepositoryError where the repository cannot take them
 */
export async function storeContainers(point: TenantPoint, storing: StoringContainers): Promise<StoredBytes> {
  const { writer, repository, without } = storing;
  const bytes: StoredBytes['bytes'][number][] = [];
  const gaps: StoredBytes['gaps'][number][] = [];
  for (const container of point.resources.filter(({ kind }) => kind === 'container')) {
    const { id, name } = container;
    const what = `objects of container ${name}`;
    if (isLeftOut(container, { without })) {
      gaps.push({ what, why: 'the policy leaves them out' });
      continue;
    }
    storing.progress(`reading ${what}`);
    const leftOut = new LeftOut();
    try {
      const { name: stream, size, sha256 } = await stored(name, storing, leftOut);
      bytes.push({ kind: 'container', id, bytes: { repository, stream, size, sha256 } });
      gaps.push(...leftOut.gaps(what));
    } catch (error) {
      writer.signal.throwIfAborted();
      if (isRepositoryError(error) && error.code !== 'stream-cut') throw error;
      gaps.push({ what, why: messageOf(error) });
    }
  }
  return { bytes, gaps };
}

async function stored(
  container: string,
  { cloud, writer, progress }: StoringContainers,
  leftOut: LeftOut,
): Promise<PointStream> {
  for (let reading = 1; ; reading += 1) {
    leftOut.clear();
    let objects = 0;
    const content = packContainer(cloud, container, {
      signal: writer.signal,
      leftOut: (object) => leftOut.add(object),
      packed: () => {
        objects += 1;
        if (objects % TOLD_EVERY === 0) progress(`${counted(objects, 'object')} of container ${container}`);
      },
    });
    try {
      return await writer.put(`container/${container}`, content, { tags: { container } });
    } catch (error) {
      const isChanged = error instanceof ObjectError && error.code === 'object.changed';
      if (!isChanged || reading === MOST_READINGS) throw error;
      progress(`${messageOf(error)}: reading container ${container} again`);
    }
  }
}

/** Objects that an archive does not have: a few by name, and a number for each reason, however many there are. */
class LeftOut {
  readonly #byReason = new Map<string, { count: number; readonly names: string[] }>();

  add({ name, why }: LeftOutObject): void {
    const known = this.#byReason.get(why) ?? { count: 0, names: [] };
    known.count += 1;
    if (known.names.length < MOST_NAMED) known.names.push(name);
    this.#byReason.set(why, known);
  }

  clear(): void {
    this.#byReason.clear();
  }

  gaps(what: string): StoredBytes['gaps'] {
    return [...this.#byReason].map(([why, { count, names }]) => ({
      what: `${counted(count, 'object')} of the ${what}: ${names.join(', ')}${count > names.length ? ', …' : ''}`,
      why,
    }));
  }
}
