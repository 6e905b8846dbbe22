import { createHash } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Stall } from '../src/image/stall.ts';
import { type Cloud, connect, IntegrityError, StallError } from '../src/index.ts';
import { cloudListener, credentials, json, listening } from './scripted-cloud.ts';
import { TestClock } from './test-clock.ts';

/** What a scripted Glance does with one request for data; without a step left it does as Glance does. */
type Step = (request: IncomingMessage, response: ServerResponse, glance: Glance) => void;

const CONTENT = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 31 + (index >> 8)) & 255);
const hashOf = (bytes: Uint8Array, algorithm = 'sha512'): string =>
  createHash(algorithm).update(bytes).digest('hex');

/** A Glance with one image, `i`. */
class Glance {
  readonly steps: Step[] = [];
  /** Every request for data: method, range and token. */
  readonly seen: string[] = [];
  stored: Uint8Array | undefined;
  /** Fields in which what it says of the image is not true. */
  lies: Record<string, unknown> = {};

  readonly listener = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/image/v2/images/i') {
      json(response, 200, this.#image());
      return;
    }
    const { range = '', 'x-auth-token': token } = request.headers;
    this.seen.push([request.method, range, token].filter((part) => part !== '').join(' '));
    const step = this.steps.shift() ?? (request.method === 'PUT' ? store : send);
    step(request, response, this);
  };

  #image(): object {
    const { stored } = this;
    const data = stored && {
      size: stored.length,
      checksum: hashOf(stored, 'md5'),
      os_hash_algo: 'sha512',
      os_hash_value: hashOf(stored),
    };
    const none = { size: null, checksum: null, os_hash_algo: null, os_hash_value: null };
    return {
      id: 'i',
      name: null,
      status: stored ? 'active' : 'queued',
      visibility: 'shared',
      protected: false,
      disk_format: 'raw',
      container_format: 'bare',
      min_disk: 0,
      min_ram: 0,
      tags: [],
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
      ...(data ?? none),
      ...this.lies,
    };
  }
}

const store: Step = (request, response, glance) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (glance.stored !== undefined) {
      response.writeHead(409).end('<html><h1>409 Conflict</h1></html>');
      return;
    }
    glance.stored = new Uint8Array(Buffer.concat(chunks));
    response.writeHead(204).end();
  });
};
const send: Step = (request, response, { stored = new Uint8Array() }) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (stored.length === 0) response.writeHead(204).end();
  else if (from === 0) response.writeHead(200, { 'content-length': stored.length }).end(stored);
  else response.writeHead(206, { 'content-length': stored.length - from }).end(stored.subarray(from));
};
const answer =
  (status: number): Step =>
  (request, response) => {
    request.once('data', () => response.writeHead(status).end());
    request.on('end', () => undefined).resume();
  };
const resetAfterFirst: Step = (request) => {
  request.once('data', () => request.socket.resetAndDestroy());
};
/** Sends so many bytes from where it was asked to, and breaks the connection. */
const breakAfter =
  (bytes: number): Step =>
  (request, response, { stored = new Uint8Array() }) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from === 0 ? 200 : 206, { 'content-length': stored.length - from });
    response.write(
      stored.subarray(from, from + bytes),
      () => void setImmediate().then(() => response.destroy()),
    );
  };

let glance: Glance;
let http: Server;
let server: Awaited<ReturnType<typeof listening>>;
let cloud: Cloud;
let clock: TestClock;
beforeEach(async () => {
  glance = new Glance();
  clock = new TestClock();
  http = createServer(cloudListener(glance.listener));
  server = await listening(http);
  cloud = connect({ ...credentials(`http://127.0.0.1:${server.port}/v3`), clock, random: () => 1 });
});
afterEach(() => server[Symbol.asyncDispose]());

/** A source that counts how often it was opened. */
function source(content = CONTENT) {
  const opened = { times: 0 };
  const open = async function* (): AsyncGenerator<Uint8Array> {
    opened.times += 1;
    for (let at = 0; at < content.length; at += 50_000) yield content.subarray(at, at + 50_000);
  };
  return { open, opened, stream: () => ReadableStream.from(open()) as ReadableStream<Uint8Array> };
}
const caught = (error: unknown): unknown => error;
const read = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> =>
  new Uint8Array(Buffer.concat(await Array.fromAsync(chunks)));
