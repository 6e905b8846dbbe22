import { blindObservers } from './blind-observers.ts';
import type { HostJudgement } from './decision.ts';
import { ObservationsByHost, type ObservationSeries } from './observations-by-host.ts';
import type { ObservedState } from './observation.ts';
import type { Situation } from './situation.ts';

/**
 * The common verdict of the observers on every host that one of them or the cloud knows.
 *
 * A host is `down` if at least `agreement` of the policy's observers said so in their last `samples` looks, the newest
 * not older than `freshness`, and none of them sees it alive. An observer that could not look counts as neither, nor does one
 * that sees nobody at all.
 */
export function stabilise(situation: Situation): HostJudgement[] {
  const { now, observations, history, cloud, policy } = situation;
  const blind = new Map(blindObservers(situation).map(({ observer, reason }) => [observer, reason]));
  const byHost = new ObservationsByHost([...history.observations, ...observations]);
  const hosts = new Set([...byHost.hosts(), ...(cloud.hosts ?? []).map(({ host }) => host)]);
  return [...hosts].toSorted().map((host) => {
    const words = policy.observers.map((observer) => ({
      observer,
      ...seeing(
        wordOf(byHost.of(host, observer), now, policy.samples, policy.freshness),
        blind.get(observer),
      ),
    }));
    const because = words.map(({ observer, statement }) => `${observer}: ${statement}`);
    const saying = (...states: Word['state'][]): number =>
      words.filter(({ state }) => states.includes(state)).length;
    if (saying('up') > 0)
      return { host, state: saying('down', 'wavering') > 0 ? 'suspected' : 'up', because };
    if (saying('down') >= policy.agreement) return { host, state: 'down', because };
    return { host, state: saying('down', 'wavering') > 0 ? 'suspected' : 'unknown', because };
  });
}

/** The part of a blind observer's report that counts: only what it sees alive. */
const seeing = (word: Word, blind: string | undefined): Word =>
  blind === undefined || word.state === 'up' ? word : { state: 'unknown', statement: blind };

interface Word {
  /** `wavering`: down now, but not for long enough. */
  readonly state: ObservedState | 'wavering';
  readonly statement: string;
}

function wordOf(series: ObservationSeries, now: number, samples: number, freshness: number): Word {
  const newest = series.at(-1);
  if (newest === undefined) return { state: 'unknown', statement: 'did not look' };
  const age = now - newest.at;
  if (age > freshness)
    return { state: 'unknown', statement: `looked ${Math.round(age / 1000)} s ago, too long` };
  if (age < 0) return { state: 'unknown', statement: 'looked in the future: clocks differ' };
  if (newest.state !== 'down') return newest;
  const last = series.slice(-samples);
  const agreeing = last.length - 1 - last.findLastIndex(({ state }) => state !== 'down');
  const statement = `${newest.statement} (${agreeing} of ${samples} looks)`;
  return { state: agreeing >= samples ? 'down' : 'wavering', statement };
}
