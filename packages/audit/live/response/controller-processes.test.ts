import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cloud, connect } from '@groundcrew/core';
import { type Daemon, type Postgres, startDaemon, startPostgres, waitUntil } from '@groundcrew/lab';
import { simulateCloud, type SimulatedCloud, virtualClock } from '@groundcrew/sim';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ControllerSetup } from './fixtures/controller-process.ts';

// Controllers of responses as processes: killed anywhere, alone and two over PostgreSQL.
const WITHIN = 90_000;
const AT_ONCE = 5;
const program = new URL('fixtures/controller-process.ts', import.meta.url).pathname;

interface Site {
  readonly cloud: Cloud;
  readonly simulated: SimulatedCloud;
  readonly folder: string;
  readonly group: string;
  start(setup: Omit<ControllerSetup, 'auth' | 'folder'>): Promise<Daemon>;
}

async function siteWithOpenGroup(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-responses-'));
  const simulated = simulateCloud({ scenario: 'small', clock: virtualClock(Date.now()) });
  const { connectOptions } = await simulated.listen({ speed: 1 });
  const cloud = connect(connectOptions);
  onTestFinished(async () => {
    await cloud.close();
    await simulated.close();
    await rm(folder, { recursive: true });
  });
  const { id: group } = await cloud.network.securityGroups.create({ name: 'open' });
  for (const remote_ip_prefix of ['0.0.0.0/1', '128.0.0.0/1'])
    await cloud.network.securityGroupRules.create({
      security_group_id: group,
      direction: 'ingress',
      ethertype: 'IPv4',
      remote_ip_prefix,
    });
  return {
    cloud,
    simulated,
    folder,
    group,
    async start(setup) {
      const whole: ControllerSetup = { ...setup, auth: connectOptions, folder };
      const daemon = await startDaemon(
        [process.execPath, '--conditions=@groundcrew/source', program, JSON.stringify(whole)],
        { within: WITHIN, ready: async () => true },
      );
      onTestFinished(() => daemon.stop(0));
      return daemon;
    },
  };
}

/** Waits until it has said so, or has ended. */
async function says(daemon: Daemon, what: RegExp): Promise<void> {
  await waitUntil(async () => what.test(daemon.output()) || !daemon.running(), {
    within: WITHIN,
    what: `${String(what)} from a controller`,
  }).catch(() => undefined);
  expect(daemon.output()).toMatch(what);
}

/** Both rules are gone, each was taken away once, and the owner was told of it: once, or twice if it died in between. */
async function isMended({ cloud, simulated, folder, group }: Site): Promise<void> {
  const { security_group_rules } = await cloud.network.securityGroups.get({ id: group });
  expect(security_group_rules.filter(({ direction }) => direction === 'ingress')).toEqual([]);
  const deleted = simulated.requests.filter({ operation: 'securityGroupRules.delete', status: 204 });
  expect(deleted).toHaveLength(2);
  const told = (await readFile(join(folder, 'told'), 'utf8')).trim().split('\n');
  expect(told.length).toBeLessThanOrEqual(2);
  // A receiver that drops what it has sees one.
  expect(new Set(told).size).toBe(1);
}

/** Killed at the n-th thing that it says, and followed by another one. Was there anything to kill? */
async function killedAt(killAt: number): Promise<boolean> {
  const site = await siteWithOpenGroup();
  const first = await site.start({ holder: 'a', killAt });
  await waitUntil(async () => !first.running() || /^good$/m.test(first.output()), {
    within: WITHIN,
    what: 'the end of the first',
  });
  const wasKilled = !first.running();
  const last = wasKilled ? await site.start({ holder: 'b' }) : first;
  await says(last, /^good$/m);
  expect(last.output()).not.toMatch(/^trouble/m);
  await last.stop(0);
  await isMended(site);
  return wasKilled;
}

test('killed at every single thing that it says, it goes on where it was', async () => {
  let moments = 0;
  let wasKilled: readonly boolean[] = [];
  for (let from = 1; from < 60 && !wasKilled.includes(false); from += AT_ONCE) {
    wasKilled = await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => killedAt(from + at)));
    moments += wasKilled.filter(Boolean).length;
  }
  process.stdout.write(`killed at ${moments} moments\n`);
  // It said all that there is to say, before nobody killed it.
  expect(wasKilled).toContain(false);
  expect(moments).toBeGreaterThan(15);
});

describe('two over PostgreSQL', () => {
  let database: Postgres;
  beforeAll(async () => {
    database = await startPostgres();
  }, 600_000);
  afterAll(() => database?.[Symbol.asyncDispose]());

  test('the one that leads asks; it is killed; the other one asks anew, and does it', async () => {
    const site = await siteWithOpenGroup();
    const hesitant = join(site.folder, 'hesitant');
    await writeFile(hesitant, 'yes');
    const setup = { database: database.url, hesitant };
    const leader = await site.start({ ...setup, holder: 'a' });
    await says(leader, /^leads 1$/m);
    const other = await site.start({ ...setup, holder: 'b' });
    await says(other, /^follows: /m);
    await says(leader, /^asked /m);
    await leader.stop(0);
    await says(other, /^leads 2$/m);
    await says(other, /^asked /m);
    // The deadline counts from when the first one told.
    expect(other.output()).not.toMatch(/audit\.notify/);
    await writeFile(hesitant, '');
    await says(other, /^good$/m);
    await isMended(site);
    await other.stop();
    expect(other.output()).toMatch(/^over$/m);
  });
});
