import { downOrRecovering } from '../down-or-recovering.ts';
import { answersOf, type Gate } from './gate.ts';

const say = answersOf({ id: 'share-down', onMissing: 'closed' });

/**
 * What share of the cloud is down? Strictly more than the limit stops everything; earlier recoveries count until their
 * hosts are back, so that a slow cascade adds up.
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
    const all = cloud.hosts.length;
    if (all < policy.shareNeedsHosts)
      return [say.open(`of ${all} hosts each is a large share: hosts-at-once decides`)];
    const down = downOrRecovering(situation, candidates).size;
    const words = `${down} of ${all} hosts are down or recovered and not back`;
    return [down > policy.maxShareDown * all ? say.closed(words) : say.open(words)];
  },
};
