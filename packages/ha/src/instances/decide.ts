import type { Refusal } from '@groundcrew/runbook';
import type { Decision, GateResult, HostJudgement } from './decision.ts';
import { gates as allGates } from './gates/all.ts';
import type { Gate } from './gates/gate.ts';
import { notOurs } from './not-ours.ts';
import { serversToMove } from './servers-to-move.ts';
import type { Situation } from './situation.ts';
import { stabilise } from './stabilise.ts';

/**
 * What to do now. Pure, total and deterministic: the same situation gives the same decision, whatever the order of its
 * observations, so that it can be replayed and its reasons shown.
 *
 * @param gates what must be open @default all ten
 * @example
 * const { recover, refusals } = decide(situation);
 */
export function decide(situation: Situation, gates: readonly Gate[] = allGates): Decision {
  const hosts = stabilise(situation);
  const refusals: Refusal<`ha.${string}`>[] = [];

  let candidates: string[] = [];
  for (const { host } of inOrder(situation, hosts)) {
    const refusal = notOurs(host, situation);
    if (refusal === undefined) candidates.push(host);
    else refusals.push(refusal);
  }

  const results: GateResult[] = [];
  let stopped = false;
  for (const gate of gates) {
    const answers = gate.judge(situation, candidates);
    results.push(...answers);
    const closed = answers.filter(({ result }) => result === 'closed');
    const shut = new Set(closed.flatMap(({ scope }) => (scope === 'cycle' ? [] : [scope.host])));
    if (closed.some(({ scope }) => scope === 'cycle')) stopped = true;
    if (candidates.length > 0) refusals.push(...closed.map(refusalOf));
    candidates = candidates.filter((host) => !shut.has(host));
  }

  const recover = stopped
    ? []
    : candidates.map((host) => ({
        host,
        servers: serversToMove(host, situation.cloud.servers ?? [], situation.policy).map(({ id }) => id),
      }));
  return {
    at: situation.now,
    hosts,
    gates: results,
    recover,
    bringBack: comeBack(situation, hosts),
    refusals,
  };
}

/** Those that are down, with the most servers first: budgets are spent where they help most. */
function inOrder({ cloud, policy }: Situation, hosts: readonly HostJudgement[]): HostJudgement[] {
  const carries = (host: string): number => serversToMove(host, cloud.servers ?? [], policy).length;
  return hosts
    .filter(({ state }) => state === 'down')
    .toSorted((a, b) => carries(b.host) - carries(a.host) || (a.host < b.host ? -1 : 1));
}

function comeBack({ history, policy }: Situation, hosts: readonly HostJudgement[]): string[] {
  if (policy.returning === 'never') return [];
  const up = new Set(hosts.filter(({ state }) => state === 'up').map(({ host }) => host));
  const recovered = new Set(
    history.recoveries.filter(({ state }) => state === 'recovered').map(({ host }) => host),
  );
  return [...recovered].filter((host) => policy.returning === 'power-on' || up.has(host)).toSorted();
}

const refusalOf = ({ gate, scope, reason }: GateResult): Refusal<`ha.${string}`> => ({
  code: `ha.gate.${gate}`,
  reason: scope === 'cycle' ? reason : `${scope.host}: ${reason}`,
  remedy: 'It is asked again in the next round; if it was right to wait, nothing needs doing.',
  ...(scope === 'cycle' ? {} : { subject: { kind: 'compute host', id: scope.host } }),
});
