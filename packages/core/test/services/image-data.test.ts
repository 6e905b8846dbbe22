import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IntegrityError } from '../../src/index.ts';
import {
  answer,
  breakAfter,
  caught,
  CONTENT,
  hashOf,
  read,
  resetAfterFirst,
  siteWithGlance,
  source,
  store,
  type GlanceSite,
  type Step,
} from './scripted-glance.ts';

let glance: GlanceSite['glance'];
let clock: GlanceSite['clock'];
let cloud: GlanceSite['cloud'];
let close: GlanceSite['close'];
beforeEach(async () => {
  ({ glance, clock, cloud, close } = await siteWithGlance());
});
afterEach(() => close());

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
