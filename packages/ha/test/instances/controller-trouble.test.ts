import { type Journal, type Lease, memoryJournal, memoryState, type Plan } from '@groundcrew/runbook';
import { expect, test } from 'vitest';
import { readCloudView } from '../../src/instances/cloud-view.ts';
import { haController } from '../../src/instances/controller.ts';
import type { ControllerOptions } from '../../src/instances/controller-options.ts';
import type { ControllerEvents } from '../../src/instances/controller-events.ts';
import { emptyHistory, type HaHistory } from '../../src/instances/history.ts';
import { observeHosts } from '../../src/instances/observe-hosts.ts';
import type { Observer } from '../../src/instances/observation.ts';
import { haPolicy } from '../../src/instances/policy.ts';
import { type Site, siteWithServers, recoveryOf } from './site.ts';

const policy = haPolicy({ observers: ['eye'], returning: 'never' });

/** Sees what it is told to see. */
const eyeOf = ({ cloud }: Site, dead: ReadonlySet<string>): Observer => ({
  id: 'eye',
  observe: async (hosts) =>
    hosts.map((host) => ({
      host,
      observer: 'eye',
      at: cloud.clock.now(),
      state: dead.has(host) ? 'down' : 'up',
      statement: 'looked',
    })),
});

interface Trial {
  readonly told: string[];
  readonly rounds: number;
}

/** Runs a controller until `enough` says so after something was told, at most for so many rounds. */
async function trial(
  site: Site,
  dead: ReadonlySet<string>,
  options: Partial<ControllerOptions>,
  enough: (told: readonly string[], rounds: number) => boolean = () => false,
  limit = 30,
): Promise<Trial> {
  const journals = new Map<string, Journal>();
  const controller = haController({
    cloud: site.cloud,
    fencer: site.fence,
    observers: [eyeOf(site, dead)],
    policy,
    state: memoryState(),
    journal: (name) => journals.get(name) ?? journals.set(name, memoryJournal()).get(name) ?? memoryJournal(),
    ...options,
  });
  const told: string[] = [];
  const stop = new AbortController();
  let rounds = 0;
  const tell = <Name extends keyof ControllerEvents>(
    name: Name,
    words: (event: ControllerEvents[Name][0]) => string | undefined,
  ): void => {
    controller.events.on(name, (event: ControllerEvents[Name][0]) => {
      const said = words(event);
      if (said !== undefined) told.push(said);
      if (rounds >= limit || enough(told, rounds)) stop.abort();
    });
  };
  tell('decided', () => {
    rounds += 1;
    return undefined;
  });
  tell('started', ({ host, purpose }) => `${purpose} ${host}`);
  tell('ended', ({ host, purpose, outcome }) => `${purpose} ${host}: ${outcome.status}`);
  tell('declined', ({ host, refusals }) => `declined ${host}: ${refusals[0]?.code}`);
  tell('orphans', ({ findings }) => `orphans ${findings.map(({ subject }) => subject.id).join()}`);
  tell('trouble', ({ error }) => `trouble ${error instanceof Error ? error.message : String(error)}`);
  await controller.run({ signal: stop.signal });
  return { told, rounds };
}

const lookAt = async (observers: readonly Observer[]): Promise<readonly unknown[]> => {
  const { signal } = new AbortController();
  const seen = await observeHosts(observers, ['a', 'b'], { now: () => 7, signal, patience: 50 });
  return seen.observations;
};

test('an observer that throws, hangs or answers rubbish is blind, and the others are heard', async () => {
  const good: Observer = {
    id: 'good',
    observe: async () => [{ host: 'a', observer: 'good', at: 7, state: 'up', statement: 'there' }],
  };
  const throwing: Observer = {
    id: 'throwing',
    observe: () => {
      throw new Error('no eyes');
    },
  };
  const hanging: Observer = { id: 'hanging', observe: () => new Promise(() => {}) };
  const rubbish = { id: 'rubbish', observe: async () => undefined } as unknown as Observer;
  const seen = await lookAt([throwing, good, hanging, rubbish]);
  const blind = (observer: string, host: string, statement: unknown): object => ({
    host,
    observer,
    at: 7,
    state: 'unknown',
    statement,
  });
  expect(seen).toEqual([
    blind('throwing', 'a', expect.stringContaining('no eyes')),
    blind('throwing', 'b', expect.stringContaining('no eyes')),
    { host: 'a', observer: 'good', at: 7, state: 'up', statement: 'there' },
    blind('hanging', 'a', expect.stringContaining('no answer within 0.05 s')),
    blind('hanging', 'b', expect.stringContaining('no answer within 0.05 s')),
    blind('rubbish', 'a', expect.stringContaining('no list')),
    blind('rubbish', 'b', expect.stringContaining('no list')),
  ]);
});

const runningOn = (host: string, journal: string): HaHistory => ({
  ...emptyHistory,
  recoveries: [{ host, journal, startedAt: Date.parse('2026-01-01T00:00:00Z'), state: 'running' }],
});

/** A journal in which a recovery of compute-2 has begun, and nothing else. */
async function begunJournal(site: Site): Promise<Journal> {
  const plan = await recoveryOf(site, 'compute-2', policy);
  const journal = memoryJournal();
  const open = await journal.open({ holder: 'earlier' });
  await open.append(
    { type: 'run-started', run: 'run-1', plan: plan, by: undefined },
    '2026-01-01T00:00:00.000Z',
  );
  await open.close();
  return journal;
}

