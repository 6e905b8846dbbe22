import type { Answer } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import type { StoredBytes } from '../../bytes/stored-bytes.ts';
import { containerOf, objectOf } from './access.ts';
import { deleteAtOf, headersGiven } from './object-headers.ts';
import { metadataHeaders, metadataOf, lastModified, timestamp } from './metadata.ts';
import type { StoredObject } from './state.ts';
import { page } from './swob.ts';
import { putObject } from './put-object.ts';

export const objectRoutes: Routes = {
  'HEAD {container}/{object}': (call) => {
    const object = objectOf(call);
    return conditional(call, object) ?? { status: 200, headers: headersOf(object) };
  },
  'GET {container}/{object}': (call) => {
    const object = objectOf(call);
    return conditional(call, object) ?? bytesAnswer(call, object);
  },
  'PUT {container}/{object}': putObject,
  'POST {container}/{object}': (call) => {
    const object = objectOf(call);
    object.metadata = metadataOf(call, 'Object');
    object.headers = headersGiven(call);
    object.delete_at = deleteAtOf(call);
    object.content_type = call.request.headers.get('Content-Type') ?? object.content_type;
    object.written = call.now;
    return page(202);
  },
  'DELETE {container}/{object}': (call) => {
    const { name } = objectOf(call);
    containerOf(call).delete(name);
    return { status: 204 };
  },
};

/** The answer to a condition that is not met (`_get_conditional_response_status` of `swift/common/swob.py`). */
function conditional(call: Call, { etag }: StoredObject): Answer | undefined {
  const has = (name: string): boolean | undefined => {
    const given = call.request.headers.get(name);
    if (given === null) return undefined;
    return given.split(',').some((tag) => ['*', etag].includes(tag.trim().replaceAll('"', '')));
  };
  if (has('If-Match') === false) return { status: 412 };
  if (has('If-None-Match') === true) return { status: 304, headers: { Etag: etag } };
  return undefined;
}

function bytesAnswer(call: Call, object: StoredObject): Answer {
  const { size } = object.bytes;
  const range = rangeOf(call.request.headers.get('Range'), size);
  // The page has the type of the object (as on the lab).
  if (range === 'none')
    return page(416, { 'Content-Range': `bytes */${size}`, 'Content-Type': object.content_type });
  const [start, end] = range ?? [0, size];
  return {
    status: range === undefined ? 200 : 206,
    raw: ReadableStream.from(held(object.bytes, start, end)),
    headers: {
      ...headersOf(object),
      'Content-Length': String(end - start),
      ...(range === undefined ? {} : { 'Content-Range': `bytes ${start}-${end - 1}/${size}` }),
    },
  };
}

/** The bytes of an object, which are kept until they are read, also if the object is replaced or deleted meanwhile. */
async function* held(bytes: StoredBytes, start: number, end: number): AsyncGenerator<Uint8Array> {
  bytes.retain();
  try {
    yield* bytes.read(start, end);
  } finally {
    bytes.dispose();
  }
}

/**
 * The one range that a request asks for: where it begins, and what it ends before. `undefined`: the whole object, as also where
 * there are several, or none that can be read. `none`: the object has none of it.
 */
function rangeOf(header: string | null, size: number): readonly [number, number] | 'none' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.replaceAll(' ', '') ?? '');
  if (match === null) return undefined;
  const [first = '', last = ''] = match.slice(1);
  if (first === '' && last === '') return undefined;
  if (first === '') {
    if (size === 0) return undefined;
    return Number(last) === 0 ? 'none' : [Math.max(0, size - Number(last)), size];
  }
  if (last !== '' && Number(last) < Number(first)) return undefined;
  if (Number(first) >= size) return 'none';
  return [Number(first), last === '' ? size : Math.min(Number(last) + 1, size)];
}

const headersOf = (object: StoredObject): Record<string, string> => ({
  'Accept-Ranges': 'bytes',
  'Content-Type': object.content_type,
  'Content-Length': String(object.bytes.size),
  Etag: object.etag,
  'Last-Modified': lastModified(object.written),
  'X-Timestamp': timestamp(object.written),
  ...(object.delete_at === undefined ? {} : { 'X-Delete-At': String(Math.floor(object.delete_at / 1000)) }),
  ...object.headers,
  ...metadataHeaders('Object', object.metadata),
});
