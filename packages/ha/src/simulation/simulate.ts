import { aggregateBudget } from '../instances/gates/aggregate-budget.ts';
import { shareDown } from '../instances/gates/share-down.ts';
import { placeServers } from '../instances/place-servers.ts';
import { emptyHistory } from '../instances/history.ts';
import type { HaPolicy } from '../instances/policy.ts';
import { recoveryOrder } from '../instances/recovery-order.ts';
import { sortServers } from '../instances/servers-to-move.ts';
import type { ServerView } from '../instances/situation.ts';
import { type ComponentEffect, effectOn } from './component-effect.ts';
import type { Loss, SimulationInventory } from './inventory.ts';
import { IndexedInventory } from './indexed-inventory.ts';
import {
  type Checked,
  checkedOptions,
  type SimulateLossOptions,
  type SimulationTimes,
} from './simulate-options.ts';

/** The result of one simulated loss. */
export interface SimulationReport {
  readonly loss: Loss;
  /** Every host that is gone; sorted. */
  readonly hosts: readonly string[];
  /** Number of servers that stop. */
  readonly stops: number;
  /** Servers that restart elsewhere, in order, with the time after the failure. */
  readonly restarts: readonly {
    readonly server: string;
    readonly to: string;
    readonly phase: number;
    readonly afterMs: number;
  }[];
  /** Servers that stay down, each with the reason. */
  readonly stays: readonly { readonly server: string; readonly reason: string }[];
  /** Time until the last of `restarts` runs; `undefined` if none does. */
  readonly durationMs: number | undefined;
  /**
   * `unknown`: it depends on what could not be seen: capacity, groups and their policies, servers in a cell that does not
   * respond, or whose host Nova hides.
   */
  readonly verdict: 'all-restart' | 'some-stay' | 'none-restarts' | 'nothing-stops' | 'unknown';
  /** Reasons why the controller would not act, if it would not. */
  readonly heldBack: readonly string[];
  readonly components: readonly ComponentEffect[];
}

/**
 * Simulates a loss: which servers stop, which restart, where and when, which do not and why, and what the management
 * stack loses. Pure.
 *
 * @throws InputError on a host, rack or zone that is not there, and for an unknown option, with its name
 * @example
 * const { stays, durationMs } = simulate(inventory, { zones: ['az2'] });
 */
export const simulate = (
  inventory: SimulationInventory,
  lose: Loss,
  options: SimulateLossOptions = {},
): SimulationReport => simulateIn(new IndexedInventory(inventory), lose, checkedOptions(options, 'simulate'));

/** The same over an index that was made before. */
export function simulateIn(
  inventory: IndexedInventory,
  lose: Loss,
  { policy, times, zones }: Checked,
): SimulationReport {
  const lost = inventory.lost(lose);
  const computes = inventory.computes.filter(({ host }) => lost.has(host));
  const stopped = computes.flatMap(({ host }) => inventory.serversOn.get(host) ?? []);
  const sorted = computes.map(({ host, protected: safe }) => ({
    safe,
    ...sortServers(host, inventory.serversOn.get(host) ?? [], policy, lost),
  }));
  const moving = sorted.flatMap(({ safe, moving: able }) => (safe ? able : []));
  const heldBack = holdsBack(
    inventory,
    computes.map(({ host }) => host),
    policy,
  );
  const { phases } = recoveryOrder(moving);
  const remaining = inventory.computes.filter(({ host }) => !lost.has(host));
  const staying = inventory.grouped.filter(({ host }) => host !== undefined && !lost.has(host));
  const { groups, candidates } = inventory.source.view;
  const { placed, unplaced, verdict } = placeServers(
    phases.flat(),
    heldBack.length > 0 ? [] : remaining,
    staying,
    {
      groups,
      candidates,
      ...(zones === 'bind' && { zoneOf: inventory.zoneOf }),
    },
  );

  const restarts = heldBack.length > 0 ? [] : timed(phases, placed, computes.length, policy, times);
  const stays = [
    ...sorted.flatMap(({ safe, moving: able, left }) => [
      ...left.map(({ server, reason }) => ({ server, reason })),
      ...(safe ? [] : able.map(({ id }) => ({ server: id, reason: 'its host is taken out of protection' }))),
    ]),
    ...(heldBack.length > 0 ? moving.map(({ id }) => ({ server: id, reason: heldBack[0] ?? '' })) : unplaced),
  ];
  return {
    loss: lose,
    hosts: [...lost].toSorted(),
    stops: stopped.length,
    restarts,
    stays,
    durationMs: restarts.length === 0 ? undefined : Math.max(...restarts.map(({ afterMs }) => afterMs)),
    verdict: verdictOf(stopped.length, restarts.length, {
      placement: heldBack.length === 0 && verdict === 'unknown',
      servers: inventory.isUnseen(lost, lose),
    }),
    heldBack,
    components: (inventory.source.components ?? []).map((component) => effectOn(component, lost)),
  };
}

/** The gates that a loss of this size closes for good; those that only delay are in the times. */
function holdsBack(inventory: IndexedInventory, lost: readonly string[], policy: HaPolicy): string[] {
  const { view } = inventory.source;
  const situation = { now: 0, observations: [], cloud: view, policy, history: emptyHistory };
  return [...shareDown.judge(situation, lost), ...aggregateBudget.judge(situation, lost)]
    .filter(({ result }) => result === 'closed')
    .map(({ reason, scope }) => (scope === 'cycle' ? reason : `${scope.host}: ${reason}`));
}

/** Hosts are recovered `maxHostsAtOnce` at a time, and of each batch `concurrency` servers at a time. */
function timed(
  phases: readonly (readonly ServerView[])[],
  placed: ReadonlyMap<string, string>,
  hosts: number,
  policy: HaPolicy,
  { detect, fence, evacuate }: SimulationTimes,
): SimulationReport['restarts'] {
  const batches = Math.max(1, Math.ceil(hosts / policy.maxHostsAtOnce));
  // Each host of a batch has its own run, with its own concurrency.
  const atOnce = policy.concurrency * Math.min(hosts, policy.maxHostsAtOnce);
  let begin = detect + fence * batches;
  const restarts: { server: string; to: string; phase: number; afterMs: number }[] = [];
  for (const [phase, servers] of phases.entries()) {
    let nth = 0;
    for (const { id } of servers) {
      const to = placed.get(id);
      if (to === undefined) continue;
      const wave = Math.floor(nth / atOnce) + 1;
      restarts.push({ server: id, to, phase, afterMs: begin + wave * evacuate + nth * policy.stagger });
      nth += 1;
    }
    begin = restarts.at(-1)?.afterMs ?? begin;
  }
  return restarts;
}

function verdictOf(
  stops: number,
  restarts: number,
  unknown: { readonly placement: boolean; readonly servers: boolean },
): SimulationReport['verdict'] {
  if (unknown.servers) return 'unknown';
  if (stops === 0) return 'nothing-stops';
  if (unknown.placement) return 'unknown';
  if (restarts === stops) return 'all-restart';
  return restarts === 0 ? 'none-restarts' : 'some-stay';
}
