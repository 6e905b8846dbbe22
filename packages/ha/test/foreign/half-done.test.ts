import { type Journal, memoryJournal, memoryState } from '@groundcrew/runbook';
import { type ActiveFault, status as answering } from '@groundcrew/sim';
import { describe, expect, test } from 'vitest';
import { haController } from '../../src/instances/controller.ts';
import type { ControllerOptions } from '../../src/instances/controller-options.ts';
import { decide } from '../../src/instances/decide.ts';
import type { Observer } from '../../src/instances/observation.ts';
import { novaServiceObserver } from '../../src/instances/observers/nova-service.ts';
import { nextHistory } from '../../src/instances/next-history.ts';
import { haPolicy } from '../../src/instances/policy.ts';
import type { Situation } from '../../src/instances/situation.ts';
import { hostView, look, NOW, siteWithDead } from '../instances/situations.ts';
import { type Site, siteWithServers, whereIs } from '../instances/site.ts';

// openstack/masakari, masakari/engine/drivers/taskflow/host_failure.py: a recovery ends in error where Nova does, and the notification is
// tried again by a periodic task (engine/manager.py, `_process_unfinished_notifications`).
// Found by playing a Nova that answers 503 once evacuations have begun: ten servers stayed on a host that was off, for good.

const policy = haPolicy({ observers: ['nova-service', 'ping'], returning: 'never' });

interface Told {
  readonly said: string[];
  readonly leftBehind: string[];
  rounds: number;
  /** An evacuation has begun. */
  evacuating: boolean;
}

/** Runs a controller until it is told to stop. */
async function watch(
  site: Site,
  dead: ReadonlySet<string>,
  enough: (told: Told) => boolean,
  differs: Partial<ControllerOptions> = {},
): Promise<Told> {
  const ping: Observer = {
    id: 'ping',
    observe: async (hosts) =>
      hosts.map((host) => ({
        host,
        observer: 'ping',
        at: site.cloud.clock.now(),
        state: dead.has(host) ? 'down' : 'up',
        statement: 'pinged',
      })),
  };
  const journals = new Map<string, Journal>();
  const controller = haController({
    cloud: site.cloud,
    fencer: site.fence,
    observers: [novaServiceObserver(site.cloud), ping],
    policy,
    state: memoryState(),
    journal: (name) => journals.get(name) ?? journals.set(name, memoryJournal()).get(name) ?? memoryJournal(),
    ...differs,
  });
  const stop = new AbortController();
  const told: Told = { said: [], leftBehind: [], rounds: 0, evacuating: false };
  const check = (): void => {
    if (enough(told) || told.rounds > 600) stop.abort();
  };
  controller.events.on('decided', () => {
    told.rounds += 1;
    check();
  });
  controller.events.on('ended', ({ host, purpose, outcome }) => {
    told.said.push(`${purpose} ${host}: ${outcome.status}`);
    check();
  });
  controller.events.on('record', ({ record: { event } }) => {
    if (event.type !== 'step-started' || !event.step.startsWith('evacuate-')) return;
    told.evacuating = true;
    check();
  });
  controller.events.on('left-behind', ({ hosts }) =>
    told.leftBehind.push(...hosts.map(({ host, servers }) => `${host}: ${servers.length}`)),
  );
  await controller.run({ signal: stop.signal });
  return told;
}

