import type { StoredObject } from '@groundcrew/core/object-store';

/** What an object is, beside its name and its bytes. */
export interface ObjectAttributes {
  readonly contentType: string | undefined;
  readonly contentDisposition: string | undefined;
  /** When the store would have deleted it: seconds since 1970. */
  readonly deleteAt: number | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  /** Of its bytes, in hexadecimal; `undefined` of an object in parts, whose store knows another hash. */
  readonly md5: string | undefined;
  /** When it was written: milliseconds since 1970. */
  readonly writtenAt: number;
}

/**
 * Attributes lie where GNU tar, bsdtar and star keep extended attributes of files (`SCHILY.xattr.*`), so that `tar --xattrs` gives them
 * to the files that it unpacks, in the namespace that users may write (xattr(7)).
 */
const PREFIX = 'SCHILY.xattr.user.swift.';
const META = 'x-object-meta-';

/** The attributes of an object as its store shows them. */
export const attributesOf = (shown: StoredObject): ObjectAttributes => ({
  contentType: shown['Content-Type'],
  contentDisposition: shown['Content-Disposition'],
  deleteAt: shown['X-Delete-At'],
  metadata: shown.metadata,
  md5: isInParts(shown) ? undefined : shown.Etag.replaceAll('"', ''),
  writtenAt: Math.floor(Number(shown['X-Timestamp'] ?? 0) * 1_000),
});

const isInParts = (shown: StoredObject): boolean =>
  shown['X-Static-Large-Object'] !== undefined || shown['X-Object-Manifest'] !== undefined;

/** The records of an object's header in an archive. */
export function paxOf(attributes: ObjectAttributes): Record<string, string> {
  const { contentType, contentDisposition, deleteAt, metadata, md5 } = attributes;
  const fields: readonly (readonly [name: string, value: string | undefined])[] = [
    ['content-type', contentType],
    ['content-disposition', contentDisposition],
    ['x-delete-at', deleteAt?.toString()],
    ['etag', md5],
    ...Object.entries(metadata)
      .map(([name, value]) => [`${META}${name}`, value] as const)
      // The same object is the same bytes in the archive, whatever the order of its headers.
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ];
  return Object.fromEntries(
    fields.flatMap(([name, value]) => (value === undefined ? [] : [[`${PREFIX}${name}`, value]])),
  );
}

/** The attributes that an object's header in an archive has. */
export function attributesIn(
  pax: Readonly<Record<string, string>>,
  writtenAt: number | undefined,
): ObjectAttributes {
  const field = (name: string): string | undefined => pax[`${PREFIX}${name}`];
  const deleteAt = Number(field('x-delete-at') ?? Number.NaN);
  return {
    contentType: field('content-type'),
    contentDisposition: field('content-disposition'),
    deleteAt: Number.isSafeInteger(deleteAt) ? deleteAt : undefined,
    metadata: Object.fromEntries(
      Object.entries(pax).flatMap(([key, value]) =>
        key.startsWith(PREFIX + META) ? [[key.slice(PREFIX.length + META.length), value]] : [],
      ),
    ),
    md5: field('etag'),
    writtenAt: writtenAt ?? 0,
  };
}
