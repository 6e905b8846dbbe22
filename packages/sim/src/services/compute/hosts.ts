import { parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { SimState } from '../../sim-state.ts';
import { inventoryOf } from '../placement/state.ts';
import { badRequest } from '../../fault.ts';
import { syncDisabledTrait } from './disabled-trait.ts';
import { cutPower, givePower } from './host-power.ts';
import { tellCleanUp } from './instance-log.ts';
import type { ComputeService, Hypervisor, Migration } from './state.ts';

/** `service_down_time` */
const SERVICE_DOWN = 60_000;
/** `report_interval` */
const REPORT = 10_000;

/** The time of the last report of a service. */
export function lastReport(now: number, service: ComputeService): number {
  const until = service.deadSince ?? now;
  return until - ((until - service.since) % REPORT);
}

/** Tells whether Nova takes a service to be up: it is not forced down, and has reported within `service_down_time`. */
export const isUp = (now: number, service: ComputeService): boolean =>
  !service.forced_down && now - lastReport(now, service) < SERVICE_DOWN;

/** Tells whether the host really runs, whatever Nova reports. */
export const isHostRunning = (state: SimState, host: string | null): boolean =>
  host !== null && serviceOf(state, host)?.deadSince === undefined;

export const serviceOf = (state: SimState, host: string): ComputeService | undefined =>
  state.compute.services.find((service) => service.host === host && service.binary === 'nova-compute');

/** The zone of a host: that of its aggregate, or `nova`. */
export function zoneOf(state: SimState, host: string): string {
  for (const aggregate of state.compute.aggregates.values()) {
    const zone = aggregate.metadata['availability_zone'];
    if (zone !== undefined && aggregate.hosts.includes(host)) return zone;
  }
  return 'nova';
}

export interface HostSize {
  readonly vcpus?: number;
  readonly memory_mb?: number;
  readonly local_gb?: number;
}

/** Adds a compute host: its service, hypervisor, provider in Placement, and network agent. */
export function addHost(state: SimState, host: string, size: HostSize = {}): Hypervisor {
  const { compute, placement, ids, network } = state;
  const { vcpus = 32, memory_mb = 131_072, local_gb = 2000 } = size;
  compute.addService('nova-compute', host);
  const hypervisor = compute.hypervisors.add({
    id: ids.uuid(),
    row: compute.row('compute_nodes'),
    host,
    vcpus,
    memory_mb,
    local_gb,
    ip: `10.0.0.${10 + compute.hypervisors.size}`,
  });
  const provider = placement.addProvider(
    ids,
    host,
    {
      VCPU: inventoryOf(vcpus, 4),
      MEMORY_MB: inventoryOf(memory_mb, 1, 512),
      DISK_GB: inventoryOf(local_gb),
    },
    hypervisor.id,
  );
  provider.traits = [
    'COMPUTE_NODE',
    'COMPUTE_NET_ATTACH_INTERFACE',
    'COMPUTE_VOLUME_ATTACH_WITH_TAG',
    'COMPUTE_VOLUME_EXTEND',
    'HW_CPU_X86_AVX2',
  ];
  network.agents.add({
    id: ids.uuid(),
    agent_type: 'Open vSwitch agent',
    binary: 'neutron-openvswitch-agent',
    topic: 'N/A',
    host,
    availability_zone: null,
    admin_state_up: true,
    description: null,
    deadSince: undefined,
    created: state.clock.now(),
    configurations: {
      bridge_mappings: { physnet1: 'br-ex' },
      datapath_type: 'system',
      tunnel_types: ['vxlan'],
      tunneling_ip: hypervisor.ip,
    },
  });
  return hypervisor;
}

/** @throws InputError on a host that there is not: nothing would happen to it */
export function requireHosts(
  { compute, network, blockStorage }: SimState,
  operation: string,
  given: { readonly host: string } | { readonly hosts: readonly string[] },
): void {
  const known = new Set([
    ...compute.services.values().map(({ host }) => host),
    ...network.agents.values().map(({ host }) => host),
    ...blockStorage.services.values().map(({ host }) => host.split('@')[0]),
  ]);
  const list = [...known].slice(0, 20).join(', ');
  const aHost = z.string(`must be the name of a host; there are ${list}`).refine((host) => known.has(host), {
    error: ({ input }) => `there is no host ${JSON.stringify(input)}; there are ${list}`,
  });
  const some = z.array(aHost).min(1, `must name at least one host; there are ${list}`);
  parseArguments(
    operation,
    'host' in given ? z.strictObject({ host: aHost }) : z.strictObject({ hosts: some }),
    given,
  );
}

/**
 * Takes the power off a host. Its services and agents stop reporting, and count as down when their reports are overdue.
 */
export function killHost(state: SimState, host: string): void {
  const now = state.clock.now();
  for (const service of state.compute.services.filter((candidate) => candidate.host === host))
    service.deadSince ??= now;
  cutPower(state, host);
  for (const agent of state.network.agents.filter((candidate) => candidate.host === host))
    agent.deadSince ??= now;
  for (const service of state.blockStorage.services.filter(
    (candidate) => candidate.host.split('@')[0] === host,
  ))
    service.deadSince ??= now;
}

/** The time from the start of a host until its nova-compute has deleted its copies of evacuated servers. */
const CLEAN_UP = 3_000;

/**
 * Gives a host its power back. Its nova-compute deletes its copies of evacuated servers, whose records are then
 * `completed`. Its guests stay off unless they are resumed (`resumeGuests`): Nova calls them `ACTIVE` until it looks, and stops
 * them then.
 */
export function reviveHost(state: SimState, host: string): void {
  state.logs.restart('nova-compute', host);
  state.clock.after(CLEAN_UP, () => {
    if (!isHostRunning(state, host)) return;
    const left = state.compute.migrations.filter((candidate) => leftBehind(candidate, host));
    for (const migration of left)
      Object.assign(migration, { status: 'completed', updated: state.clock.now() });
    tellCleanUp(
      state,
      host,
      left.map(({ server }) => server),
    );
    const service = serviceOf(state, host);
    if (service !== undefined) syncDisabledTrait(state, service);
  });
  for (const service of state.compute.services.filter((candidate) => candidate.host === host))
    service.deadSince = undefined;
  if (state.settings.resumeGuests) givePower(state, host);
  for (const agent of state.network.agents.filter((candidate) => candidate.host === host))
    agent.deadSince = undefined;
  for (const service of state.blockStorage.services.filter(
    (candidate) => candidate.host.split('@')[0] === host,
  ))
    service.deadSince = undefined;
}

/** An evacuation whose source has not cleaned up yet. */
const leftBehind = ({ type, source, status }: Migration, host: string): boolean =>
  type === 'evacuation' && source === host && status === 'done';

/** Nova refuses to force a host up while it may hold copies of what was evacuated (`services.py`, bug 1922053). */
export function forceDown(state: SimState, service: ComputeService, to: boolean | undefined): void {
  if (
    to === false &&
    state.compute.migrations.find((migration) => leftBehind(migration, service.host)) !== undefined
  )
    throw badRequest(
      `Unable to force up host ${service.host} as \`done\` evacuation migration records remain associated with the host. Ensure the compute service has been restarted, allowing these records to move to \`completed\` before retrying this request.`,
    );
  service.forced_down = to ?? service.forced_down;
}
