import { type Cloud, unlessGone } from '@groundcrew/core';
import { CheckedBytes } from '../volume-bytes/checked-bytes.ts';
import { type Found, type Maker, type Making, notReady } from './maker.ts';
import { noBytes } from './restore-error.ts';

/** Images carry the mark as a tag. One whose upload broke off cannot be continued, and is made anew. */
export const imageMaker: Maker = {
  async find({ cloud, mark, context: { signal } }) {
    for await (const image of cloud.image.images.list({ tag: [mark] }, { signal }))
      return { id: image.id, state: stateOf(image.status) };
    return undefined;
  },
  async create({ cloud, mark, context: { signal } }, body) {
    const { id } = await cloud.image.images.create({ ...body, tags: [mark] }, { signal });
    return id;
  },
  async finish(making, id) {
    const { cloud, context } = making;
    const { status } = await cloud.image.images.get({ id }, { signal: context.signal });
    if (status === 'queued') await upload(making, id);
    await cloud.image.images.waitFor(id, 'active', { signal: context.signal });
  },
  async verify({ cloud, input, context: { signal } }, id) {
    const image = await unlessGone(() => cloud.image.images.get({ id }, { signal }));
    if (image === undefined) return notReady('gone', `image ${id} is gone`);
    const { status, size } = image;
    if (status !== 'active') return notReady('not-active', `image ${id} is ${status}`);
    return size === input.bytes?.size
      ? undefined
      : notReady('short', `image ${id} has ${size} bytes, and the point ${input.bytes?.size}`);
  },
  async remove(cloud: Cloud, id, { signal }) {
    await cloud.image.images.delete({ id }, { signal, missingOk: true });
  },
};

const stateOf = (status: string): Found['state'] =>
  status === 'active' ? 'whole' : status === 'queued' ? 'unfinished' : 'broken';

async function upload({ cloud, input: { bytes }, context, read }: Making, id: string): Promise<void> {
  if (bytes === undefined || read === undefined) throw noBytes();
  let checked: CheckedBytes | undefined;
  await cloud.image.data.upload(
    { id },
    // Opened anew where a connection broke.
    () => {
      checked = new CheckedBytes((written) => context.progress('written', { bytes: written }));
      return checked.through(read(bytes));
    },
    { signal: context.signal },
  );
  try {
    checked?.mustBe(bytes, `image ${id}`);
  } catch (error) {
    // An image with other bytes would be taken for the one that was asked for.
    await cloud.image.images.delete({ id }, { missingOk: true });
    throw error;
  }
}
