import type { Answer } from '../../answer.ts';
import type { Call } from '../../call.ts';
import { readBytes, type StoredBytes } from '../../bytes/stored-bytes.ts';
import { accountOf, containerOf, isOver, nameIn } from './access.ts';
import { lastModified, metadataOf } from './metadata.ts';
import { deleteAtOf, headersGiven } from './object-headers.ts';
import type { Account, Container, StoredObject } from './state.ts';
import { because, refusal } from './swob.ts';

/** `max_file_size` */
const LARGEST = 5_368_709_122;
const HTML = 'text/html; charset=UTF-8';

/** Stores an object, or a copy of another, in the order in which Swift's middlewares and its proxy check a request. */
export async function putObject(call: Call): Promise<Answer> {
  const { headers } = call.request;
  const account = accountOf(call);
  const source = headers.has('X-Copy-From') ? sourceOf(call, account) : undefined;
  const length = source?.bytes.size ?? lengthOf(call);
  requireSpace(account, account.containers.get(nameIn(call, 'container')), length ?? 0);
  const condition = headers.get('If-None-Match');
  if (condition !== null && condition.trim() !== '*') throw because(400, 'If-None-Match only supports *');
  const container = containerOf(call);
  const name = nameIn(call, 'object');
  checkCreation(call, name, source === undefined, length);
  const old = container.get(name);
  if (condition !== null && old !== undefined && !isOver(old, call.now)) throw refusal(412);
  const given = {
    metadata: metadataOf(call, 'Object'),
    headers: headersGiven(call),
    delete_at: deleteAtOf(call),
  };
  const bytes = source === undefined ? await received(call, container) : copyOf(source);
  container.put({
    name,
    bytes,
    etag: bytes.md5,
    content_type: headers.get('Content-Type') ?? source?.content_type ?? 'application/octet-stream',
    written: call.now,
    ...given,
    ...(source === undefined || headers.get('X-Fresh-Metadata') === 'true'
      ? {}
      : {
          metadata: { ...source.metadata, ...given.metadata },
          headers: { ...source.headers, ...given.headers },
        }),
  });
  return {
    status: 201,
    headers: {
      'Content-Type': HTML,
      'Content-Length': '0',
      Etag: bytes.md5,
      'Last-Modified': lastModified(call.now),
      ...(source === undefined
        ? {}
        : {
            'X-Copied-From': (headers.get('X-Copy-From') ?? '').replace(/^\//, ''),
            'X-Copied-From-Last-Modified': lastModified(source.written),
          }),
    },
  };
}

/** The bytes that a request announces; `undefined` if they come in chunks. */
function lengthOf(call: Call): number | undefined {
  const given = call.request.headers.get('Content-Length');
  if (given !== null) return Number(given);
  if (call.request.body === null) throw because(411, 'Missing Content-Length header.');
  return undefined;
}

/** `check_object_creation` of `swift/common/constraints.py` */
function checkCreation(call: Call, name: string, isUpload: boolean, length: number | undefined): void {
  if (length !== undefined && length > LARGEST) throw because(413, 'Your request is too large.');
  const bytes = Buffer.byteLength(name);
  if (bytes > 1024) throw because(400, `Object name length of ${bytes} longer than 1024`);
  if (!isUpload && Number(call.request.headers.get('Content-Length') ?? '0') > 0)
    throw because(400, 'Copy requests require a zero byte body');
}

const isFull = (quota: string | undefined, size: number): boolean =>
  quota !== undefined && /^\d+$/.test(quota) && Number(quota) < size;

/** The quotas of container and account; what comes in chunks is not counted before it is there, and then not refused. */
function requireSpace(account: Account, container: Container | undefined, length: number): void {
  if (
    isFull(container?.metadata['quota-bytes'], (container?.bytes ?? 0) + length) ||
    isFull(container?.metadata['quota-count'], (container?.size ?? 0) + 1) ||
    isFull(account.metadata['quota-bytes'], account.bytes + length)
  )
    throw because(413, 'Upload exceeds quota.', HTML);
}

/** The bytes of a request. If they are not those of its `ETag`, the object that was there stays. */
async function received(call: Call, container: Container): Promise<StoredBytes> {
  const body = call.request.body ?? (ReadableStream.from([]) as AsyncIterable<Uint8Array>);
  const bytes = await readBytes(limited(body), call.state.settings.imageMemory);
  const expected = call.request.headers.get('ETag')?.replaceAll('"', '').toLowerCase() ?? '';
  const isGone = accountOf(call).containers.get(container.name) !== container;
  if ((expected === '' || expected === bytes.md5) && !isGone) return bytes;
  bytes.dispose();
  throw refusal(isGone ? 404 : 422);
}

async function* limited(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > LARGEST) throw refusal(413);
    yield chunk;
  }
}

function copyOf({ bytes }: StoredObject): StoredBytes {
  bytes.retain();
  return bytes;
}

/** The object that `X-Copy-From` names, in the same account. */
function sourceOf(call: Call, account: Account): StoredObject {
  const path = decoded(call.request.headers.get('X-Copy-From') ?? '').replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash < 1 || slash === path.length - 1)
    throw because(412, 'X-Copy-From header must be of the form <container name>/<object name>', HTML);
  const object = account.containers.get(path.slice(0, slash))?.get(path.slice(slash + 1));
  if (object === undefined || isOver(object, call.now)) throw refusal(404);
  return object;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
