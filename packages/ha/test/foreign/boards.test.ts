import { virtualClock } from '@groundcrew/sim';
import { describe, expect, test } from 'vitest';
import { fencer } from '../../src/fencing/fencer.ts';
import type { PowerDriver } from '../../src/fencing/power-driver.ts';
import { notifyMasakari } from '../../src/masakari/notify-masakari.ts';
import { siteWithServers } from '../instances/site.ts';

// A power driver of somebody's own may answer anything; only the word `off` is off.

const answering = (answer: unknown): PowerDriver =>
  ({ method: 'mine', read: () => answer, off: async () => {}, on: async () => {} }) as unknown as PowerDriver;

describe('a driver that answers', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['Off in capitals', { state: 'Off', statement: 'Off' }],
    ['no state', { statement: 'off' }],
    ['no statement', { state: 'off' }],
    ['a bare text', 'off'],
    ['false', false],
  ])('%s proves nothing', async (_, answer) => {
    const clock = virtualClock('2026-11-23T12:00:00Z');
    const fence = fencer({ drivers: [answering(answer)], clock, timeout: '5s' });
    await expect(fence.off('compute-1')).rejects.toMatchObject({
      name: 'FenceError',
      code: 'fence-no-reading',
    });
  });

  test('control characters of its statement do not act on whoever reads the proof', async () => {
    const clock = virtualClock('2026-11-23T12:00:00Z');
    const driver = answering({ state: 'off', statement: '\u001b]0;owned\u0007off' });
    const { because } = await fencer({ drivers: [driver], clock }).off('compute-1');
    expect(because.map(({ statement }) => statement).join()).not.toContain('\u001b');
  });
});

// masakari `engine/drivers/taskflow/host_failure.py`: it resets a server with a task to error, and evacuates it.
test('Masakari is not told of a host with a server that may be running elsewhere', async () => {
  const site = await siteWithServers(1);
  const [id = ''] = site.servers;
  await site.cloud.compute.at('2.30').servers.liveMigrate({ id, host: 'compute-3', block_migration: 'auto' });
  site.boards.crash('compute-2');
  const source = await site.fence.off('compute-2');
  await expect(notifyMasakari(site.cloud, source)).rejects.toMatchObject({
    code: 'evacuation-without-proof',
  });
  expect(site.simulated.requests.count({ service: 'instanceHa' })).toBe(0);
});
