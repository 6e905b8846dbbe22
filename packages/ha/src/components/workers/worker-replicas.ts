import type { HaSnapshot } from '../../observe.ts';
import { measure } from '../../redundancy.ts';
import type { ComponentFacts, Replicas } from '../component-facts.ts';
import type { Heartbeats } from '../seen.ts';

/** The replicas of a worker, by the heartbeats that an API reports. */
export function workerReplicas(
  heartbeats: Heartbeats | undefined,
  component: Pick<ComponentFacts, 'worker' | 'wanted' | 'stops'>,
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
  const known = measured.workers.filter(({ unknown }) => unknown === undefined);
  const broken = known.filter(({ alive, enabled }) => !alive || !enabled).map(({ host }) => host);
  for (const { unknown, host } of measured.workers) if (unknown !== undefined) unseen.push(host);
  return { working: [...hosts], broken, unseen, sign, source: list.source, at: list.at };
}
