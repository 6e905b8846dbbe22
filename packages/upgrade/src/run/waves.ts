import type { TopologyHost } from './topology.ts';

/** The hosts in their order, so many at a time; the last wave has what is left. */
export const wavesOf = (hosts: readonly TopologyHost[], wave: number): TopologyHost[][] =>
  Array.from({ length: Math.ceil(hosts.length / wave) }, (_, at) => hosts.slice(at * wave, (at + 1) * wave));
