import { type Emitter, InputError, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { DigestStream } from './digest-stream.ts';
import type { Engine, StreamTags } from './engine.ts';
import { factTags } from './latest-point.ts';
import { type Manifest, MANIFEST_VERSION, manifestText, readManifest } from './manifest.ts';
import type { PointStream, RecoveryPoint } from './point.ts';
import { KIND, POINT, pointsIn } from './points.ts';
import { readManifests } from './read-manifests.ts';
import type { PointContent, PointWriter, RepositoryEvents, StreamOptions } from './repository.ts';
import { RepositoryError } from './repository-error.ts';
import { type RepositoryParts, streamOptions } from './repository-options.ts';

/** What is known of a point before anything of it is stored. */
interface PointFacts {
  readonly id: string;
  /** Whether the id was made for it, so that nobody can have it. */
  readonly isNewId: boolean;
  readonly at: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface WriteSetting {
  readonly events: Emitter<RepositoryEvents>;
  readonly signal: AbortSignal;
}

/** Writes a point under its lease: its streams, and last of all its manifest. */
export async function writePoint(
  parts: RepositoryParts,
  facts: PointFacts,
  work: (writer: PointWriter) => Promise<PointContent>,
  setting: WriteSetting,
): Promise<RecoveryPoint> {
  const { engine, lease, holder, clock } = parts;
  const { id } = facts;
  const held = await lease(id).acquire({ holder, signal: setting.signal });
  try {
    const signal = AbortSignal.any([setting.signal, held.lost]);
    if (!facts.isNewId) await refuseExisting(engine, id, signal);
    const writer = new Writer(engine, id, { ...setting, signal });
    const content = checkedContent(await work(writer));
    writer.close();
    const manifest: Manifest = {
      kind: 'groundcrew-recovery-point',
      version: MANIFEST_VERSION,
      point: id,
      at: facts.at,
      written: new Date(clock.now()).toISOString(),
      labels: { ...facts.labels },
      completeness: content.completeness,
      gaps: (content.gaps ?? []).map((gap) => ({ ...gap })),
      streams: writer.streams.map((stream) => ({ ...stream, tags: { ...stream.tags } })),
      token: held.token,
      contents: content.contents,
    };
    const text = manifestText(manifest);
    // After a sleep of the whole process, answers that came meanwhile are heard before timers are, but not before this.
    held.lost.throwIfAborted();
    setting.signal.throwIfAborted();
    const { id: written } = await engine.put(`manifest/${id}`, once(Buffer.from(text)), {
      tags: { ...factTags(manifest), [KIND]: 'manifest', [POINT]: id },
      signal,
    });
    return await visible(engine, id, { text, written, signal });
  } finally {
    // One that cannot be given back runs out.
    await held.release().catch(() => undefined);
  }
}

async function refuseExisting(engine: Engine, id: string, signal: AbortSignal): Promise<void> {
  const { streams } = await engine.list({ tags: { [KIND]: 'manifest', [POINT]: id }, signal });
  if (streams.length > 0) throw exists(id);
}

/** The point as readers see it from now on. Who lost his lease unnoticed finds that of two the other one counts. */
async function visible(
  engine: Engine,
  id: string,
  {
    text,
    written,
    signal,
  }: { readonly text: string; readonly written: string; readonly signal: AbortSignal },
): Promise<RecoveryPoint> {
  const list = await engine.list({ tags: { [POINT]: id }, signal });
  const readings = new Map([[written, readManifest(text)]]);
  await readManifests(engine, list.streams, readings, { signal });
  const { points, broken } = pointsIn(list, readings);
  const point = points.find((each) => each.id === id);
  if (point === undefined)
    throw new RepositoryError(
      'point-broken',
      `point ${id}: ${broken.flatMap(({ missing }) => missing).join(', ')} was removed while it was written`,
      { remedy: 'Write it again under another id.' },
    );
  if (point.manifests[0] === written) return point;
  await engine.forget([written], { signal });
  throw exists(id);
}

const exists = (id: string): RepositoryError =>
  new RepositoryError('point-exists', `point ${id} is there already: a point is never changed`, {
    remedy: 'Write another one.',
  });

const contentSchema = z.strictObject({
  completeness: z.enum(['complete', 'partial']),
  gaps: z
    .array(z.looseObject({ what: z.string(), why: z.string(), remedy: z.string().optional() }))
    .optional(),
  contents: z.unknown().optional(),
});

function checkedContent(given: PointContent): PointContent {
  parseArguments('repository.write', contentSchema, given);
  if (given.completeness === 'complete' && (given.gaps ?? []).length > 0)
    throw new InputError('completeness: a point with gaps is partial', {
      field: 'completeness',
      operation: 'repository.write',
    });
  return given;
}

// One piece, as a stream.
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

class Writer implements PointWriter {
  readonly id: string;
  readonly streams: PointStream[] = [];
  readonly #engine: Engine;
  readonly #setting: WriteSetting;
  readonly #names = new Set<string>();
  #isClosed = false;
  #running = 0;

  constructor(engine: Engine, id: string, setting: WriteSetting) {
    this.id = id;
    this.#engine = engine;
    this.#setting = setting;
  }

  get signal(): AbortSignal {
    return this.#setting.signal;
  }

  /** @throws InputError if something is still on its way: it would be missing without a word */
  close(): void {
    if (this.#running > 0) throw refusal('content', 'was not awaited');
    this.#isClosed = true;
  }

  async put(
    name: string,
    content: AsyncIterable<Uint8Array>,
    options: StreamOptions = {},
  ): Promise<PointStream> {
    parseArguments('writer.put', streamOptions, options);
    const { tags = {}, size } = options;
    const taken = [KIND, POINT].find((tag) => tag in tags);
    if (taken !== undefined) throw refusal(`tags.${taken}`, 'is a tag of the repository');
    if (this.#isClosed) throw refusal('name', 'the point is written already');
    if (this.#names.has(name)) throw refusal('name', `the point has ${JSON.stringify(name)} already`);
    this.#names.add(name);
    this.#running += 1;
    try {
      return await this.#store(name, content, { tags, size });
    } catch (error) {
      // It may be tried again.
      this.#names.delete(name);
      throw error;
    } finally {
      this.#running -= 1;
    }
  }

  async #store(
    name: string,
    content: AsyncIterable<Uint8Array>,
    { tags, size }: { readonly tags: StreamTags; readonly size: number | undefined },
  ): Promise<PointStream> {
    const { events, signal } = this.#setting;
    const digest = new DigestStream();
    const point = this.id;
    const stored = await this.#engine.put(name, digest.of(content), {
      tags: { ...tags, [KIND]: 'stream', [POINT]: point },
      signal,
      onProgress: (bytes) => void events.emit('progress', { point, stream: name, bytes, totalBytes: size }),
    });
    // A volume that was cut off, or grew, while it was read looks whole to everybody behind.
    if (size !== undefined && digest.size !== size)
      throw new RepositoryError(
        'stream-cut',
        `${JSON.stringify(name)}: ${digest.size} bytes came of ${size}`,
        {
          remedy: 'Look whether it was resized or deleted meanwhile, and store it again.',
        },
      );
    const stream: PointStream = {
      name,
      id: stored.id,
      ...(stored.path === undefined ? {} : { path: stored.path }),
      size: digest.size,
      sha256: digest.sha256,
      tags,
    };
    this.streams.push(stream);
    events.emit('stored', { point, stream, addedBytes: stored.addedBytes });
    return stream;
  }
}

const refusal = (field: string, message: string): InputError =>
  new InputError(`writer.put: ${field}: ${message}`, { field, operation: 'writer.put' });
