import { pathSegment } from '../../call/serialize-arguments.ts';
import { InputError, IntegrityError } from '../../errors/errors.ts';
import { object as anObject } from '../../options/option-checks.ts';
import type { TransferOptions } from '../../transfer/transfer-options.ts';

/** The place of an object. */
export interface ObjectPlace {
  readonly container: string;
  /** With or without slashes. No URL can name `.` or `..`. */
  readonly object: string;
}

/** A part of an object: from one offset to before another. */
export interface DownloadRange {
  readonly from: number;
  /** @default the end of the object */
  readonly to?: number | undefined;
}

/** Options of a download of an object. */
export interface ObjectDownloadOptions extends TransferOptions {
  /** @default the whole object */
  readonly range?: DownloadRange | undefined;
}

/** The route of an object, for events and errors. */
export const ROUTE = '{container}/{object}';

/** The path of an object: what is in its name is encoded, slashes as well. */
export function pathOf(place: ObjectPlace, operation: string): string {
  if (!anObject.accepts(place))
    throw new InputError(`${operation}: place: must be an object with container and object`, {
      field: 'place',
      operation,
    });
  return `${pathSegment(place.container, 'container', operation)}/${pathSegment(place.object, 'object', operation)}`;
}

/** The MD5 in an `ETag`; `undefined` if it is something else, as that of an object in parts. */
export const md5In = (etag: string | null): string | undefined =>
  etag !== null && /^"?[0-9a-f]{32}"?$/i.test(etag) ? etag.replaceAll('"', '').toLowerCase() : undefined;

/** The error for bytes that are not those that they should be. */
export const mismatch = (path: string, expected: string, actual: string): IntegrityError =>
  new IntegrityError(`object ${path}: md5 is ${actual}, expected ${expected}`, {
    algorithm: 'md5',
    expected,
    actual,
    remedy: 'The bytes were altered on their way or in the store. Do not use them.',
  });
