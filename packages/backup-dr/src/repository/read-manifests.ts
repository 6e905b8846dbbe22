import { messageOf } from '@groundcrew/ground';
import type { Engine, EngineReadOptions, StoredStream } from './engine.ts';
import { LONGEST_MANIFEST, type ManifestReading, readManifest } from './manifest.ts';
import { isManifest } from './points.ts';
import { isRepositoryError } from './repository-error.ts';

/** Programs that read at once: each derives the key anew, which takes half a second of a processor. */
const AT_ONCE = 2;

/**
 * Reads the manifests that are not known yet, into what is known. One that is damaged is known as such; one that is gone meanwhile, with
 * the point that it made, is left out.
 *
 * @throws RepositoryError where that is no fact about the manifest: the storage cannot be reached, or is locked
 */
export async function readManifests(
  engine: Engine,
  streams: readonly StoredStream[],
  known: Map<string, ManifestReading>,
  options: EngineReadOptions,
): Promise<void> {
  const wanted = streams.filter((stream) => isManifest(stream) && !known.has(stream.id));
  const next = wanted[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const stream of next) {
      const reading = await readingOf(engine, stream, options);
      if (reading !== undefined) known.set(stream.id, reading);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function readingOf(
  engine: Engine,
  stream: StoredStream,
  options: EngineReadOptions,
): Promise<ManifestReading | undefined> {
  const chunks: Uint8Array[] = [];
  try {
    // One more, to see that it is longer.
    for await (const piece of engine.get(stream, { ...options, length: LONGEST_MANIFEST + 1 }))
      chunks.push(piece);
  } catch (error) {
    if (isRepositoryError(error, 'stream-missing')) return undefined;
    if (!isRepositoryError(error, 'repository-damaged')) throw error;
    return { ok: false, why: messageOf(error), isNewer: false };
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.length > LONGEST_MANIFEST)
    return { ok: false, why: `it is longer than ${LONGEST_MANIFEST} bytes`, isNewer: false };
  return readManifest(bytes.toString('utf8'));
}
