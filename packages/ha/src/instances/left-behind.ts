import type { HostJudgement, HostLeftBehind, HostRecovery } from './decision.ts';
import { heldOff } from './held-off.ts';
import { readMarker } from './marker.ts';
import type { PastRecovery } from './history.ts';
import { attemptsOf, isLeft } from './next-history.ts';
import { type LeftBehind, sortServers } from './servers-to-move.ts';
import type { Situation } from './situation.ts';

/**
 * Servers on hosts that are down or were fenced here, which this round moves not: those that no plan moves, with the reason,
 * and those that ought to be moved and are not, since their host is not judged down, or is not to be touched.
 */
export function leftBehind(
  situation: Situation,
  judgements: readonly HostJudgement[],
  recover: readonly HostRecovery[],
): HostLeftBehind[] {
  const { cloud, history, policy } = situation;
  const { servers } = cloud;
  if (servers === undefined) return [];
  const off = heldOff(situation);
  const last = new Map(history.recoveries.map((recovery) => [recovery.host, recovery]));
  const begun = new Set(recover.map(({ host }) => host));
  const views = new Map(cloud.hosts?.map((hostView) => [hostView.host, hostView]));
  return judgements.flatMap(({ host, state, because }): HostLeftBehind[] => {
    const past = last.get(host);
    const ours = past !== undefined && (isLeft(past) || past.state === 'failed');
    const view = views.get(host);
    const marked = readMarker(view?.disabledReason) !== undefined && view?.up === false;
    if (state === 'up' || past?.state === 'running' || (state !== 'down' && !ours && !marked)) return [];
    const { moving, left } = sortServers(host, servers, policy, off);
    const why = begun.has(host) ? undefined : whyStuck(state, because, past);
    const stuck = moving.flatMap((server): LeftBehind[] =>
      why === undefined
        ? []
        : [{ server: server.id, name: server.name, state: server.state, waitsFor: [], ...why }],
    );
    const all = [...stuck, ...left.filter(({ code }) => code !== 'opted-out' && code !== 'deleted')];
    return all.length === 0 ? [] : [{ host, servers: all }];
  });
}

/**
 * The reason why servers that can be moved are not; `undefined` where a gate or a refusal says so, of a host that was never
 * fenced.
 */
function whyStuck(
  state: HostJudgement['state'],
  because: readonly string[],
  past: PastRecovery | undefined,
): Pick<LeftBehind, 'code' | 'reason'> | undefined {
  if (state !== 'down')
    return {
      code: 'host-not-judged',
      reason: `its host was fenced, and is not judged down again: ${because.join('; ')}`,
    };
  if (past === undefined || !isLeft(past)) return undefined;
  return {
    code: 'next-attempt',
    reason: `it could not be moved in ${attemptsOf(past)} attempts; there will be another`,
  };
}
