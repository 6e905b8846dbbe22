import { type Measurement, timed } from '../../core/bench/measure.ts';
import { defaultPolicy } from '../src/instances/policy.ts';
import type { CloudView, HostView, ServerView } from '../src/instances/situation.ts';
import { simulateAll } from '../src/simulation/simulate-all.ts';

const HOSTS = 1_000;
const SERVERS = 20_000;
const PAIRS = 2_000;

/**
 * Every single failure of 1,000 hosts, 50 racks and 4 zones with 20,000 servers, and 2,000 pairs of hosts. The baseline
 * places the same servers by looking at every host for each.
 */
export async function bench(): Promise<Measurement[]> {
  const view = site();
  const racks = Object.fromEntries((view.hosts ?? []).map(({ host }, i) => [host, `rack-${i % 50}`]));
  const policy = { ...defaultPolicy, maxHostsAtOnce: HOSTS };
  const ours = await timed(async () => {
    const { simulated } = simulateAll({ view, racks }, { double: { sample: PAIRS, seed: 1 }, policy });
    if (simulated.hosts !== HOSTS || simulated.pairs !== PAIRS) throw new Error('not all was simulated');
  });
  const baseline = await timed(async () => {
    for (let host = 0; host < HOSTS; host += 1) naive(view, new Set([`host-${host}`]));
    for (let pair = 0; pair < PAIRS; pair += 1)
      naive(view, new Set([`host-${pair % HOSTS}`, `host-${(pair * 7 + 1) % HOSTS}`]));
    for (const count of [50, 4])
      for (let part = 0; part < count; part += 1)
        naive(view, new Set(Array.from({ length: HOSTS / count }, (_, i) => `host-${i * count + part}`)));
  });
  return [
    {
      name: `simulate all single failures and ${PAIRS} pairs: ${HOSTS} hosts, ${SERVERS} servers`,
      value: ours / 1000,
      unit: 's',
      baseline: baseline / 1000,
      ratio: ours / baseline,
      aim: 1,
    },
  ];
}

/** Half full, no two servers alike. */
function site(): CloudView {
  const hosts = Array.from({ length: HOSTS }, (_, i): HostView => ({
    host: `host-${i}`,
    service: `service-${i}`,
    zone: `az-${i % 4}`,
    aggregates: [],
    enabled: true,
    up: true,
    forcedDown: false,
    disabledReason: undefined,
    heartbeat: 0,
    protected: true,
    free: { vcpus: 64, memory: 131_072 + (i % 13) * 1024, disk: 4000 },
  }));
  const servers = Array.from({ length: SERVERS }, (_, i): ServerView => ({
    id: `server-${i}`,
    name: `server-${i}`,
    project: `project-${i % 100}`,
    host: `host-${i % HOSTS}`,
    state: 'active',
    task: undefined,
    locked: false,
    haEnabled: undefined,
    priority: 100,
    restartAfter: [],
    groups: i % 10 === 0 ? [`group-${i % 200}`] : [],
    needs: { vcpus: 1 + (i % 4), memory: 2048 * (1 + (i % 5)), disk: 20 },
  }));
  return { apiMisses: 0, hosts, servers, schedulers: [], completeness: 'complete', gaps: [] };
}

/** The first host, in the order of free memory, by a look at all of them for each server. */
function naive({ hosts = [], servers = [] }: CloudView, lost: ReadonlySet<string>): number {
  const free = hosts.filter(({ host }) => !lost.has(host)).map((host) => ({ ...host.free }));
  let placed = 0;
  for (const { host, needs } of servers) {
    if (host === undefined || !lost.has(host)) continue;
    let best: (typeof free)[number] | undefined;
    for (const room of free)
      if (
        (room.memory ?? 0) >= needs.memory &&
        (room.vcpus ?? 0) >= needs.vcpus &&
        (room.memory ?? 0) > (best?.memory ?? -1)
      )
        best = room;
    if (best === undefined) continue;
    best.memory = (best.memory ?? 0) - needs.memory;
    best.vcpus = (best.vcpus ?? 0) - needs.vcpus;
    placed += 1;
  }
  return placed;
}