describe('Nova answers 503 once evacuations have begun', () => {
  test.each([400, 1200])('for %i answers: they are taken up again when it is back', async (answers) => {
    const site = await siteWithServers(10);
    site.boards.crash('compute-2');
    let dark: ActiveFault | undefined;
    const told = await watch(site, new Set(['compute-2']), ({ said, evacuating }) => {
      if (evacuating)
        dark ??= site.simulated.fault({
          match: { service: 'compute' },
          first: answers,
          reply: answering(503),
        });
      return said.some((line) => line.endsWith(': succeeded'));
    });
    expect(dark?.struck).toBe(answers);
    expect(told.said.length).toBeGreaterThan(1);
    for (const id of site.servers) expect((await whereIs(site, id)).host).not.toBe('compute-2');
  });

  test('also if everything fails from the moment at which the host was declared down', async () => {
    const site = await siteWithServers(4);
    site.boards.crash('compute-2');
    const struck = site.simulated.fault({
      match: { operation: 'servers.evacuate' },
      reply: answering(503),
    });
    const rest = site.simulated.fault({
      match: { operation: 'services.update' },
      skip: 1,
      reply: answering(503),
    });
    const told = await watch(site, new Set(['compute-2']), ({ said }) => {
      if (said.length > 0) {
        struck.stop();
        rest.stop();
      }
      return said.at(-1)?.endsWith(': succeeded') === true;
    });
    expect(told.said.length).toBeGreaterThan(1);
    expect(told.said.at(-1)).toBe('recover compute-2: succeeded');
    for (const id of site.servers) expect((await whereIs(site, id)).host).not.toBe('compute-2');
  });
});

describe('our own mark does not blind our own eyes', () => {
  test('a host that we forced down is down when it is silent, and unknown while it may report', async () => {
    const site = await siteWithServers(1);
    const observer = novaServiceObserver(site.cloud);
    const services = site.cloud.compute.at('2.73').services;
    const [row] = await Array.fromAsync(services.list({ host: 'compute-2', binary: 'nova-compute' }));
    const id = row?.id ?? '';
    const stateOf = async (): Promise<string | undefined> =>
      (await observer.observe(['compute-2']))[0]?.state;
    const reason = 'groundcrew: evacuating (run-1)';
    await services.update({ id, status: 'disabled', disabled_reason: reason, forced_down: true });
    expect(await stateOf()).toBe('unknown');
    site.boards.crash('compute-2');
    await site.simulated.clock.advance('2m');
    expect(await stateOf()).toBe('down');
    await services.update({ id, status: 'disabled', disabled_reason: 'by hand', forced_down: true });
    expect(await stateOf()).toBe('unknown');
  });

  const fenced = (state: 'half-done' | 'recovered' | 'failed', secondsAgo: number): Situation => {
    const site = siteWithDead(8, ['compute-3']);
    return {
      ...site,
      cloud: {
        ...site.cloud,
        hosts: site.cloud.hosts?.map((view) =>
          view.host === 'compute-3'
            ? hostView(view.host, {
                up: false,
                enabled: false,
                forcedDown: true,
                disabledReason: 'groundcrew: evacuating (run-1)',
              })
            : view,
        ),
      },
      history: {
        observations: [],
        recoveries: [
          { host: 'compute-3', startedAt: NOW - 500_000, endedAt: NOW - secondsAgo * 1000, state },
        ],
      },
    };
  };

  test('a recovery that is half done is remembered for as long as its host is off', () => {
    const { now, history, ...site } = fenced('half-done', 61);
    const later = now + 10 * site.policy.flapWindow;
    expect(nextHistory({ ...site, history, now: later }).recoveries).toEqual(history.recoveries);
  });

  test('a recovery that is half done is taken up again, after a pause', () => {
    expect(decide(fenced('half-done', 61)).recover).toMatchObject([{ host: 'compute-3' }]);
    const early = decide(fenced('half-done', 10));
    expect(early.recover).toEqual([]);
    expect(early.refusals.map(({ code }) => code)).toContain('ha.left-behind');
  });

  test('what ought to be recovered and is not is told in every round, also when nobody sees its host', () => {
    for (const state of ['half-done', 'recovered', 'failed'] as const) {
      const site = fenced(state, 61);
      const blind = site.observations.map((observation) =>
        observation.host === 'compute-3'
          ? look(observation.host, observation.observer, 'unknown', (NOW - observation.at) / 1000)
          : observation,
      );
      const { leftBehind, recover } = decide({ ...site, observations: blind });
      expect(recover).toEqual([]);
      expect(leftBehind).toMatchObject([{ host: 'compute-3', servers: [{ code: 'host-not-judged' }] }]);
    }
  });
});
