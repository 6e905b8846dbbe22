import type { Worker } from './observe.ts';

/** The number of workers of a kind that a cloud should have, and what stops when the last is gone. */
export interface RedundancyRule {
  readonly service: Worker['service'];
  readonly kind: string;
  /** Hosts that should be able to do it. */
  readonly wanted: number;
  /** The function that stops when there is no worker left. */
  readonly stops: string;
}

/**
 * The workers that serve the whole cloud, so that one of them is not enough. Those of one host (`nova-compute`) or of
 * one backend (`cinder-volume`) are judged one by one instead.
 */
export const redundancyRules: readonly RedundancyRule[] = [
  { service: 'compute', kind: 'nova-scheduler', wanted: 2, stops: 'no server can be created or moved' },
  { service: 'compute', kind: 'nova-conductor', wanted: 2, stops: 'compute hosts cannot reach the database' },
  { service: 'block-storage', kind: 'cinder-scheduler', wanted: 2, stops: 'no volume can be created' },
  { service: 'block-storage', kind: 'cinder-backup', wanted: 2, stops: 'no backup can be made or restored' },
  {
    service: 'network',
    kind: 'L3 agent',
    wanted: 2,
    stops: 'centralised routers and floating IPs carry nothing',
  },
  { service: 'network', kind: 'DHCP agent', wanted: 2, stops: 'servers get no address when they start' },
];

/** A kind of worker, and who of it works. */
export interface Redundancy {
  readonly rule: RedundancyRule;
  readonly workers: readonly Worker[];
  /** Hosts of those that are alive and enabled: two workers on one host are one. */
  readonly hosts: readonly string[];
  /** Hosts of those of which that is not known. */
  readonly unseen: readonly string[];
}

/** Measures a rule; `undefined` if the cloud has no such worker at all, as with OVN, which has no L3 agents. */
export function measure(rule: RedundancyRule, all: readonly Worker[]): Redundancy | undefined {
  const workers = all.filter((worker) => worker.service === rule.service && worker.kind === rule.kind);
  if (workers.length === 0) return undefined;
  const hosts = new Set(
    workers.filter((worker) => worker.alive && worker.enabled).map((worker) => machineOf(worker.host)),
  );
  const dark = workers.flatMap((worker) => (worker.unknown === undefined ? [] : [machineOf(worker.host)]));
  const unseen = [...new Set(dark)].filter((host) => !hosts.has(host));
  return { rule, workers, hosts: [...hosts].toSorted(), unseen: unseen.toSorted() };
}

/** `host@backend` and `host` are the same machine. */
const machineOf = (host: string): string => host.split('@', 1)[0] ?? host;