/** How many timers there are now, and connections of clients: the server is in this process too. */
async function held(): Promise<{ timers: number; connections: number }> {
  const resources = process.getActiveResourcesInfo();
  const count = (kind: string) => resources.filter((one) => one === kind).length;
  const ofServer = await new Promise<number>((resolve) => {
    http.getConnections((_, connections) => resolve(connections));
  });
  return { timers: count('Timeout'), connections: count('TCPSocketWrap') - ofServer };
}
/** Waits for the loop to turn until all that a transfer held is let go; an idle connection would go by itself, but later. */
async function letGo(before: Awaited<ReturnType<typeof held>>): Promise<void> {
  const until = performance.now() + 1_500;
  let now = await held();
  while ((now.timers > before.timers || now.connections > before.connections) && performance.now() < until) {
    await setImmediate();
    now = await held();
  }
  expect(now.timers).toBeLessThanOrEqual(before.timers);
  expect(now.connections).toBeLessThanOrEqual(before.connections);
}

describe('upload', () => {
  const { open, stream } = source();
  test.each([
    ['bytes', CONTENT],
    ['a function that opens it', open],
    ['a stream', stream()],
  ])('from %s: Glance has them all, hashes are compared, progress is told', async (_, from) => {
    const told: number[] = [];
    const { image, bytes, verified } = await cloud.image.data.upload({ id: 'i' }, from, {
      onProgress: (now) => told.push(now),
    });
    expect({ bytes, verified, status: image.status }).toEqual({
      bytes: CONTENT.length,
      verified: 'sha512',
      status: 'active',
    });
    expect(hashOf(glance.stored ?? new Uint8Array())).toBe(hashOf(CONTENT));
    expect(told.length).toBeGreaterThan(10);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(CONTENT.length);
  });

  test('of nothing is an empty image', async () => {
    expect(await cloud.image.data.upload({ id: 'i' }, new Uint8Array())).toMatchObject({
      bytes: 0,
      verified: 'sha512',
    });
    expect(await read(cloud.image.data.download({ id: 'i' }))).toHaveLength(0);
  });

  test('a 401 in the middle: the source is opened again, and goes out whole with a new token', async () => {
    glance.steps.push(answer(401));
    const { open: again, opened } = source();
    expect(await cloud.image.data.upload({ id: 'i' }, again)).toMatchObject({
      bytes: CONTENT.length,
      verified: 'sha512',
    });
    expect(opened.times).toBe(2);
    expect(glance.seen).toEqual(['PUT token-1', 'PUT token-2']);
    expect(glance.stored).toHaveLength(CONTENT.length);
  });

  test.each([401, 429, 503])(
    'a %i in the middle of a stream: says that it can be sent only once',
    async (status) => {
      glance.steps.push(answer(status));
      const error = await cloud.image.data.upload({ id: 'i' }, source().stream()).catch(caught);
      expect(error).toMatchObject({
        status,
        attempts: 1,
        remedy: expect.stringContaining('only once'),
        operation: 'data.upload',
      });
      expect(glance.seen).toHaveLength(1);
      expect(glance.stored).toBeUndefined();
    },
  );

  test('a reset in the middle: once more, from the beginning', async () => {
    glance.steps.push(resetAfterFirst);
    const { open: again, opened } = source();
    expect(await cloud.image.data.upload({ id: 'i' }, again)).toMatchObject({ verified: 'sha512' });
    expect(opened.times).toBe(2);
    expect(clock.slept).toEqual([500]);
    expect(glance.stored).toHaveLength(CONTENT.length);
  });

  test('a reset in the middle of a stream: says that it can be sent only once', async () => {
    glance.steps.push(resetAfterFirst);
    const error = await cloud.image.data.upload({ id: 'i' }, source().stream()).catch(caught);
    expect(error).toMatchObject({
      code: 'unreachable',
      attempts: 1,
      remedy: expect.stringContaining('only once'),
    });
    expect(glance.seen).toHaveLength(1);
    expect(glance.stored).toBeUndefined();
  });

  test('whose answer was lost: the 409 to the second attempt is no failure if the image is the one that was sent', async () => {
    glance.steps.push((request, response, it) => {
      request.on('end', () => void setImmediate().then(() => response.destroy()));
      store(request, Object.assign(response, { writeHead: () => ({ end: () => undefined }) }), it);
    });
    expect(await cloud.image.data.upload({ id: 'i' }, CONTENT)).toMatchObject({
      bytes: CONTENT.length,
      verified: 'sha512',
    });
    expect(glance.seen).toHaveLength(2);
  });

  test('to an image that has its bytes: the conflict, also after a reset', async () => {
    glance.stored = CONTENT;
    await expect(cloud.image.data.upload({ id: 'i' }, CONTENT)).rejects.toMatchObject({ code: 'conflict' });
    glance.stored = CONTENT.subarray(1);
    glance.steps.push(resetAfterFirst);
    await expect(cloud.image.data.upload({ id: 'i' }, CONTENT)).rejects.toMatchObject({ code: 'conflict' });
    expect(glance.stored).toHaveLength(CONTENT.length - 1);
  });

  test('Glance stored something else', async () => {
    glance.lies = { os_hash_value: hashOf(CONTENT.subarray(1)) };
    const error = await cloud.image.data.upload({ id: 'i' }, CONTENT).catch(caught);
    expect(error).toBeInstanceOf(IntegrityError);
    expect(error).toMatchObject({
      algorithm: 'sha512',
      expected: hashOf(CONTENT),
      actual: glance.lies['os_hash_value'],
    });
    glance = Object.assign(glance, { stored: undefined, lies: { size: 7 } });
    await expect(cloud.image.data.upload({ id: 'i' }, CONTENT)).rejects.toMatchObject({
      algorithm: 'size',
      actual: '7',
    });
  });

  test('Glance hashes with another algorithm: not verified, and says so', async () => {
    glance.lies = { os_hash_algo: 'sha3_512', os_hash_value: 'x' };
    expect(await cloud.image.data.upload({ id: 'i' }, CONTENT)).toMatchObject({ verified: undefined });
  });

  test('a source that fails: its own error, unchanged and at once', async () => {
    const failure = new Error('disk is gone');
    let times = 0;
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      times += 1;
      yield CONTENT.subarray(0, 100_000);
      throw failure;
    };
    await expect(cloud.image.data.upload({ id: 'i' }, failing)).rejects.toBe(failure);
    await expect(cloud.image.data.upload({ id: 'i' }, ReadableStream.from(failing()))).rejects.toBe(failure);
    expect(times).toBe(2);
    expect(glance.stored).toBeUndefined();
  });
});

