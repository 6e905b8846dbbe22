import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Stall } from '../../src/transfer/stall.ts';
import { StallError } from '../../src/index.ts';
import {
  caught,
  CONTENT,
  read,
  siteWithGlance,
  source,
  type GlanceSite,
  type Step,
} from './scripted-glance.ts';

let glance: GlanceSite['glance'];
let cloud: GlanceSite['cloud'];
let http: GlanceSite['http'];
let close: GlanceSite['close'];
beforeEach(async () => {
  ({ glance, cloud, http, close } = await siteWithGlance());
});
afterEach(() => close());

/** How many timers there are now, and connections of clients: the server is in this process too. */
async function held(): Promise<{ timers: number; connections: number }> {
  const resources = process.getActiveResourcesInfo();
  const count = (kind: string) => resources.filter((resource) => resource === kind).length;
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
