import type { Event, Story } from './interleavings-run.ts';

const event = (kind: Event['kind'], host: string, seconds: number, n = 1): Event => ({
  kind,
  host,
  seconds,
  n,
});
const story = (events: readonly Event[], differs: Partial<Story> = {}): Story => ({
  maxHostsAtOnce: 2,
  budget: 2,
  returning: 'power-on',
  stagger: 0,
  events,
  ...differs,
});

/**
 * Stories that chance seldom tells, since several things must happen to one host in one order, and within seconds. They are
 * told in every run.
 */
export const examples: readonly Story[] = [
  // A live migration has switched, and Nova does not know it, when its source dies; the source is about to come back, too.
  story([
    event('live-migrate-and-crash', 'compute-1', 40, 6),
    event('nothing', 'compute-1', 90),
    event('nothing', 'compute-1', 90),
  ]),
  // Its destination dies as well, a little later: then both are proven off, and the server is moved.
  story([
    event('live-migrate-and-crash', 'compute-1', 40, 6),
    event('power-loss', 'compute-7', 90),
    event('nothing', 'compute-1', 90),
    event('nothing', 'compute-1', 90),
  ]),
  // A controller dies in the middle of a recovery, and before the next one goes on somebody turns the machine on.
  ...[4, 8].map((n) =>
    story([
      event('power-loss', 'compute-1', 40),
      event('kill-at', 'compute-1', 40, n),
      event('comes-back', 'compute-1', 10),
      event('nothing', 'compute-1', 90),
    ]),
  ),
  // nova-compute stops on a host that works, and the other observer is cut off, so that it calls every host down.
  story([
    event('compute-stops', 'compute-1', 40),
    event('all-down', 'compute-1', 90, 2),
    event('nothing', 'compute-1', 90),
  ]),
  // Nova is gone from the moment at which servers move until each step has given up: what we marked ourselves must be seen.
  story([event('dark-once-evacuating', 'compute-1', 90, 12), event('nothing', 'compute-1', 90)]),
];
