import { parseArguments } from '@groundcrew/ground';
import { z } from 'zod';

/** The newest form of a manifest that is known here; it rises when a reader of before would misunderstand. */
export const MANIFEST_VERSION = 1;

/** Bytes of a manifest that are read; one of 5,000 volumes and as many servers has a tenth of it. */
export const LONGEST_MANIFEST = 64 * 1024 * 1024;

/** Names of points: they are parts of the names of files and leases. */
export const POINT_ID = /^[A-Za-z0-9][\w.-]{0,127}$/;

const aMoment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT/, 'must be a time as ISO 8601 writes it')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time as ISO 8601 writes it');

/** A stream of a point, as documents in the repository name it. */
export const streamSchema = z.looseObject({
  name: z.string(),
  /** The id that the engine gave it: restic's snapshot. */
  id: z.string().min(1),
  path: z.string().optional(),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[\da-f]{64}$/),
  tags: z.record(z.string(), z.string()).default({}),
});

/**
 * The document that makes a recovery point: what was stored, and under which name. With it and the engine's own program everything
 * comes back: `docs/guides/restore-with-restic.sh` does it. Fields that are not known pass.
 */
const manifestSchema = z.looseObject({
  kind: z.literal('groundcrew-recovery-point'),
  version: z.int().positive(),
  point: z.string().regex(POINT_ID),
  /** Of the data. */
  at: aMoment,
  /** By the clock of who wrote it. */
  written: aMoment,
  labels: z.record(z.string(), z.string()),
  completeness: z.string(),
  gaps: z.array(z.looseObject({ what: z.string(), why: z.string(), remedy: z.string().optional() })),
  streams: z.array(streamSchema),
  /** Of the lease under which it was written; of two for one point the higher one counts. */
  token: z.number().default(0),
  contents: z.unknown().optional(),
});

export type Manifest = z.output<typeof manifestSchema>;

export type ManifestReading =
  | { readonly ok: true; readonly manifest: Manifest; readonly isNewer: boolean }
  | { readonly ok: false; readonly why: string; readonly isNewer: boolean };

/** Reads a manifest, also one of a newer version if it has what is needed to restore from it. */
export function readManifest(text: string): ManifestReading {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { ok: false, why: 'it is not JSON', isNewer: false };
  }
  const version = z.looseObject({ version: z.number() }).safeParse(document);
  const isNewer = version.success && version.data.version > MANIFEST_VERSION;
  const parsed = manifestSchema.safeParse(document);
  if (parsed.success) return { ok: true, manifest: parsed.data, isNewer };
  const [issue] = parsed.error.issues;
  const where = issue?.path.map(String).join('.') ?? '';
  return {
    ok: false,
    why: `${where === '' ? 'document' : where}: ${issue?.message ?? 'does not fit'}`,
    isNewer,
  };
}

/**
 * The text of a manifest, which is checked as a reader would: what could not be read back is not written.
 *
 * @throws InputError
 */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(parseArguments('repository.write', manifestSchema, manifest), undefined, 2)}\n`;
}