test('a journal that cannot be read holds up its own host alone', async () => {
  const site = await siteWithServers(2);
  site.boards.crash('compute-2');
  const broken: Journal = {
    read: async () => {
      throw new Error('I/O error');
    },
    open: async () => {
      throw new Error('I/O error');
    },
  };
  const others = new Map<string, Journal>();
  const { told } = await trial(
    site,
    new Set(['compute-2']),
    {
      state: memoryState(runningOn('compute-1', 'broken')),
      journal: (name) => {
        const there = name === 'broken' ? broken : (others.get(name) ?? memoryJournal());
        others.set(name, there);
        return there;
      },
    },
    (said) => said.includes('recover compute-2: succeeded'),
  );
  expect(told).toContain('trouble I/O error');
  expect(told).toContain('recover compute-2: succeeded');
  expect(told.some((line) => line.startsWith('recover compute-1'))).toBe(false);
});

test('a run that a zombie still holds is waited for, not begun anew', async () => {
  const site = await siteWithServers(2);
  site.boards.crash('compute-2');
  const journal = await begunJournal(site);
  const zombie = await journal.open({ holder: 'zombie' });
  const asked: string[] = [];
  const state = memoryState(runningOn('compute-2', 'mine'));
  const { told } = await trial(
    site,
    new Set(['compute-2']),
    {
      state,
      journal: (name) => {
        asked.push(name);
        return journal;
      },
    },
    (said, rounds) => {
      if (rounds === 5) void zombie.close();
      return said.includes('recover compute-2: succeeded');
    },
  );
  expect(told).toContain('recover compute-2: refused');
  expect(told.at(-1)).toBe('recover compute-2: succeeded');
  expect(new Set(asked)).toEqual(new Set(['mine']));
  expect(site.boards.orders).toEqual(['off compute-2']);
});

test('an approver may take long: the rounds go on, and what is back by then is left alone', async () => {
  const site = await siteWithServers(2);
  site.boards.crash('compute-2');
  const dead = new Set(['compute-2']);
  const asked: Plan[] = [];
  const { promise, resolve } = Promise.withResolvers<{ readonly by: string } | undefined>();
  const { told, rounds } = await trial(
    site,
    dead,
    {
      approve: (plan) => {
        asked.push(plan);
        return promise;
      },
    },
    (_, round) => {
      if (round === 20) dead.delete('compute-2');
      if (round === 24) resolve({ by: 'ops' });
      return false;
    },
    30,
  );
  expect(rounds).toBeGreaterThanOrEqual(30);
  expect(asked).toHaveLength(1);
  expect(told).toEqual([]);
  expect(site.boards.orders).toEqual([]);
});

test('approved late, and still wanted: run; what cannot be asked is no yes', async () => {
  const site = await siteWithServers(1);
  site.boards.crash('compute-2');
  let no = 2;
  const { told } = await trial(
    site,
    new Set(['compute-2']),
    {
      approve: async () => {
        no -= 1;
        if (no > 0) throw new Error('the pager is broken');
        return { by: 'ops' };
      },
    },
    (said) => said.includes('declined compute-2: ha.not-approved'),
  );
  expect(told).toEqual(['trouble the pager is broken', 'declined compute-2: ha.not-approved']);
  const again = await trial(site, new Set(['compute-2']), { approve: async () => ({ by: 'ops' }) }, (said) =>
    said.includes('recover compute-2: succeeded'),
  );
  expect(again.told).toEqual(['recover compute-2', 'recover compute-2: succeeded']);
});

test('approved after the lease was lost: nothing begins, and nothing is remembered over the next leader', async () => {
  const site = await siteWithServers(2);
  site.boards.crash('compute-2');
  const lost = new AbortController();
  const { promise, resolve } = Promise.withResolvers<{ readonly by: string } | undefined>();
  let leading = 0;
  const lease: Lease = {
    async acquire({ signal }) {
      leading += 1;
      if (leading > 1) await new Promise((_, reject) => signal?.addEventListener('abort', reject));
      return { holder: 'me', token: leading, lost: lost.signal, release: async () => {} };
    },
  };
  let saved = 0;
  const inner = memoryState();
  const stop = new AbortController();
  const controller = haController({
    cloud: site.cloud,
    fencer: site.fence,
    observers: [eyeOf(site, new Set(['compute-2']))],
    policy,
    lease,
    approve: () => promise,
    journal: () => memoryJournal(),
    state: {
      load: () => inner.load(),
      save: async (value) => {
        if (lost.signal.aborted) saved += 1;
        await inner.save(value);
      },
    },
  });
  const started: string[] = [];
  let rounds = 0;
  controller.events.on('started', ({ host }) => started.push(host));
  controller.events.on('decided', () => {
    rounds += 1;
    if (rounds === 6) lost.abort(new Error('somebody else has it'));
  });
  controller.events.on('following', () => {
    resolve({ by: 'ops' });
    setImmediate(() => stop.abort());
  });
  await controller.run({ signal: stop.signal });
  expect(started).toEqual([]);
  expect(saved).toBe(0);
  expect(site.boards.orders).toEqual([]);
});

test('what an earlier controller left behind is told of once', async () => {
  const site = await siteWithServers(1);
  const view = await readCloudView(site.cloud);
  const service = view.hosts?.find(({ host }) => host === 'compute-3')?.service ?? '';
  await site.cloud.compute.at('2.73').services.update({
    id: service,
    status: 'disabled',
    disabled_reason: 'groundcrew: evacuating (run-7)',
  });
  const { told } = await trial(site, new Set(), {}, () => false, 5);
  expect(told).toEqual(['orphans compute-3']);
});
