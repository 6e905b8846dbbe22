import { z } from 'zod';
import type { RecoveryPoint } from '../../repository/point.ts';
import { absolutePath } from './control-plane-target.ts';

const Part = z.looseObject({
  name: z.string().min(1),
  kind: z.enum(['database', 'definitions', 'files', 'ovsdb']),
  host: z.string().min(1),
  streams: z.array(z.string()),
  facts: z.unknown(),
});
export type StoredPart = Readonly<z.output<typeof Part>>;

const Contents = z.looseObject({ kind: z.literal('control-plane'), parts: z.array(Part).min(1) });

/** The parts of a point of a control plane; a sentence if it is none. */
export function partsOfPoint({
  contents,
}: Pick<RecoveryPoint, 'contents'>): readonly StoredPart[] | { readonly why: string } {
  const read = Contents.safeParse(contents);
  if (read.success) return read.data.parts;
  const [issue] = read.error.issues;
  return { why: `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'does not fit'}` };
}

const Facts = z.looseObject({
  checksums: z.record(z.string(), z.string()),
  position: z.looseObject({ kind: z.string() }),
});

/** What was found when a copy of databases was started; `undefined`: it was not. */
export function provenFactsOf({ facts }: StoredPart): z.output<typeof Facts> | undefined {
  const read = Facts.safeParse(facts);
  return read.success ? read.data : undefined;
}

/** The paths that an archive has; `undefined` if they are not known. */
export function pathsOf({ facts }: StoredPart): readonly string[] | undefined {
  const read = z.looseObject({ paths: z.array(absolutePath) }).safeParse(facts);
  return read.success ? read.data.paths : undefined;
}

/** The database that a snapshot of OVSDB is of, and its rows, if they were counted. */
export function ovsdbFactsOf({
  facts,
}: StoredPart):
  | { readonly database: string; readonly rows: Readonly<Record<string, number>> | null }
  | undefined {
  const read = z
    .looseObject({ database: z.string().min(1), rows: z.record(z.string(), z.int()).optional() })
    .safeParse(facts);
  return read.success ? { database: read.data.database, rows: read.data.rows ?? null } : undefined;
}
