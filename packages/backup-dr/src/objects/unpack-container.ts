import { createTarDecoder } from 'modern-tar';
import { messageOf } from '@groundcrew/ground';
import { objectName } from './archive-path.ts';
import { attributesIn, type ObjectAttributes } from './object-attributes.ts';
import { ObjectError } from './object-error.ts';

/** An object of a container's archive. */
export interface PackedObject {
  readonly name: string;
  readonly size: number;
  readonly attributes: ObjectAttributes;
  /** To be read to its end before the next one is asked for: modern-tar 0.8.6 takes one that is cancelled for the next. */
  readonly content: ReadableStream<Uint8Array>;
}

/**
 * The objects of an archive that `packContainer` made, one after the other.
 *
 * @throws ObjectError `object.archive` if it is none, or ends early; what the content throws
 */
export async function* unpackContainer(content: AsyncIterable<Uint8Array>): AsyncGenerator<PackedObject> {
  let failure: { readonly error: unknown } | undefined;
  const pieces = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    try {
      for await (const piece of content) yield new Uint8Array(piece);
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  const entries = ReadableStream.from(pieces()).pipeThrough(createTarDecoder({ strict: true }));
  try {
    for await (const { header, body } of entries) {
      const name = header.type === 'file' ? objectName(header.name) : undefined;
      if (name === undefined)
        throw new ObjectError('object.archive', `${JSON.stringify(header.name)} is no object of a container`);
      const attributes = attributesIn(header.pax ?? {}, header.mtime?.getTime());
      yield { name, size: header.size, attributes, content: body };
    }
  } catch (error) {
    if (failure !== undefined) throw failure.error;
    if (error instanceof ObjectError) throw error;
    throw new ObjectError(
      'object.archive',
      `the archive of a container cannot be read: ${messageOf(error)}`,
      {
        remedy: 'Look for damage: repo.check({ share: 1 }).',
        cause: error,
      },
    );
  }
}
