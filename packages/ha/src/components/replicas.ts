import { measure } from '../redundancy.ts';
import type { Component, Replicas } from './define-component.ts';
import type { HaSnapshot } from '../observe.ts';
import { addressMovers } from './vip/judge-vip.ts';
import type { Seen, StackSnapshot } from './snapshot.ts';

/** Replicas of what was asked one by one. */
export function eachAsked<T>(
  all: readonly Seen<T>[],
  sign: string,
  of: (value: T) => { readonly at: string; readonly works: boolean | undefined },
): Replicas | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  const working: string[] = [];
  const broken: string[] = [];
  const unseen: string[] = [];
  for (const one of all) {
    if (one.value === undefined) {
      unseen.push(one.source);
      continue;
    }
    const { at, works } = of(one.value);
    (works === undefined ? unseen : works ? working : broken).push(at);
  }
  return { working, broken, unseen, sign, source: all.map((one) => one.source).join(', '), at: first.at };
}

/** Replicas of an API. */
export function apiReplicas({ apis }: StackSnapshot, component: string): Replicas | undefined {
  const one = apis.find(({ value, source }) =>
    value === undefined ? source === `api ${component}` : value.component === component,
  );
  if (one === undefined) return undefined;
  const { value, source, at } = one;
  // Without an answer all are unseen, and none is working or broken.
  const working = value?.replicas.map((replica) => replica.url) ?? [];
  const unseen = value === undefined ? [source] : value.urls.filter((url) => !working.includes(url));
  return { working, broken: [], unseen, sign: 'answers', source, at };
}

/** Replicas of a worker, by the heartbeats that an API tells. */
export function workerReplicas(
  { heartbeats }: StackSnapshot,
  component: Pick<Component, 'worker' | 'wanted' | 'stops'>,
): Replicas | undefined {
  const { worker } = component;
  if (heartbeats === undefined || worker === undefined) return undefined;
  const lists: Record<typeof worker.service, HaSnapshot['compute']> = {
    compute: heartbeats.compute,
    'block-storage': heartbeats.blockStorage,
    network: heartbeats.network,
  };
  const list = lists[worker.service];
  const measured = measure({ ...worker, wanted: component.wanted, stops: component.stops }, list.value);
  const sign = 'reports that it is alive';
  const unseen = list.completeness === 'complete' ? [] : [list.source];
  // No such worker at all: OVN has no L3 agents, and not every cloud makes backups.
  if (measured === undefined)
    return unseen.length > 0
      ? { working: [], broken: [], unseen, sign, source: list.source, at: list.at }
      : undefined;
  const hosts = new Set(measured.hosts);
  const known = measured.workers.filter((one) => one.unknown === undefined);
  const broken = known.filter((one) => !one.alive || !one.enabled).map((one) => one.host);
  for (const one of measured.workers) if (one.unknown !== undefined) unseen.push(one.host);
  return { working: [...hosts], broken, unseen, sign, source: list.source, at: list.at };
}

/** Hosts on which keepalived runs; `undefined` where Pacemaker moves the addresses instead. */
export function keepalivedReplicas(snapshot: StackSnapshot): Replicas | undefined {
  const { vips } = snapshot;
  const [first] = vips;
  if (first === undefined) return undefined;
  const hosts = vips.flatMap(({ value }) => value?.hosts ?? []);
  const names = (keepalived: boolean): string[] => [
    ...new Set(hosts.filter((one) => one.keepalived === keepalived).map((one) => one.host)),
  ];
  const working = names(true);
  if (working.length === 0 && addressMovers(snapshot).length > 0) return undefined;
  const broken = names(false).filter((name) => !working.includes(name));
  const candidates = vips.flatMap(({ value, source }) => value?.candidates ?? [source]);
  const unseen = [...new Set(candidates)].filter((name) => !working.includes(name) && !broken.includes(name));
  return {
    working,
    broken,
    unseen,
    sign: 'runs',
    source: vips.map((one) => one.source).join(', '),
    at: first.at,
  };
}
