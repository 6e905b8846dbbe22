import { downOrRecovering } from '../down-or-recovering.ts';
import type { Situation } from '../situation.ts';
import { answersOf, type Gate } from './gate.ts';

const say = answersOf({ id: 'share-down', onMissing: 'closed' });

/**
 * What share of the cloud is down? Strictly more than the limit stops everything; earlier recoveries count until their
 * hosts are back, so that a slow cascade adds up. A host that was looked at lately and is missing from Nova's list counts as
 * down: a list that is cut short makes no cloud smaller.
 */
export const shareDown: Gate = {
  id: 'share-down',
  question: 'Is too much of the cloud down to be a matter of single hosts?',
  scope: 'cycle',
  onMissing: 'closed',
  why: 'A share of an unknown number is not known.',
  judge(situation, candidates) {
    const { cloud, policy } = situation;
    if (cloud.hosts === undefined) return [say.missing('the list of compute hosts could not be read')];
    const missing = missingHosts(situation);
    const all = cloud.hosts.length + missing.length;
    if (all < policy.shareNeedsHosts)
      return [say.open(`of ${all} hosts each is a large share: hosts-at-once decides`)];
    const down = new Set([...downOrRecovering(situation, candidates), ...missing]).size;
    const cut = missing.length === 0 ? '' : `, ${missing.length} of them missing from the list`;
    const words = `${down} of ${all} hosts are down or recovered and not back${cut}`;
    return [down > policy.maxShareDown * all ? say.closed(words) : say.open(words)];
  },
};

/** Hosts of which an observer told within `flapWindow`, and which Nova's list does not have. */
function missingHosts({ now, cloud, history, observations, policy }: Situation): string[] {
  if (history.observations.length + observations.length === 0) return [];
  const listed = new Set(cloud.hosts?.map(({ host }) => host));
  const missing = new Set<string>();
  for (const looks of [history.observations, observations])
    for (const { host, at, state } of looks)
      if (state !== 'unknown' && !listed.has(host) && now - at <= policy.flapWindow) missing.add(host);
  return [...missing];
}
