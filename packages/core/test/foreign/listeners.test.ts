import { afterEach, beforeEach, expect, test } from 'vitest';
import { Emitter } from '@groundcrew/ground';
import { cloudOfRoutes } from './cloud-of-routes.ts';

// What a listener throws must not inhibit the client (ably/ably-dotnet pull request 193, "RTE6"), nor keep the listeners behind
// it from hearing (software-mansion/argent pull request 132).
const warnings: Error[] = [];
const hear = (warning: Error): void => void warnings.push(warning);
beforeEach(() => {
  warnings.length = 0;
  process.on('warning', hear);
});
afterEach(() => void process.off('warning', hear));
/** Warnings are told on the next tick. */
const nextTick = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const KEYPAIR = { name: 'k', public_key: 'k', fingerprint: 'f', user_id: 'u' };
const services = { compute: '@/compute/v2.1' };
const listeners: Record<string, () => unknown> = {
  throws: () => {
    throw new Error('of the listener');
  },
  'throws what is no error': () => {
    throw undefined;
  },
  rejects: () => Promise.reject(new Error('of the listener')),
};

for (const [how, listener] of Object.entries(listeners)) {
  test(`one that ${how} neither repeats a call nor changes its outcome`, async () => {
    await using at = await cloudOfRoutes(
      services,
      ({ url }) => (url.startsWith('/compute') ? { body: { keypair: KEYPAIR } } : undefined),
      { retries: 4 },
    );
    for (const event of ['request', 'response', 'failure', 'abort', 'retry', 'token', 'wait'] as const)
      at.cloud.events.on(event, listener);
    expect(await at.cloud.compute.keypairs.create({ name: 'k' })).toMatchObject({ name: 'k' });
    expect(await at.cloud.compute.keypairs.get({ id: 'k' })).toMatchObject({ name: 'k' });
    expect(at.seen.map(({ method }) => method)).toEqual(['POST', 'GET']);
    await nextTick();
    // Once, and not at every event of every call.
    expect(warnings.map((warning) => 'code' in warning && warning.code)).toEqual(['GROUNDCREW_LISTENER']);
  });

  test(`one that ${how} does not cost the error of a call, nor a retry`, async () => {
    let left = 1;
    await using at = await cloudOfRoutes(
      services,
      ({ url }) => {
        if (!url.startsWith('/compute')) return undefined;
        left -= 1;
        return left >= 0
          ? { status: 503, body: '' }
          : { status: 409, body: { conflictingRequest: { code: 409, message: 'no' } } };
      },
      { retries: 4 },
    );
    for (const event of ['request', 'response', 'retry'] as const) at.cloud.events.on(event, listener);
    await expect(at.cloud.compute.keypairs.get({ id: 'k' })).rejects.toMatchObject({
      code: 'conflict',
      attempts: 2,
    });
    expect(at.seen).toHaveLength(2);
  });
}

test('the listeners behind it hear the event, and off() and once() are as ever', () => {
  const heard: string[] = [];
  const events = new Emitter<{ one: [text: string] }>();
  const bad = (): never => {
    throw new Error('of the listener');
  };
  const good = (text: string): void => void heard.push(text);
  events.on('one', bad).on('one', good).once('one', good);
  expect(events.emit('one', 'a')).toBe(true);
  events.emit('one', 'b');
  events.off('one', good);
  events.emit('one', 'c');
  events.removeListener('one', bad);
  expect(events.emit('one', 'd')).toBe(false);
  expect(heard).toEqual(['a', 'a', 'b']);
});

test('the context is kept', () => {
  const heard: unknown[] = [];
  const events = new Emitter<{ one: [] }>();
  const context = { name: 'it' };
  events.on(
    'one',
    function listen(this: unknown) {
      heard.push(this);
    },
    context,
  );
  events.emit('one');
  expect(heard).toEqual([context]);
});
