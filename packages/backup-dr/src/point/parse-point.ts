import { type ArgumentFault, parseStrictly } from '@groundcrew/ground';
import { z } from 'zod';
import { PointError } from './point-error.ts';
import { digestOfPoint } from './sealed.ts';
import { keyOf, POINT_FORMAT, POINT_VERSION, type TenantPoint } from './tenant-point.ts';

const text = z.string();
const name = z.string().min(1, 'must not be empty');
const anObject = z.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

const bytes = z.looseObject({
  repository: name,
  stream: name,
  size: z.int().nonnegative(),
  sha256: z
    .string()
    .regex(/^[\da-f]{64}$/, 'must be 64 hexadecimal digits')
    .optional(),
  at: text.optional(),
  together: z
    .looseObject({
      server: text,
      spreadMs: z.number(),
      consistency: z.enum(['application', 'crash']),
      how: z.enum(['group', 'snapshots']).optional(),
    })
    .optional(),
});

/** The kinds are open: a newer version may have more of them. */
const reference = { kind: name, id: text };
const resource = z.looseObject({
  ...reference,
  name: text,
  wire: anObject,
  microversion: z
    .string()
    .regex(/^\d{1,4}\.\d{1,4}$/, 'must be a microversion')
    .optional(),
  withheld: z.array(text).optional(),
  needs: z.array(z.looseObject({ ...reference, as: name })),
  bytes: bytes.optional(),
});

const gap = z.looseObject({
  what: text,
  kind: name,
  why: text,
  remedy: text.optional(),
  requestIds: z.array(text),
});

/** Fields that are not known pass: a newer minor version has more of them. */
const document = z.looseObject({
  format: z.literal(POINT_FORMAT),
  formatVersion: text,
  at: z.iso.datetime(),
  cloud: z.looseObject({ name: text, region: text.nullable() }),
  project: z.looseObject({ id: name, name: text, domain_id: text.nullable() }),
  completeness: z.enum(['complete', 'partial']),
  lists: z.array(z.looseObject({ name, completeness: name, count: z.int().nonnegative() })),
  gaps: z.array(gap),
  resources: z.array(resource),
  external: z.array(resource.extend({ seen: z.boolean() })),
  cycles: z.array(z.array(z.looseObject(reference)).min(1)),
  digest: z.string().regex(/^sha256:[\da-f]{64}$/, 'must be sha256: and 64 hexadecimal digits'),
  signature: z.looseObject({ key_id: name, value: z.base64() }).optional(),
});

/**
 * Reads a recovery point from its JSON text. Fields that it does not know are kept, so that a point of a newer minor version is
 * read; that of another major version is refused. What it returns is what was sealed: the digest fits.
 *
 * It says nothing of who sealed it: see `pointFault`.
 *
 * @throws PointError, whose `field` says where
 * @example const point = parsePoint(await readFile('shop.point.json', 'utf8'));
 */
export function parsePoint(json: string): TenantPoint {
  const value = parsedText(json);
  checkVersion(value);
  parseStrictly(document, value, malformed);
  // The parsed text itself, not the schema's copy of it: the digest covers every field that was written.
  const point = value as TenantPoint;
  checkOnce(point);
  checkCompleteness(point);
  checkDigest(point);
  return point;
}

/** Whether a point was written by a newer minor version than this one: it can be read, and must not be changed. */
export const isNewerPoint = ({ formatVersion }: Pick<TenantPoint, 'formatVersion'>): boolean =>
  minorOf(formatVersion) > minorOf(POINT_VERSION);

const minorOf = (version: string): number => Number(version.split('.')[1]);

function parsedText(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new PointError('point.malformed', `recovery point: this is no JSON: ${(error as Error).message}`, {
      field: '',
    });
  }
}

const malformed = ({ field, message }: ArgumentFault): PointError =>
  new PointError('point.malformed', `recovery point: ${field === '' ? '' : `${field}: `}${message}`, {
    field,
  });

/** Comes first: of another major version nothing else can be said. */
function checkVersion(value: unknown): void {
  const version =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'formatVersion') : undefined;
  const match = typeof version === 'string' ? /^(\d{1,6})\.(\d{1,6})$/.exec(version) : null;
  if (match === null) throw malformed({ field: 'formatVersion', message: 'must be MAJOR.MINOR' });
  if (match[1] !== POINT_VERSION.split('.')[0])
    throw new PointError(
      'point.version',
      `recovery point: formatVersion: is ${match[0]}, and this release reads ${POINT_VERSION}`,
      { field: 'formatVersion', remedy: 'Read it with a release of its own time.' },
    );
}

function checkOnce({ resources, external }: TenantPoint): void {
  const seen = new Set<string>();
  for (const [list, items] of Object.entries({ resources, external }))
    for (const [at, item] of items.entries()) {
      const key = keyOf(item);
      if (seen.has(key))
        throw malformed({
          field: `${list}.${at}.id`,
          message: `a second ${item.kind} has the id ${item.id}`,
        });
      seen.add(key);
    }
}

/** A point that calls itself complete and has gaps was made by no reader of ours. */
function checkCompleteness({ completeness, gaps }: TenantPoint): void {
  if (completeness === 'complete' && gaps.length > 0)
    throw malformed({
      field: 'completeness',
      message: `is ${completeness}, with ${gaps.length} gaps`,
    });
}

function checkDigest(point: TenantPoint): void {
  let actual: string;
  try {
    actual = digestOfPoint(point);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw malformed({ field: '', message: 'is nested too deeply' });
  }
  if (actual !== point.digest)
    throw new PointError(
      'point.digest',
      `recovery point: digest: it says ${point.digest}, and is ${actual}: it was changed after it was sealed`,
      { field: 'digest', remedy: 'Take another copy of it, or an earlier point.' },
    );
}
