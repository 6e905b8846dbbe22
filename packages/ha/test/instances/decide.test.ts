import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/instances/decide.ts';
import { downOrRecovering } from '../../src/instances/down-or-recovering.ts';
import { nextHistory } from '../../src/instances/next-history.ts';
import type { Situation } from '../../src/instances/situation.ts';
import { hostView, look, NOW, serverView, situations, siteWithDead } from './situations.ts';

const recovered = (situation: Situation): string[] => decide(situation).recover.map(({ host }) => host);
const why = (situation: Situation): string[] => decide(situation).refusals.map(({ code }) => code);
const cloudWith = (situation: Situation, differs: Partial<Situation['cloud']>): Situation => ({
  ...situation,
  cloud: { ...situation.cloud, ...differs },
});

describe('a host that is dead for all to see', () => {
  test('is recovered, with its servers', () => {
    expect(decide(siteWithDead(8, ['compute-3'])).recover).toEqual([
      { host: 'compute-3', servers: ['server-of-compute-3'] },
    ]);
  });

  test('is not, while one observer sees it alive, whoever that is', () => {
    const site = siteWithDead(8, ['compute-3']);
    const alive = { ...site, observations: [...site.observations, look('compute-3', 'ping', 'up')] };
    expect(recovered(alive)).toEqual([]);
    expect(why(alive)).toContain('ha.gate.host-really-down');
  });

  test('is not, if only one of two could look', () => {
    const site = siteWithDead(8, ['compute-3']);
    const blind = site.observations.map((observation) =>
      observation.observer === 'power' && observation.host === 'compute-3'
        ? { ...observation, state: 'unknown' as const }
        : observation,
    );
    expect(recovered({ ...site, observations: blind })).toEqual([]);
  });

  test('is not, before it was seen often enough', () => {
    const site = siteWithDead(8, ['compute-3']);
    const once = site.observations.filter(({ at }) => at === NOW);
    const { hosts } = decide({ ...site, observations: once });
    expect(hosts.find(({ host }) => host === 'compute-3')?.state).toBe('suspected');
  });

  test('is left to the administrator who disabled it, and to InstanceHA', () => {
    const site = siteWithDead(8, ['compute-3']);
    const disabled = (disabledReason: string | undefined): Situation =>
      cloudWith(site, {
        hosts: site.cloud.hosts?.map((view) =>
          view.host === 'compute-3'
            ? hostView(view.host, { up: false, enabled: false, disabledReason })
            : view,
        ),
      });
    expect(why(disabled('new disks'))).toEqual(['ha.maintenance']);
    expect(why(disabled('instanceha evacuation: 2026-11-23'))).toEqual(['ha.instance-ha']);
    expect(recovered(disabled('groundcrew: evacuating (run-1)'))).toEqual(['compute-3']);
  });

  test('is left alone when it dies again and again', () => {
    const site = siteWithDead(8, ['compute-3']);
    const past = [1, 2].map((hours) => ({
      host: 'compute-3',
      startedAt: NOW - hours * 3_600_000,
      state: 'returned' as const,
    }));
    expect(why({ ...site, history: { observations: [], recoveries: past } })).toEqual(['ha.flapping']);
  });
});

