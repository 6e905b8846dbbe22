import fc from 'fast-check';
import { emptyHistory } from '../../src/instances/history.ts';
import type { Observation } from '../../src/instances/observation.ts';
import { haPolicy, type HaPolicy } from '../../src/instances/policy.ts';
import type { HostView, ServerView, Situation } from '../../src/instances/situation.ts';

export const NOW = Date.parse('2026-11-23T12:00:00Z');

export const hostView = (host: string, differs: Partial<HostView> = {}): HostView => ({
  host,
  service: `service-of-${host}`,
  zone: 'nova',
  aggregates: [],
  enabled: true,
  up: true,
  forcedDown: false,
  disabledReason: undefined,
  heartbeat: NOW,
  protected: true,
  ...differs,
});

export const serverView = (id: string, host: string, differs: Partial<ServerView> = {}): ServerView => ({
  id,
  name: id,
  project: 'p',
  host,
  state: 'active',
  task: undefined,
  locked: false,
  haEnabled: undefined,
  priority: 100,
  restartAfter: [],
  groups: [],
  needs: { vcpus: 1, memory: 64, disk: 1 },
  ...differs,
});

export const look = (
  host: string,
  observer: string,
  state: Observation['state'],
  secondsAgo = 0,
): Observation => ({ host, observer, at: NOW - secondsAgo * 1000, state, statement: state });

/** Three looks of two observers, 10 s apart, that say the same. */
const agreed = (host: string, state: Observation['state']): Observation[] =>
  ['nova-service', 'power'].flatMap((observer) => [20, 10, 0].map((ago) => look(host, observer, state, ago)));

/** `count` hosts with one server each; those named are dead for all to see. */
export function siteWithDead(
  count: number,
  dead: readonly string[],
  policy: Partial<HaPolicy> = {},
): Situation {
  const names = Array.from({ length: count }, (_, i) => `compute-${i + 1}`);
  const isDead = (host: string): boolean => dead.includes(host);
  return {
    now: NOW,
    observations: names.flatMap((host) => agreed(host, isDead(host) ? 'down' : 'up')),
    cloud: {
      apiMisses: 0,
      hosts: names.map((host) => hostView(host, { up: !isDead(host) })),
      servers: names.map((host) => serverView(`server-of-${host}`, host)),
      schedulers: [{ host: 'controller', up: true }],
      completeness: 'complete',
      gaps: [],
    },
    policy: haPolicy(policy),
    history: emptyHistory,
  };
}

const states = fc.constantFrom<Observation['state'][]>('up', 'down', 'down', 'unknown');

/** Anything that may be seen: contradictions, gaps, looks from the future, half a cloud. */
export const situations: fc.Arbitrary<Situation> = fc
  .record({
    count: fc.integer({ min: 1, max: 9 }),
    maxHostsAtOnce: fc.integer({ min: 1, max: 3 }),
    budget: fc.integer({ min: 0, max: 2 }),
    samples: fc.integer({ min: 1, max: 3 }),
    evacuateAll: fc.constantFrom(true, true, false),
    // Whole hosts that are dead for three looks, so that recoveries are not a rarity.
    isDead: fc.array(fc.constantFrom(true, false, false, false), { minLength: 9, maxLength: 9 }),
  })
  .chain(({ count, budget, isDead, ...policy }) => {
    const host = fc.integer({ min: 1, max: count }).map((n) => `compute-${n}`);
    const names = Array.from({ length: count }, (_, i) => `compute-${i + 1}`);
    const observation = fc.record({
      host,
      observer: fc.constantFrom('nova-service', 'power', 'ping'),
      at: fc.integer({ min: -6, max: 1 }).map((n) => NOW + n * 10_000),
      state: states,
      statement: fc.constant('seen'),
    });
    const dead = names.filter((_, at) => isDead[at]).flatMap((name) => agreed(name, 'down'));
    return fc.record({
      now: fc.constant(NOW),
      observations: fc.array(observation, { maxLength: 8 }).map((further) => [...dead, ...further]),
      cloud: fc.record({
        apiMisses: fc.constantFrom(0, 0, 0, 0, 0, 1, 3),
        hosts: fc.option(
          fc.tuple(
            ...names.map((name) =>
              fc
                .record({
                  up: fc.boolean(),
                  enabled: fc.constantFrom(true, true, true, false),
                  inA: fc.boolean(),
                })
                .map(({ up, enabled, inA }) => hostView(name, { up, enabled, aggregates: inA ? ['a'] : [] })),
            ),
          ),
          { nil: undefined, freq: 8 },
        ),
        servers: fc.option(
          fc.array(
            fc
              .record({ host, id: fc.uuid(), haEnabled: fc.option(fc.boolean(), { nil: undefined }) })
              .map(({ id, host: on, haEnabled }) => serverView(id, on, { haEnabled })),
            { minLength: 6, maxLength: 18 },
          ),
          { nil: undefined, freq: 8 },
        ),
        schedulers: fc.option(
          fc.array(fc.record({ host, up: fc.constantFrom(true, true, false) }), {
            minLength: 1,
            maxLength: 2,
          }),
          {
            nil: undefined,
          },
        ),
        completeness: fc.constant('complete' as const),
        gaps: fc.constant([]),
      }),
      policy: fc.constant(haPolicy({ ...policy, aggregateBudgets: { a: budget } })),
      history: fc.record({
        observations: fc.array(observation, { maxLength: 6 }),
        recoveries: fc.array(
          fc.record({
            host,
            startedAt: fc.integer({ min: 0, max: 200_000 }).map((s) => NOW - s * 1000),
            state: fc.constantFrom('running', 'recovered', 'returned', 'failed', 'undone' as const),
          }),
          { maxLength: 2 },
        ),
      }),
    });
  });
