import { InputError, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { Engine } from './engine.ts';
import { factTags } from './latest-point.ts';
import { type Manifest, MANIFEST_VERSION, manifestText, readManifest } from './manifest.ts';
import type { RecoveryPoint } from './point.ts';
import { Writer, type WriteSetting } from './point-writer.ts';
import { KIND, POINT, pointsIn } from './points.ts';
import { readManifests } from './read-manifests.ts';
import { Receipts } from './receipts.ts';
import type { PointContent, PointWriter } from './repository.ts';
import { RepositoryError } from './repository-error.ts';
import type { RepositoryParts } from './repository-options.ts';

/** What is known of a point before anything of it is stored. */
interface PointFacts {
  readonly id: string;
  /** Whether the id was made for it, so that nobody can have it. */
  readonly isNewId: boolean;
  readonly at: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Writes a point under its lease: its streams, and last of all its manifest. */
export async function writePoint(
  parts: RepositoryParts,
  facts: PointFacts,
  work: (writer: PointWriter) => Promise<PointContent>,
  setting: Omit<WriteSetting, 'receipts'>,
): Promise<RecoveryPoint> {
  const { engine, lease, holder, clock } = parts;
  const { id } = facts;
  const held = await lease(id).acquire({ holder, signal: setting.signal });
  try {
    const signal = AbortSignal.any([setting.signal, held.lost]);
    if (!facts.isNewId) await refuseExisting(engine, id, signal);
    // What has a new id was never written before.
    const receipts = new Receipts(engine, id, { clock, signal, isNew: facts.isNewId });
    const writer = new Writer(engine, id, { ...setting, signal, receipts });
    const content = checkedContent(await work(writer));
    writer.close();
    const manifest: Manifest = {
      kind: 'groundcrew-recovery-point',
      version: MANIFEST_VERSION,
      point: id,
      at: content.at ?? facts.at,
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
    const point = await visible(engine, id, { text, written, signal });
    await receipts.clear();
    return point;
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
  at: z.iso.datetime({ offset: true }).optional(),
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
