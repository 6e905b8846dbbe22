import type { Cloud, ObjectSource } from '@groundcrew/core';
import { inOrder } from './in-order.ts';
import { AT_ONCE, SMALL } from './pack-container.ts';
import type { StoredHashes } from './stored-hashes.ts';
import type { PackedObject } from './unpack-container.ts';

export interface FillOptions {
  readonly cloud: Cloud;
  readonly container: string;
  /** What an earlier attempt has stored, which is not sent again; `undefined` for the first. */
  readonly there: StoredHashes | undefined;
  readonly signal: AbortSignal;
}

interface SmallObject {
  readonly object: PackedObject;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Stores the objects of an archive in a container. Small ones are sent some at a time, since of them a round trip is the most of the
 * time; larger ones are streamed, one after the other.
 */
export async function fillContainer(
  objects: AsyncIterable<PackedObject>,
  options: FillOptions,
): Promise<void> {
  const sent = inOrder(smallOnes(objects, options), AT_ONCE, ({ object, bytes }) =>
    store(object, bytes, options),
  );
  for await (const _ of sent);
}

/** The small ones with their bytes; the others are stored when their turn comes, since they are read from one stream. */
async function* smallOnes(
  objects: AsyncIterable<PackedObject>,
  options: FillOptions,
): AsyncGenerator<SmallObject> {
  for await (const object of objects) {
    if (await isThere(object, options)) for await (const _ of object.content);
    else if (object.size > SMALL) await store(object, object.content, options);
    else yield { object, bytes: new Uint8Array(await new Response(object.content).arrayBuffer()) };
  }
}

/** One with settings is stored again: they come after its bytes, and the list does not tell whether they came. */
async function isThere({ name, attributes }: PackedObject, { there }: FillOptions): Promise<boolean> {
  const stored = await there?.of(name);
  return (
    stored !== undefined &&
    stored === attributes.md5 &&
    attributes.contentDisposition === undefined &&
    attributes.deleteAt === undefined
  );
}

async function store(
  { name, attributes }: PackedObject,
  source: ObjectSource,
  { cloud, container, signal }: FillOptions,
): Promise<void> {
  const { contentType, contentDisposition, metadata, deleteAt } = attributes;
  const place = { container, object: name };
  const { data, objects } = cloud.objectStore;
  await data.upload(place, source, { contentType, metadata, signal });
  // What should have been deleted by now was asked for all the same: it comes back to stay. Swift refuses a time that is past.
  const isDue = deleteAt !== undefined && deleteAt * 1_000 <= cloud.clock.now();
  if (contentDisposition === undefined && (deleteAt === undefined || isDue)) return;
  await objects.update(
    {
      ...place,
      metadata: { ...metadata },
      ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
      ...(contentDisposition === undefined ? {} : { 'Content-Disposition': contentDisposition }),
      ...(deleteAt === undefined || isDue ? {} : { 'X-Delete-At': deleteAt }),
    },
    { signal },
  );
}
