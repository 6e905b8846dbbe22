import type { HostJudgement, HostLeftBehind, HostRecovery } from './decision.ts';
import { heldOff } from './held-off.ts';
import { readMarker } from './marker.ts';
import { isLeft } from './next-history.ts';
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
  const last = new Map(history.recoveries.map((one) => [one.host, one]));
  const begun = new Set(recover.map(({ host }) => host));
  const views = new Map(cloud.hosts?.map((one) => [one.host, one]));
  return judgements.flatMap(({ host, state, because }): HostLeftBehind[] => {
    const past = last.get(host);
    const ours = past !== undefined && (isLeft(past) || past.state === 'failed');
    const view = views.get(host);
    const marked = readMarker(view?.disabledReason) !== undefined && view?.up === false;
    if (state === 'up' || past?.state === 'running' || (state !== 'down' && !ours && !marked)) return [];
    const { moving, left } = sortServers(host, servers, policy, off);
    // Of a host that is about to be recovered, or waits for a gate to open, the refusal or the plan speaks.
    const stuck =
      begun.has(host) || state === 'down'
        ? []
        : moving.map((one): LeftBehind => ({
            server: one.id,
            name: one.name,
            state: one.state,
            code: 'host-not-judged',
            reason: `its host was fenced, and is not judged down again: ${because.join('; ')}`,
            waitsFor: [],
          }));
    const all = [...stuck, ...left.filter(({ code }) => code !== 'opted-out' && code !== 'deleted')];
    return all.length === 0 ? [] : [{ host, servers: all }];
  });
}
