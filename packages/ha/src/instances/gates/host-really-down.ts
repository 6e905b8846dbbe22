import { ObservationsByHost } from '../observations-by-host.ts';
import { answersOf, type Gate } from './gate.ts';

const say = answersOf({ id: 'host-really-down', onMissing: 'closed' });

/** Is it the host, or only its nova-compute? Any fresh sign of life, of any observer, spares it. */
export const hostReallyDown: Gate = {
  id: 'host-really-down',
  question: 'Is the host down, or only what we watch on it?',
  scope: 'host',
  onMissing: 'closed',
  why: 'A host that nobody looked at lately may be alive.',
  judge({ now, observations, history, cloud, policy }, candidates) {
    const byHost = new ObservationsByHost([...history.observations, ...observations]);
    return candidates.map((host) => {
      const fresh = byHost
        .observers(host)
        .flatMap((observer) => byHost.of(host, observer).slice(-1))
        .filter(({ at }) => now - at <= policy.freshness);
      const alive = fresh.find(({ state }) => state === 'up');
      if (alive !== undefined) return say.closed(`${alive.observer} sees it alive: ${alive.statement}`, host);
      const nova = cloud.hosts?.find((hostView) => hostView.host === host);
      if (nova?.up && !nova.forcedDown) return say.closed('Nova counts it as up', host);
      if (fresh.length === 0) return say.missing('nobody looked at it lately', host);
      return say.open('no sign of life', host);
    });
  },
};
