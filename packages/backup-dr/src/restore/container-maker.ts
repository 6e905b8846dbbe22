import { type Cloud, unlessGone } from '@groundcrew/core';
import type { Container } from '@groundcrew/core/object-store';
import type { Json } from '@groundcrew/runbook';
import { containerGone } from '../objects/container-gone.ts';
import { fillContainer } from '../objects/fill-container.ts';
import { ObjectError } from '../objects/object-error.ts';
import { StoredHashes } from '../objects/stored-hashes.ts';
import { unpackContainer } from '../objects/unpack-container.ts';
import { CheckedBytes } from '../volume-bytes/checked-bytes.ts';
import { VolumeBytesError } from '../volume-bytes/volume-bytes-error.ts';
import { type Maker, type Making, notReady } from './maker.ts';
import { FILLING_KEY, MARK_KEY } from './mark.ts';
import { noBytes, RestoreError } from './restore-error.ts';

/**
 * Containers carry the mark in their metadata, and are known by their name. A filling that broke off goes on: what is there with the bytes
 * that the archive has is not sent again.
 */
export const containerMaker: Maker = {
  async find(making) {
    const shown = await shownOf(making, nameIn(making));
    if (shown?.metadata[MARK_KEY] !== making.mark) return undefined;
    return { id: nameIn(making), state: shown.metadata[FILLING_KEY] === undefined ? 'whole' : 'unfinished' };
  },
  async create(making, body) {
    const { cloud, mark, context } = making;
    const container = nameIn(making);
    // A PUT on a container that is there succeeds, and what is somebody else's would be filled.
    if ((await shownOf(making, container)) !== undefined)
      throw new RestoreError(
        'restore.name-taken',
        `the target has a container ${JSON.stringify(container)}, which was not there when the restore was planned`,
        'Delete or rename it, or plan again with a prefix.',
      );
    const metadata = {
      ...(body['metadata'] as Record<string, string>),
      [MARK_KEY]: mark,
      [FILLING_KEY]: 'yes',
    };
    await cloud.objectStore.containers.create({ ...body, container, metadata }, { signal: context.signal });
    return container;
  },
  async finish(making, container) {
    const { cloud, input, context, read } = making;
    if (input.bytes === undefined || read === undefined) throw noBytes();
    const checked = new CheckedBytes((bytes) => context.progress('read', { bytes }));
    const { signal } = context;
    const list = cloud.objectStore.objects.list({ container }, { signal });
    const there = context.attempt > 1 ? new StoredHashes(list) : undefined;
    try {
      const objects = unpackContainer(checked.through(read(input.bytes)));
      await fillContainer(objects, { cloud, container, there, signal });
      checked.mustBe(input.bytes, `container ${container}`);
    } catch (error) {
      // Other objects would be taken for those that were asked for. What only broke off is gone on with.
      if (error instanceof VolumeBytesError || error instanceof ObjectError)
        await containerGone(cloud, container, context);
      throw error;
    }
    await cloud.objectStore.containers.update(
      // An empty text takes it away.
      { container, metadata: { [FILLING_KEY]: '' } },
      { signal },
    );
  },
  async verify(making, container) {
    const shown = await shownOf(making, container);
    if (shown === undefined) return notReady('gone', `container ${container} is gone`);
    return shown.metadata[FILLING_KEY] === undefined
      ? undefined
      : notReady('short', `container ${container} has not all of its objects`);
  },
  remove: (cloud: Cloud, container, { signal }) => containerGone(cloud, container, { signal }),
};

const nameIn = ({ input }: Making): string => {
  const name: Json | undefined = input.body['container'];
  return typeof name === 'string' ? name : input.name;
};

const shownOf = ({ cloud, context: { signal } }: Making, container: string): Promise<Container | undefined> =>
  unlessGone(() => cloud.objectStore.containers.get({ container }, { signal }));
