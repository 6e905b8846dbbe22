import { createServer } from 'node:net';
import { virtualClock } from '@groundcrew/sim';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PowerState } from '../../src/fencing/power-driver.ts';
import { novaServiceObserver } from '../../src/instances/observers/nova-service.ts';
import { powerObserver } from '../../src/instances/observers/power.ts';
import { storageHeartbeatObserver } from '../../src/instances/observers/storage-heartbeat.ts';
import { tcpObserver } from '../../src/instances/observers/tcp.ts';
import { answering } from '../foreign/dark-cells.ts';
import { type Site, siteWithServers } from './site.ts';

// What an observer does not see is unknown: `down` would be a vote for cutting the power, and `up` one for life.

describe('the board', () => {
  const word = async (state: PowerState): Promise<string | undefined> => {
    const driver = {
      method: 'mine',
      read: async () => ({ state, statement: state }),
      off: async () => {},
      on: async () => {},
    };
    const [look] = await powerObserver(driver, { clock: virtualClock() }).observe(['h']);
    return look?.state;
  };

  test('that says on is no sign of life, since a machine with power may hang', async () => {
    expect(await word('on')).toBe('unknown');
  });

  test('that does not know is no vote', async () => {
    expect(await word('unknown')).toBe('unknown');
    expect(await word('off')).toBe('down');
  });
});

test('the storage: a host that never wrote is unknown, and the statement says so', async () => {
  const clock = virtualClock();
  const observer = storageHeartbeatObserver({ lastWrite: async () => undefined, silence: '1m', clock });
  expect(await observer.observe(['h'])).toMatchObject([
    { state: 'unknown', statement: 'it never wrote a heartbeat' },
  ]);
});

describe('a port', () => {
  test('that refuses is a sign of life: a kernel answered', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await new Promise((resolve) => server.close(resolve));
    const observer = tcpObserver({ address: () => ({ host: '127.0.0.1', port }) });
    expect(await observer.observe(['h'])).toMatchObject([{ state: 'up' }]);
  });

  test('of a name that does not resolve is unknown: it is the observer that fails', async () => {
    const observer = tcpObserver({ address: () => ({ host: 'no-such-host.invalid', port: 22 }) });
    expect(await observer.observe(['h'])).toMatchObject([{ state: 'unknown' }]);
  });
});

describe('the heartbeats', () => {
  /** The rows of nova-compute, changed on the way. */
  async function looks(
    change: (row: Record<string, unknown>, site: Site) => object | undefined,
    hosts: readonly string[],
    before: (site: Site) => Promise<unknown> = async () => undefined,
  ): Promise<string[]> {
    const site = await siteWithServers(0);
    await before(site);
    const seen = answering(site.simulated, async (request, response) => {
      if (!new URL(request.url).pathname.endsWith('/os-services') || response.status !== 200) return response;
      const body = (await response.json()) as { services: Record<string, unknown>[] };
      return Response.json({ services: body.services.flatMap((row) => change(row, site) ?? []) });
    });
    onTestFinished(async () => seen[Symbol.asyncDispose]());
    return (await novaServiceObserver(seen).observe(hosts)).map(({ host, state }) => `${host} ${state}`);
  }
  const at = (ms: number): string => new Date(ms).toISOString().replace('Z', '000').slice(0, 26);
  const ours = {
    forced_down: true,
    state: 'down',
    disabled_reason: 'groundcrew: evacuating (run-1)',
    status: 'disabled',
  };
  /** The host that we forced down was silent for so long. */
  const silent =
    (seconds: number, others: Readonly<Record<string, object>> = {}) =>
    (row: Record<string, unknown>, { simulated }: Site): object =>
      row['host'] === 'compute-2'
        ? { ...row, ...ours, updated_at: at(simulated.clock.now() - seconds * 1000) }
        : { ...row, updated_at: at(simulated.clock.now()), ...others[String(row['host'])] };

  test('a host that Nova does not have is unknown', async () => {
    expect(await looks((row) => row, ['compute-9'])).toEqual(['compute-9 unknown']);
    expect(await looks((row) => (row['host'] === 'compute-2' ? undefined : row), ['compute-2'])).toEqual([
      'compute-2 unknown',
    ]);
  });

  test('a host that we forced down is down when it is silent for a minute, against the newest that is up', async () => {
    expect(await looks(silent(61), ['compute-2'])).toEqual(['compute-2 down']);
    expect(await looks(silent(59), ['compute-2'])).toEqual(['compute-2 unknown']);
  });

  test('not against the mark of another that is down: that is a change of the row, too', async () => {
    const stale = (row: Record<string, unknown>, site: Site): object => {
      const now = site.simulated.clock.now();
      const others = {
        'compute-1': { updated_at: at(now - 30_000) },
        'compute-3': { state: 'down', updated_at: at(now) },
      };
      return silent(80, others)(row, site);
    };
    expect(await looks(stale, ['compute-2'])).toEqual(['compute-2 unknown']);
  });

  test('a row that is up without a time does not hide it', async () => {
    const others = { 'compute-1': { updated_at: null } };
    expect(await looks(silent(61, others), ['compute-2'])).toEqual(['compute-2 down']);
  });
});
