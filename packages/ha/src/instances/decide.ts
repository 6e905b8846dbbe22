import type { Refusal } from '@groundcrew/runbook';
import { blindObservers } from './blind-observers.ts';
import type { Decision, GateResult, HostJudgement } from './decision.ts';
import { judged } from './gates/judged.ts';
import { gates as allGates } from './gates/all.ts';
import type { Gate } from './gates/gate.ts';
import { heldOff } from './held-off.ts';
import { leftBehind } from './left-behind.ts';
import { managedElsewhere } from './managed-elsewhere.ts';
import { isSetAside, serversToMove, sortServers } from './servers-to-move.ts';
import type { Situation } from './situation.ts';
import { stabilise } from './stabilise.ts';

/**
 * Decides what to do now. Pure, total and deterministic: the same situation gives the same decision, whatever the order of its
 * observations, so that it can be replayed and its reasons shown.
 *
 * @param gates what must be open @default all ten
 * @example
 * const { recover, refusals } = decide(situation);
 */
export function decide(situation: Situation, gates: readonly Gate[] = allGates): Decision {
  const hosts = stabilise(situation);
  const refusals: Refusal<`ha.${string}`>[] = [];
  const off = heldOff(situation);
  const blind = blindObservers(situation);

  let candidates: string[] = [];
  for (const { host } of inOrder(situation, hosts)) {
    const refusal = managedElsewhere(host, situation);
    if (refusal === undefined) candidates.push(host);
    else refusals.push(refusal);
  }

  const results: GateResult[] = [];
  let stopped = false;
  for (const gate of gates) {
    const answers = judged(gate, situation, candidates);
    results.push(...answers);
    // Open is what says so: a gate of one's own may say anything.
    const closed = answers.filter(({ result }) => result !== 'open');
    const shut = new Set(closed.flatMap(({ scope }) => (scope === 'cycle' ? [] : [scope.host])));
    if (closed.some(({ scope }) => scope === 'cycle')) stopped = true;
    // Where an observer's word was set aside, what else speaks against acting is worth hearing.
    if (candidates.length > 0) refusals.push(...closed.map(refusalOf));
    else if (blind.length > 0)
      refusals.push(...closed.filter(({ scope }) => scope === 'cycle').map(refusalOf));
    candidates = candidates.filter((host) => !shut.has(host));
  }

  const recover = stopped
    ? []
    : candidates.map((host) => ({
        host,
        servers: serversToMove(host, situation.cloud.servers ?? [], situation.policy, off).map(
          ({ id }) => id,
        ),
      }));
  const left = leftBehind(situation, hosts, recover);
  return {
    at: situation.now,
    hosts,
    gates: results,
    recover,
    bringBack: comeBack(
      situation,
      hosts,
      recover.map(({ host }) => host),
    ),
    leftBehind: left,
    blind,
    refusals: [
      ...refusals,
      ...blind.map(({ observer, reason }): Refusal<'ha.observer-blind'> => ({
        code: 'ha.observer-blind',
        reason: `${observer}: ${reason}`,
        remedy: 'Look at what it looks through; its word counts again when it sees somebody.',
      })),
      ...left.map(({ host, servers }): Refusal<'ha.left-behind'> => ({
        code: 'ha.left-behind',
        reason: `${host}: ${servers.length} servers stay on it: ${wordsOf(servers)}`,
        remedy: 'Each is named in `leftBehind`, with what it waits for.',
        subject: { kind: 'compute host', id: host },
      })),
    ],
  };
}

/** Those that are down, with the most servers first: budgets are spent where they help most. */
function inOrder(situation: Situation, hosts: readonly HostJudgement[]): HostJudgement[] {
  const { cloud, policy } = situation;
  const off = heldOff(situation);
  const carries = new Map(
    hosts.flatMap(({ host, state }) =>
      state === 'down' ? [[host, serversToMove(host, cloud.servers ?? [], policy, off).length]] : [],
    ),
  );
  return hosts
    .filter(({ state }) => state === 'down')
    .toSorted(
      (a, b) => (carries.get(b.host) ?? 0) - (carries.get(a.host) ?? 0) || (a.host < b.host ? -1 : 1),
    );
}

/**
 * Recovered hosts that may have their power back. Not one with a server that may be running elsewhere: at its start
 * nova-compute may start the guest again (nova `compute/manager.py`, `_init_instance`, `resume_guests_state_on_host_boot`).
 */
function comeBack(
  situation: Situation,
  hosts: readonly HostJudgement[],
  recovering: readonly string[],
): string[] {
  const { cloud, history, policy } = situation;
  // Which servers may be running elsewhere is not known without a list of them.
  if (policy.returning === 'never' || cloud.servers === undefined) return [];
  const { servers } = cloud;
  const up = new Set(hosts.filter(({ state }) => state === 'up').map(({ host }) => host));
  const recovered = new Set(
    history.recoveries.filter(({ state }) => state === 'recovered').map(({ host }) => host),
  );
  return [...recovered]
    .filter((host) => policy.returning === 'power-on' || up.has(host))
    .filter((host) => !recovering.includes(host))
    .filter((host) => !sortServers(host, servers, policy).left.some(isSetAside))
    .toSorted();
}

function wordsOf(servers: readonly { readonly name: string; readonly reason: string }[]): string {
  const [first] = servers;
  return first === undefined ? '' : `${first.name} (${first.reason})${servers.length > 1 ? ', …' : ''}`;
}

const refusalOf = ({ gate, scope, reason }: GateResult): Refusal<`ha.${string}`> => ({
  code: `ha.gate.${gate}`,
  reason: scope === 'cycle' ? reason : `${scope.host}: ${reason}`,
  remedy: 'It is asked again in the next round; if it was right to wait, nothing needs doing.',
  ...(scope === 'cycle' ? {} : { subject: { kind: 'compute host', id: scope.host } }),
});
