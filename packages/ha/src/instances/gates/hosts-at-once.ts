import { answersOf, type Gate } from './gate.ts';

const say = answersOf({ id: 'hosts-at-once', onMissing: 'closed' });

/** How many at a time? Running recoveries count. */
export const hostsAtOnce: Gate = {
  id: 'hosts-at-once',
  question: 'Are enough hosts under recovery already?',
  scope: 'host',
  onMissing: 'closed',
  why: 'It only needs the history, which is always there.',
  judge({ policy, history }, candidates) {
    const running = history.recoveries.filter(({ state }) => state === 'running').length;
    return candidates.map((host, place) => {
      const nth = running + place + 1;
      const words = `${nth}. host under recovery, of ${policy.maxHostsAtOnce} at once`;
      return nth > policy.maxHostsAtOnce ? say.closed(words, host) : say.open(words, host);
    });
  },
};