describe('download', () => {
  beforeEach(() => {
    glance.stored = CONTENT;
  });

  test('all bytes, with progress', async () => {
    const told: number[] = [];
    expect(
      hashOf(await read(cloud.image.data.download({ id: 'i' }, { onProgress: (now) => told.push(now) }))),
    ).toBe(hashOf(CONTENT));
    expect(told.at(-1)).toBe(CONTENT.length);
  });

  test('an image without data (204) is no bytes', async () => {
    glance.stored = undefined;
    expect(await read(cloud.image.data.download({ id: 'i' }))).toHaveLength(0);
  });

  test('a broken connection is resumed where it broke, and again', async () => {
    glance.steps.push(breakAfter(300_000), breakAfter(200_000));
    expect(hashOf(await read(cloud.image.data.download({ id: 'i' })))).toBe(hashOf(CONTENT));
    expect(glance.seen).toEqual(['GET token-1', 'GET bytes=300000- token-1', 'GET bytes=500000- token-1']);
  });

  test('a server that ignores Range (200): what is here already is not given twice', async () => {
    glance.steps.push(breakAfter(300_001), (_, response) => response.writeHead(200).end(CONTENT));
    expect(hashOf(await read(cloud.image.data.download({ id: 'i' })))).toBe(hashOf(CONTENT));
  });

  test('a store that cannot seek (400): from the beginning, without Range', async () => {
    glance.steps.push(breakAfter(300_000), (_, response) =>
      response.writeHead(400).end('Partial download not supported'),
    );
    expect(hashOf(await read(cloud.image.data.download({ id: 'i' })))).toBe(hashOf(CONTENT));
    expect(glance.seen).toEqual(['GET token-1', 'GET bytes=300000- token-1', 'GET token-1']);
  });

  test('a token that expired in the meantime is renewed to resume', async () => {
    glance.steps.push(breakAfter(300_000), (_, response) => response.writeHead(401).end());
    expect(await read(cloud.image.data.download({ id: 'i' }))).toHaveLength(CONTENT.length);
    expect(glance.seen.at(-1)).toBe('GET bytes=300000- token-2');
  });

  test('a connection that keeps breaking: a ConnectionError, after `retries` attempts to resume', async () => {
    glance.steps.push(breakAfter(100_000), breakAfter(100_000), breakAfter(100_000));
    const error = await read(cloud.image.data.download({ id: 'i' }, { retries: 2 })).catch(caught);
    expect(error).toMatchObject({
      code: 'unreachable',
      operation: 'data.download',
      message: expect.stringContaining('broke off'),
    });
    expect(glance.seen).toHaveLength(3);
  });

  test('a refusal is the answer, and not tried again', async () => {
    glance.steps.push((_, response) => response.writeHead(403).end());
    await expect(read(cloud.image.data.download({ id: 'i' }))).rejects.toMatchObject({ code: 'forbidden' });
    expect(glance.seen).toHaveLength(1);
  });

  test('other bytes than Glance’s hash is of', async () => {
    glance.steps.push((_, response) => response.writeHead(200).end(CONTENT.toReversed()));
    const error = await read(cloud.image.data.download({ id: 'i' })).catch(caught);
    expect(error).toBeInstanceOf(IntegrityError);
    expect(error).toMatchObject({ algorithm: 'sha512', expected: hashOf(CONTENT) });
  });

  test('of an old image the MD5 is compared; without any hash the size', async () => {
    glance.lies = { os_hash_algo: null, os_hash_value: null };
    const short: Step = (_, response) => response.writeHead(200).end(CONTENT.subarray(1));
    glance.steps.push(short);
    await expect(read(cloud.image.data.download({ id: 'i' }))).rejects.toMatchObject({ algorithm: 'md5' });
    glance.lies = { ...glance.lies, checksum: null };
    glance.steps.push(short);
    await expect(read(cloud.image.data.download({ id: 'i' }))).rejects.toMatchObject({
      algorithm: 'size',
      expected: '1000000',
      actual: '999999',
    });
  });

  test('an error of the caller’s own, in onProgress, is his: nothing is fetched again', async () => {
    const failure = new TypeError('mine');
    const onProgress = () => {
      throw failure;
    };
    await expect(read(cloud.image.data.download({ id: 'i' }, { onProgress }))).rejects.toBe(failure);
    expect(glance.seen).toHaveLength(1);
  });
});

