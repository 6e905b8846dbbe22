import type { Cloud } from '@groundcrew/core';
import { counted, messageOf } from '@groundcrew/ground';
import { ObjectError } from '../objects/object-error.ts';
import { leftOutIn, LeftOutObjects } from '../objects/left-out-objects.ts';
import { packContainer } from '../objects/pack-container.ts';
import type { TenantPoint } from '../point/tenant-point.ts';
import type { PointStream } from '../repository/point.ts';
import { isRepositoryError } from '../repository/repository-error.ts';
import type { PointWriter } from '../repository/repository.ts';
import { BEGUN, type StoredBytes } from './stored-bytes.ts';
import { isLeftOut } from './unread-volume.ts';

interface StoringContainers {
  readonly cloud: Cloud;
  readonly writer: PointWriter;
  /** The name of the repository in the point. */
  readonly repository: string;
  readonly without: readonly string[];
  /** The beginning of this attempt; ISO 8601. */
  readonly begun: string;
  readonly progress: (message: string) => void;
}

/** Readings of a container in which a large object is replaced each time. What was stored of it before is not stored again. */
const MOST_READINGS = 3;

/** Objects after which it is told how far it is. */
const TOLD_EVERY = 1_000;

/**
 * Stores the objects of the project's containers, each container as one archive. What cannot be read is a gap, and the others go on.
 *
 * @throws RepositoryError where the repository cannot take them
 */
export async function storeContainers(point: TenantPoint, storing: StoringContainers): Promise<StoredBytes> {
  const { writer, repository, without } = storing;
  const bytes: StoredBytes['bytes'][number][] = [];
  const gaps: StoredBytes['gaps'][number][] = [];
  const begun: string[] = [];
  for (const container of point.resources.filter(({ kind }) => kind === 'container')) {
    const { id, name } = container;
    const what = `objects of container ${name}`;
    if (isLeftOut(container, { without })) {
      gaps.push({ what, why: 'the policy leaves them out' });
      continue;
    }
    storing.progress(`reading ${what}`);
    try {
      const { name: stream, size, sha256, tags } = await stored(name, storing);
      const at = tags['at'];
      begun.push(tags[BEGUN] ?? storing.begun);
      bytes.push({
        kind: 'container',
        id,
        bytes: { repository, stream, size, sha256, ...(at === undefined ? {} : { at }) },
      });
      gaps.push(...leftOutIn(tags).map(({ objects, why }) => ({ what: `${objects} of the ${what}`, why })));
    } catch (error) {
      writer.signal.throwIfAborted();
      if (isRepositoryError(error) && error.code !== 'stream-cut') throw error;
      gaps.push({ what, why: messageOf(error) });
    }
  }
  return { bytes, gaps, begun };
}

async function stored(
  container: string,
  { cloud, writer, begun, progress }: StoringContainers,
): Promise<PointStream> {
  const key = `container/${container}`;
  if ((await writer.stored(key)) !== undefined) return writer.keep(key);
  for (let reading = 1; ; reading += 1) {
    const leftOut = new LeftOutObjects();
    const at = new Date(cloud.clock.now()).toISOString();
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
      const tags = { container, at, [BEGUN]: begun };
      return await writer.put(key, content, { tags, endTags: () => leftOut.tags() });
    } catch (error) {
      const isChanged = error instanceof ObjectError && error.code === 'object.changed';
      if (!isChanged || reading === MOST_READINGS) throw error;
      progress(`${messageOf(error)}: reading container ${container} again`);
    }
  }
}
