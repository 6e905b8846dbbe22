import { ObservationsByHost } from '../observations-by-host.ts';
import { answersOf, type Gate } from './gate.ts';

const say = answersOf({ id: 'heartbeat-cliff', onMissing: 'open' });

/** Fewer than these say nothing about a share. */
const FEWEST = 3;

/**
 * Did hosts fail, or did we lose sight? When most of what an observer saw alive vanishes between two looks, the view is
 * the likelier culprit. After `cliffSamples` further looks it is believed.
 */
export const heartbeatCliff: Gate = {
  id: 'heartbeat-cliff',
  question: 'Did hosts fail, or did an observer lose its sight?',
  scope: 'cycle',
  onMissing: 'open',
  why: 'Without earlier looks there is nothing to fall from; the other gates stand.',
  judge({ observations, history, policy }) {
    const byHost = new ObservationsByHost([...history.observations, ...observations]);
    const hosts = byHost.hosts();
    let compared = false;
    for (const observer of policy.observers)
      for (let back = 1; back <= policy.cliffSamples; back += 1) {
        const seenBefore = hosts.filter((host) => byHost.of(host, observer).at(-1 - back)?.state === 'up');
        if (seenBefore.length < FEWEST) continue;
        compared = true;
        const gone = seenBefore.filter((host) =>
          byHost
            .of(host, observer)
            .slice(-back)
            .every(({ state }) => state !== 'up'),
        );
        if (gone.length >= policy.cliff * seenBefore.length)
          return [
            say.closed(
              `${observer} lost ${gone.length} of ${seenBefore.length} hosts at once, ${back} of ${policy.cliffSamples} looks ago`,
            ),
          ];
      }
    return compared
      ? [say.open('no observer lost many hosts at once')]
      : [say.missing('no earlier looks to compare with')];
  },
};