describe('what ends a transfer early leaves nothing behind:', () => {
  const neverRead: Step = () => undefined;
  const halfAndSilence: Step = (_, response) => {
    response.writeHead(200, { 'content-length': CONTENT.length });
    response.write(CONTENT.subarray(0, 500_000));
  };
  beforeEach(() => cloud.token());

  test('an upload that nobody takes', async () => {
    const before = await held();
    glance.steps.push(neverRead);
    const error = await cloud.image.data
      .upload({ id: 'i' }, source(new Uint8Array(20_000_000)).open, { stall: 50 })
      .catch(caught);
    expect(error).toBeInstanceOf(StallError);
    expect(error).toMatchObject({
      message: 'image data.upload i: no byte moved for 50 ms',
      remedy: expect.any(String),
    });
    expect(glance.seen).toHaveLength(1);
    await letGo(before);
  });

  test('an upload whose source gives nothing', async () => {
    const before = await held();
    const silence = () => ({
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }),
    });
    await expect(cloud.image.data.upload({ id: 'i' }, silence, { stall: 50 })).rejects.toBeInstanceOf(
      StallError,
    );
    await letGo(before);
  });

  test('a download that stands still, before its head or in its body', async () => {
    const before = await held();
    glance.stored = CONTENT;
    glance.steps.push(neverRead, halfAndSilence);
    await expect(read(cloud.image.data.download({ id: 'i' }, { stall: 50 }))).rejects.toBeInstanceOf(
      StallError,
    );
    await expect(read(cloud.image.data.download({ id: 'i' }, { stall: 50 }))).rejects.toBeInstanceOf(
      StallError,
    );
    expect(glance.seen).toHaveLength(2);
    await letGo(before);
  });

  test('a caller who leaves a download', async () => {
    const before = await held();
    glance.stored = CONTENT;
    glance.steps.push(halfAndSilence);
    for await (const chunk of cloud.image.data.download({ id: 'i' })) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      break;
    }
    await letGo(before);
  });

  test('aborting: the reason unchanged, and the signal rid of its listeners', async () => {
    const before = await held();
    glance.stored = CONTENT;
    glance.steps.push(halfAndSilence, neverRead);
    const reason = { because: 'enough' };
    const during = async (work: (signal: AbortSignal, now: () => void) => Promise<unknown>) => {
      const controller = new AbortController();
      await expect(
        work(controller.signal, () => void setImmediate().then(() => controller.abort(reason))),
      ).rejects.toBe(reason);
      return getEventListeners(controller.signal, 'abort').length;
    };
    expect(
      await during((signal, now) =>
        read(cloud.image.data.download({ id: 'i' }, { signal, onProgress: now })),
      ),
    ).toBe(0);
    glance.stored = undefined;
    expect(
      await during((signal, now) =>
        cloud.image.data.upload({ id: 'i' }, source().open, { signal, onProgress: now }),
      ),
    ).toBe(0);
    await expect(
      cloud.image.data.upload({ id: 'i' }, CONTENT, { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
    expect(glance.stored).toBeUndefined();
    await letGo(before);
  });

  test('a transfer that ended well', async () => {
    const { signal } = new AbortController();
    await cloud.image.data.upload({ id: 'i' }, CONTENT, { signal });
    await read(cloud.image.data.download({ id: 'i' }, { signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

test('a caller who takes his time is no stall; a wire that does is', () => {
  vi.useFakeTimers();
  try {
    using stall = new Stall('it', 1_000, undefined);
    stall.pause();
    vi.advanceTimersByTime(10_000);
    expect(stall.signal.aborted).toBe(false);
    stall.moved();
    vi.advanceTimersByTime(999);
    expect(stall.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(stall.signal.reason).toBeInstanceOf(StallError);
  } finally {
    vi.useRealTimers();
  }
});
