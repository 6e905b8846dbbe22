import type { Json } from '@groundcrew/runbook';
import type { PointKind, Wire } from './tenant-point.ts';

/** What a client answered, as JSON again: no classes, nothing that is `undefined`. */
export const toWire = (entity: object): Wire => JSON.parse(JSON.stringify(entity)) as Wire;

/** The text of a field; `undefined` if it is none, or empty. */
export const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The objects in a field that is a list; none if it is no list. */
export const objectsIn = (value: Json | undefined): readonly Wire[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];

/** The texts in a field that is a list; none if it is no list. */
export const textsIn = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter((item) => typeof item === 'string') : [];

/** The object in a field; `undefined` if it is none. */
export const objectOf = (value: Json | undefined): Wire | undefined =>
  value !== undefined && isObject(value) ? value : undefined;

const isObject = (value: Json): value is Wire =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Fields that are not kept. User data hold passwords as often as not; locations may hold the credentials of a store (core's
 * `image-entity.ts`), and a fault's details are a traceback.
 */
const WITHHELD: { readonly [kind in PointKind]?: readonly string[] } = {
  server: ['OS-EXT-SRV-ATTR:user_data', 'fault'],
  image: ['direct_url', 'locations'],
};

/**
 * Metadata of containers that are secrets: with such a key anybody makes URLs that need no login, and who may read the container is shown it
 * (swift/common/middleware/tempurl.py).
 */
const WITHHELD_METADATA = ['temp-url-key', 'temp-url-key-2'] as const;

/** The fields that are kept of a thing, and the names of those that are not though they were there. */
export function withheldFrom(
  kind: PointKind,
  wire: Wire,
): { readonly wire: Wire; readonly withheld: readonly string[] } {
  const fields = without(wire, WITHHELD[kind] ?? []);
  const metadata = objectOf(wire['metadata']);
  if (kind !== 'container' || metadata === undefined) return fields;
  const kept = without(metadata, WITHHELD_METADATA);
  return {
    wire: { ...fields.wire, metadata: kept.wire },
    withheld: [...fields.withheld, ...kept.withheld.map((name) => `metadata.${name}`)],
  };
}

function without(
  wire: Wire,
  names: readonly string[],
): { readonly wire: Wire; readonly withheld: readonly string[] } {
  const withheld = names.filter((name) => wire[name] !== undefined && wire[name] !== null);
  if (names.every((name) => !(name in wire))) return { wire, withheld };
  return {
    wire: Object.fromEntries(Object.entries(wire).filter(([name]) => !names.includes(name))),
    withheld,
  };
}