describe('the gates', () => {
  test('own-view: who does not reach the API does not act', () => {
    const site = siteWithDead(8, ['compute-3']);
    expect(why(cloudWith(site, { apiMisses: 3 }))).toContain('ha.gate.own-view');
    expect(why(cloudWith(site, { hosts: undefined }))).toContain('ha.gate.own-view');
  });

  test('heartbeat-cliff: half of the hosts vanish at once: the view is blamed, then believed', () => {
    const site = siteWithDead(
      12,
      ['compute-1', 'compute-2', 'compute-3', 'compute-4', 'compute-5', 'compute-6'],
      {
        samples: 1,
      },
    );
    const before = site.observations.map((observation) => ({
      ...observation,
      at: observation.at - 60_000,
      state: 'up' as const,
    }));
    let history: Situation['history'] = { observations: before, recoveries: [] };
    const verdicts: boolean[] = [];
    for (let round = 0; round < 4; round += 1) {
      const now = NOW + round * 10_000;
      const observations = site.observations
        .filter(({ at }) => at === NOW)
        .map((observation) => ({ ...observation, at: now }));
      const situation = { ...site, now, observations, history };
      verdicts.push(why(situation).includes('ha.gate.heartbeat-cliff'));
      history = nextHistory(situation);
    }
    expect(verdicts).toEqual([true, true, true, false]);
  });

  test('data-source: all heartbeats stale is no matter of hosts', () => {
    const names = ['compute-1', 'compute-2', 'compute-3'];
    expect(why(siteWithDead(3, names))).toContain('ha.gate.data-source');
  });

  test('anything-to-move: an empty host keeps its power', () => {
    const site = siteWithDead(8, ['compute-3']);
    expect(why(cloudWith(site, { servers: [] }))).toContain('ha.gate.anything-to-move');
    expect(why(cloudWith(site, { servers: undefined }))).toContain('ha.gate.anything-to-move');
    const optedOut = site.cloud.servers?.map((server) => ({ ...server, haEnabled: false }));
    expect(why(cloudWith(site, { servers: optedOut }))).toContain('ha.gate.anything-to-move');
  });

  test('share-down: strictly more than half, and earlier recoveries count until they are back', () => {
    const policy = { maxHostsAtOnce: 9 };
    expect(
      recovered(siteWithDead(8, ['compute-1', 'compute-2', 'compute-3', 'compute-4'], policy)),
    ).toHaveLength(4);
    const site = siteWithDead(8, ['compute-1', 'compute-2', 'compute-3', 'compute-4'], policy);
    const cascade = [{ host: 'compute-5', startedAt: NOW - 1000, state: 'recovered' as const }];
    expect(why({ ...site, history: { observations: [], recoveries: cascade } })).toContain(
      'ha.gate.share-down',
    );
  });

  test('aggregate-budget: candidates use it up', () => {
    const site = siteWithDead(8, ['compute-1', 'compute-2'], { aggregateBudgets: { gold: 1 } });
    const gold = cloudWith(site, {
      hosts: site.cloud.hosts?.map((view) => ({ ...view, aggregates: ['gold'] })),
    });
    expect(recovered(gold)).toEqual(['compute-1']);
  });

  test('hosts-at-once: running recoveries count', () => {
    const site = siteWithDead(8, ['compute-1', 'compute-2', 'compute-3']);
    expect(recovered(site)).toEqual(['compute-1', 'compute-2']);
    const running = [{ host: 'compute-8', startedAt: NOW, state: 'running' as const }];
    expect(recovered({ ...site, history: { observations: [], recoveries: running } })).toEqual(['compute-1']);
  });

  test('scheduler-up: none closes, not knowing does not', () => {
    const site = siteWithDead(8, ['compute-3']);
    expect(why(cloudWith(site, { schedulers: [{ host: 'c', up: false }] }))).toContain(
      'ha.gate.scheduler-up',
    );
    expect(recovered(cloudWith(site, { schedulers: undefined }))).toEqual(['compute-3']);
  });

  test('kernel-dump: its power is left alone, but not for ever', () => {
    const site = siteWithDead(8, ['compute-3']);
    const dumping = (seconds: number): Situation =>
      cloudWith(site, {
        hosts: site.cloud.hosts?.map((view) => ({ ...view, dumpingSince: NOW - seconds * 1000 })),
      });
    expect(why(dumping(30))).toContain('ha.gate.kernel-dump');
    expect(recovered(dumping(601))).toEqual(['compute-3']);
  });
});

