import { createNamespaces, ensurePackages, type Namespaces } from '@groundcrew/lab';
import { localHost } from '@groundcrew/runbook/hosts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pingObserver } from '../src/instances.ts';

// Real echo requests between network namespaces.
let net: Namespaces;
beforeAll(async () => {
  await ensurePackages(['fping', 'iproute2']);
  net = await createNamespaces(['eye', 'gateway', 'compute-1', 'compute-2']);
}, 600_000);
afterAll(() => net?.stop());

const eye = () => localHost({ name: 'eye', prefix: [...net.of('eye').prefix] });
const addressOf = (host: string): string =>
  host === 'nowhere' ? 'nowhere.invalid' : host === 'spare' ? net.spare(1) : net.of(host).address;
const observer = () =>
  pingObserver({ canaries: [net.of('gateway').address], from: eye(), address: addressOf, timeout: '200ms' });
const statesOf = async (hosts: readonly string[]): Promise<Record<string, string>> =>
  Object.fromEntries((await observer().observe(hosts)).map(({ host, state }) => [host, state]));

test('who answers is up, who is cut off is down, and what does not resolve is unknown', async () => {
  const hosts = ['compute-1', 'compute-2', 'spare', 'nowhere'];
  expect(await statesOf(hosts)).toEqual({
    'compute-1': 'up',
    'compute-2': 'up',
    spare: 'down',
    nowhere: 'unknown',
  });
  const two = net.of('compute-2');
  await two.run(['ip', 'link', 'set', two.interface, 'down']);
  expect(await statesOf(hosts)).toMatchObject({ 'compute-1': 'up', 'compute-2': 'down' });
  await two.run(['ip', 'link', 'set', two.interface, 'up']);
  expect(await statesOf(hosts)).toMatchObject({ 'compute-1': 'up', 'compute-2': 'up' });
});

test('an observer that is cut off itself blames no host', async () => {
  const own = net.of('eye');
  await own.run(['ip', 'link', 'set', own.interface, 'down']);
  const seen = await observer().observe(['compute-1', 'compute-2']);
  await own.run(['ip', 'link', 'set', own.interface, 'up']);
  expect(seen.map(({ state }) => state)).toEqual(['unknown', 'unknown']);
  expect(seen[0]?.statement).toContain('eye sees nothing');
  expect(await statesOf(['compute-1'])).toEqual({ 'compute-1': 'up' });
});

test('a canary that is dead makes everything unknown; one of two is enough', async () => {
  const gateway = net.of('gateway').address;
  const from = eye();
  const of = async (canaries: readonly [string, ...string[]]): Promise<string | undefined> =>
    (await pingObserver({ canaries, from, address: addressOf, timeout: '200ms' }).observe(['compute-1']))[0]
      ?.state;
  expect(await of([net.spare(2)])).toBe('unknown');
  expect(await of([net.spare(2), gateway])).toBe('up');
});

test('2,000 hosts in one look', async () => {
  const hosts = Array.from({ length: 2_000 }, (_, at) => `host-${at}`);
  const address = (host: string): string => {
    const at = Number(host.slice(5));
    return `127.1.${at >> 8}.${at & 255}`;
  };
  const many = pingObserver({ canaries: ['127.0.0.1'], address });
  const seen = await many.observe(hosts);
  expect(seen).toHaveLength(2_000);
  // A machine that does other things may lose a packet; three of one host in a row it hardly loses.
  expect(seen.filter(({ state }) => state === 'up').length).toBeGreaterThan(1_980);
});
