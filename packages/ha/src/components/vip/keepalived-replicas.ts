import type { Replicas } from '../component-facts.ts';
import type { StackView } from '../component-observer.ts';
import type { Seen } from '../seen.ts';
import { addressMovers } from './address-movers.ts';
import type { VipStatus } from './observe-vip.ts';

/** Hosts on which keepalived runs; `undefined` where Pacemaker moves the addresses instead. */
export function keepalivedReplicas(vips: readonly Seen<VipStatus>[], view: StackView): Replicas | undefined {
  const [first] = vips;
  if (first === undefined) return undefined;
  const hosts = vips.flatMap(({ value }) => value?.hosts ?? []);
  const names = (keepalived: boolean): string[] => [
    ...new Set(hosts.filter((host) => host.keepalived === keepalived).map(({ host }) => host)),
  ];
  const working = names(true);
  if (working.length === 0 && addressMovers(view).length > 0) return undefined;
  const broken = names(false).filter((name) => !working.includes(name));
  const candidates = vips.flatMap(({ value, source }) => value?.candidates ?? [source]);
  const unseen = [...new Set(candidates)].filter((name) => !working.includes(name) && !broken.includes(name));
  const source = vips.map((seen) => seen.source).join(', ');
  return { working, broken, unseen, sign: 'runs', source, at: first.at };
}
