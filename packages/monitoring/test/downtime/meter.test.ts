import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { httpProbe, startMeter } from '../../src/index.ts';

/** Time that passes only by sleeping: whoever is due first goes on. */
function virtualClock() {
  let now = 0;
  const sleepers: { due: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const sleeper = { due: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          const at = sleepers.indexOf(sleeper);
          if (at >= 0) sleepers.splice(at, 1);
          reject(signal.reason);
        });
      }),
    /** Until nothing is left that could happen before then. */
    async until(end: number) {
      for (;;) {
        for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
        const next = sleepers.toSorted((a, b) => a.due - b.due)[0];
        if (next === undefined || next.due > end) break;
        sleepers.splice(sleepers.indexOf(next), 1);
        now = next.due;
        next.wake();
      }
      now = end;
    },
    waiting: () => sleepers.length,
  };
}

test('measures on while nobody answers, and leaves no timer', async () => {
  const clock = virtualClock();
  const meter = startMeter({
    probe: () => new Promise(() => undefined),
    interval: 100,
    timeout: 500,
    clock,
  });
  await clock.until(1_050);
  expect(meter.samples().map(({ at, duration }) => [at, duration])).toEqual(
    [0, 100, 200, 300, 400, 500].map((at) => [at, 500]),
  );
  const stopped = meter.stop();
  await clock.until(2_000);
  const samples = await stopped;
  expect(samples).toHaveLength(11);
  expect(new Set(samples.map(({ error }) => error))).toEqual(new Set(['no answer within 500 ms']));
  expect(clock.waiting()).toBe(0);
});

test('ticks that came too late are left out, not caught up with', async () => {
  const clock = virtualClock();
  let busy = false;
  const meter = startMeter({
    probe: async () => ({ ok: true }),
    interval: 100,
    clock: {
      now: () => clock.now() + (busy ? 1_000 : 0),
      sleep: (ms, signal) => clock.sleep(ms, signal),
    },
  });
  await clock.until(150);
  busy = true;
  await clock.until(450);
  const stopped = meter.stop();
  await clock.until(500);
  expect((await stopped).map(({ at }) => at)).toEqual([0, 100, 1_200, 1_300, 1_400]);
});

test('a probe that throws is an error with its code', async () => {
  const clock = virtualClock();
  const meter = startMeter({
    probe: () => {
      throw Object.assign(new Error('connect'), { code: 'EHOSTUNREACH' });
    },
    clock,
  });
  await clock.until(10);
  const stopped = meter.stop();
  await clock.until(20);
  expect(await stopped).toEqual([{ at: 0, duration: 0, ok: false, error: 'EHOSTUNREACH' }]);
});

test.each([
  ['interval', { interval: 0 }],
  ['timeout', { timeout: Number.NaN }],
])('%s is checked', (field, options) => {
  expect(() => startMeter({ probe: async () => ({ ok: true }), ...options })).toThrow(
    expect.objectContaining({ field }) as Error,
  );
});

async function listening(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer({}, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3`;
}

test('over HTTP: served, refused, broken off, nobody there', async () => {
  const never = new AbortController().signal;
  const url = await listening((request, response) => {
    if (request.url === '/v3/broken') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => request.socket.destroy());
      return;
    }
    response.writeHead(request.headers['x-auth-token'] === 'good' ? 200 : 401).end('{}');
  });
  expect(await httpProbe(url, { headers: { 'x-auth-token': 'good' } })(never)).toEqual({ ok: true });
  expect(await httpProbe(url)(never)).toEqual({ ok: false, error: 'HTTP 401' });
  expect(await httpProbe(url, { expect: (status) => status === 401 })(never)).toEqual({ ok: true });
  await expect(httpProbe(`${url}/broken`)(never)).rejects.toThrow('aborted');
  await expect(httpProbe('http://127.0.0.1:1/')(never)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(() => httpProbe('ftp://127.0.0.1/')).toThrow('not HTTP');
});

test('connections are new for each operation, or kept if asked for', async () => {
  const ports: (number | undefined)[] = [];
  const url = await listening((request, response) => {
    ports.push(request.socket.remotePort);
    response.end();
  });
  const never = new AbortController().signal;
  const fresh = httpProbe(url);
  await fresh(never);
  await fresh(never);
  expect(new Set(ports).size).toBe(2);
  ports.length = 0;
  const kept = httpProbe(url, { reuse: true, method: 'POST', body: 'x' });
  await kept(never);
  await kept(never);
  expect(new Set(ports).size).toBe(1);
});
