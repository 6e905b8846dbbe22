import { type Journal, memoryJournal, memoryState, type Plan } from '@groundcrew/runbook';
import { expect, test } from 'vitest';
import { haController, type HaController } from '../../src/instances/controller.ts';
import type { ControllerOptions } from '../../src/instances/controller-options.ts';
import type { Decision } from '../../src/instances/decision.ts';
import type { Observer } from '../../src/instances/observation.ts';
import { novaServiceObserver } from '../../src/instances/observers/nova-service.ts';
import { haPolicy } from '../../src/instances/policy.ts';
import { type Site, siteWithServers, whereIs } from './site.ts';

/** Sees which simulated machines work. */
const pinging = ({ simulated, cloud }: Site, dead: ReadonlySet<string>): Observer => ({
  id: 'ping',
  observe: async (hosts) =>
    hosts.map((host) => ({
      host,
      observer: 'ping',
      at: cloud.clock.now(),
      state: dead.has(host) && simulated !== undefined ? 'down' : 'up',
      statement: 'pinged',
    })),
});

interface Watched {
  readonly controller: HaController;
  readonly decisions: Decision[];
  readonly told: string[];
}

function watch(site: Site, dead: Set<string>, differs: Partial<ControllerOptions> = {}): Watched {
  const journals = new Map<string, Journal>();
  const controller = haController({
    cloud: site.cloud,
    fencer: site.fence,
    observers: [novaServiceObserver(site.cloud), pinging(site, dead)],
    policy: haPolicy({ observers: ['nova-service', 'ping'] }),
    state: memoryState(),
    journal: (name) => journals.get(name) ?? journals.set(name, memoryJournal()).get(name) ?? memoryJournal(),
    ...differs,
  });
  const decisions: Decision[] = [];
  const told: string[] = [];
  controller.events.on('decided', ({ decision }) => decisions.push(decision));
  controller.events.on('started', ({ host, purpose }) => told.push(`${purpose} ${host}`));
  controller.events.on('ended', ({ host, purpose, outcome }) =>
    told.push(`${purpose} ${host}: ${outcome.status}`),
  );
  controller.events.on('declined', ({ host }) => told.push(`declined ${host}`));
  controller.events.on('trouble', ({ error }) => told.push(`trouble ${String(error)}`));
  return { controller, decisions, told };
}

/** Runs it until it has told this, at most for so many rounds. */
async function until({ controller, told, decisions }: Watched, said: string, rounds = 400): Promise<void> {
  const stop = new AbortController();
  const check = (): void => {
    if (told.includes(said) || decisions.length > rounds) stop.abort();
  };
  for (const event of ['decided', 'ended', 'declined'] as const) controller.events.on(event, check);
  await controller.run({ signal: stop.signal });
}

test('a host dies: it is fenced, its servers run elsewhere, and it is taken back', async () => {
  const site = await siteWithServers(5);
  const dead = new Set(['compute-2']);
  site.boards.crash('compute-2');
  const watched = watch(site, dead);
  watched.controller.events.on('started', ({ purpose }) => {
    if (purpose === 'return') dead.delete('compute-2');
  });
  await until(watched, 'return compute-2: succeeded');
  expect(watched.told).toEqual([
    'recover compute-2',
    'recover compute-2: succeeded',
    'return compute-2',
    'return compute-2: succeeded',
  ]);
  for (const id of site.servers) expect((await whereIs(site, id)).host).not.toBe('compute-2');
  expect(site.boards.orders).toEqual(['off compute-2', 'on compute-2']);
});

test('all is well: nothing is done', async () => {
  const site = await siteWithServers(2);
  const watched = watch(site, new Set());
  await until(watched, 'never', 20);
  expect(watched.told).toEqual([]);
  expect(site.boards.orders).toEqual([]);
});

test('nobody approves: nothing is touched', async () => {
  const site = await siteWithServers(2);
  site.boards.crash('compute-2');
  const plans: Plan[] = [];
  const approve = async (plan: Plan): Promise<undefined> => void plans.push(plan);
  const watched = watch(site, new Set(['compute-2']), { approve });
  await until(watched, 'declined compute-2');
  expect(plans[0]?.title).toBe('Recover 2 servers of compute-2');
  expect(site.boards.orders).toEqual([]);
});

test('stopped in mid-recovery, another one goes on from the state and the journal', async () => {
  const site = await siteWithServers(6);
  site.boards.crash('compute-2');
  const state = memoryState();
  const journals = new Map<string, Journal>();
  const journal = (name: string): Journal => {
    const there = journals.get(name) ?? memoryJournal();
    journals.set(name, there);
    return there;
  };
  const dead = new Set(['compute-2']);
  const first = watch(site, dead, { state, journal });
  const stop = new AbortController();
  first.controller.events.on('record', ({ record }) => {
    if (record.event.type === 'step-succeeded' && record.event.step === 'declare-down') stop.abort();
  });
  await first.controller.run({ signal: stop.signal });
  expect(first.told).toEqual(['recover compute-2', 'recover compute-2: paused']);

  const policy = haPolicy({ observers: ['nova-service', 'ping'], returning: 'never' });
  const second = watch(site, dead, { state, journal, policy });
  await until(second, 'recover compute-2: succeeded');
  expect(second.told).toEqual(['recover compute-2', 'recover compute-2: succeeded']);
  expect(site.boards.orders).toEqual(['off compute-2']);
  expect(site.simulated.requests.count({ operation: 'servers.evacuate' })).toBe(6);
});

test('of two controllers one acts', async () => {
  const site = await siteWithServers(3);
  site.boards.crash('compute-2');
  const { fileLease } = await import('@groundcrew/runbook');
  const { mkdtemp, rm } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const folder = await mkdtemp(`${tmpdir()}/leader-`);
  const policy = haPolicy({ observers: ['nova-service', 'ping'], returning: 'never' });
  const dead = new Set(['compute-2']);
  const state = memoryState();
  const both = ['a', 'b'].map((holder) =>
    watch(site, dead, { policy, state, holder, lease: fileLease(`${folder}/lease`) }),
  );
  const stop = new AbortController();
  for (const { controller } of both) controller.events.on('ended', () => stop.abort());
  await Promise.all(both.map(({ controller }) => controller.run({ signal: stop.signal })));
  expect(both.flatMap(({ told }) => told)).toEqual(['recover compute-2', 'recover compute-2: succeeded']);
  expect(both.filter(({ decisions }) => decisions.length > 0)).toHaveLength(1);
  await rm(folder, { recursive: true });
});