describe('whatever is seen', () => {
  const property = (holds: (situation: Situation) => void): void =>
    fc.assert(fc.property(situations, holds), { numRuns: 400 });

  test('recoveries do happen among these situations', () => {
    const some = fc
      .sample(situations, { numRuns: 400, seed: 3 })
      .filter((situation) => recovered(situation).length > 0);
    expect(some.length).toBeGreaterThan(10);
  });

  test('no host with a fresh sign of life is recovered', () => {
    property((situation) => {
      const all = [...situation.history.observations, ...situation.observations];
      for (const host of recovered(situation)) {
        const latest = new Map<string, (typeof all)[number]>();
        for (const observation of all)
          if (observation.host === host && observation.at >= (latest.get(observation.observer)?.at ?? 0))
            latest.set(observation.observer, observation);
        const fresh = [...latest.values()].filter(({ at }) => NOW - at <= situation.policy.freshness);
        // Two looks of one moment that contradict each other are no sign of life, and no sign of death.
        const alive = fresh.filter(({ state, at, observer }) =>
          all
            .filter(
              (observation) =>
                observation.host === host && observation.observer === observer && observation.at === at,
            )
            .every((observation) => observation.state === 'up' && state === 'up'),
        );
        expect(alive).toEqual([]);
        expect(fresh.filter(({ state }) => state === 'down').length).toBeGreaterThan(0);
      }
    });
  });

  test('never more at once, of an aggregate, or of the cloud than the policy says', () => {
    property((situation) => {
      const hosts = recovered(situation);
      if (hosts.length === 0) return;
      const { policy, cloud, history } = situation;
      const running = history.recoveries.filter(({ state }) => state === 'running').length;
      expect(hosts.length + running).toBeLessThanOrEqual(Math.max(policy.maxHostsAtOnce, running));
      const away = downOrRecovering(situation, hosts);
      const inA = (cloud.hosts ?? [])
        .filter(({ host, aggregates }) => aggregates.includes('a') && away.has(host))
        .map(({ host }) => host);
      // Those that were judged down and refused do not use up the budget of those that were let through.
      const refused = new Set(
        decide(situation)
          .hosts.filter(({ host, state }) => state === 'down' && !hosts.includes(host))
          .map(({ host }) => host),
      );
      const counted = inA.filter((host) => !refused.has(host));
      const budget = counted.some((host) => hosts.includes(host)) ? policy.aggregateBudgets['a'] : undefined;
      expect(counted.length).toBeLessThanOrEqual(budget ?? Infinity);
      const all = cloud.hosts?.length ?? 0;
      expect(away.size).toBeLessThanOrEqual(
        all < policy.shareNeedsHosts ? Infinity : policy.maxShareDown * all,
      );
    });
  });

  test('every host that is down is recovered, or refused with a reason', () => {
    property((situation) => {
      const { hosts, recover, refusals, gates } = decide(situation);
      for (const { host } of hosts.filter(({ state }) => state === 'down')) {
        const refusedAlone = refusals.some(({ subject }) => subject?.id === host);
        const refusedForAll = gates.some(({ scope, result }) => scope === 'cycle' && result === 'closed');
        expect(recover.some((recovery) => recovery.host === host) || refusedAlone || refusedForAll).toBe(
          true,
        );
      }
    });
  });

  test('the order of what was seen decides nothing', () => {
    fc.assert(
      fc.property(situations, fc.infiniteStream(fc.nat()), (situation, random) => {
        const shuffled = situation.observations
          .map((observation) => ({ observation, at: random.next().value ?? 0 }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ observation }) => observation);
        expect(decide({ ...situation, observations: shuffled })).toEqual(decide(situation));
      }),
    );
  });

  test('an observer that goes blind never causes a recovery', () => {
    fc.assert(
      fc.property(situations, fc.constantFrom('nova-service', 'power'), (situation, observer) => {
        const allowed = {
          ...situation,
          policy: { ...situation.policy, maxHostsAtOnce: 99, aggregateBudgets: {} },
        };
        const blind = {
          ...allowed,
          observations: allowed.observations.map((observation) =>
            observation.observer === observer && observation.state === 'down'
              ? { ...observation, state: 'unknown' as const }
              : observation,
          ),
        };
        const before = recovered({ ...allowed, policy: { ...allowed.policy, maxShareDown: 1 } });
        const after = recovered({ ...blind, policy: { ...blind.policy, maxShareDown: 1 } });
        expect(before).toEqual(expect.arrayContaining(after));
      }),
    );
  });

  test('a history that went through a file decides the same', () => {
    property((situation) => {
      const history = nextHistory(situation);
      const read = JSON.parse(JSON.stringify(history)) as typeof history;
      const later = { ...situation, now: NOW + 10_000, observations: [] };
      expect(decide({ ...later, history: read })).toEqual(decide({ ...later, history }));
    });
  });

  test('what the history leaves out changes no decision', () => {
    property((situation) => {
      const later = {
        ...situation,
        now: NOW + 10_000,
        observations: [look('compute-1', 'power', 'down', -10)],
      };
      const whole = [...situation.history.observations, ...situation.observations];
      const all = decide({ ...later, history: { ...situation.history, observations: whole } });
      const kept = decide({
        ...later,
        history: { ...nextHistory(situation), recoveries: situation.history.recoveries },
      });
      expect(kept.recover).toEqual(all.recover);
    });
  });
});

test('servers with HA_Enabled go first, then by priority; those that opted out stay', () => {
  const site = siteWithDead(8, ['compute-3']);
  const servers = [
    serverView('d-out', 'compute-3', { haEnabled: false }),
    serverView('c-late', 'compute-3', { priority: 200 }),
    serverView('b-plain', 'compute-3'),
    serverView('a-paused', 'compute-3', { state: 'paused' }),
    serverView('z-protected', 'compute-3', { haEnabled: true }),
  ];
  expect(decide(cloudWith(site, { servers })).recover[0]?.servers).toEqual([
    'z-protected',
    'b-plain',
    'c-late',
  ]);
});
