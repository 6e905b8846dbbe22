import { type Cloud, type Gap, observeList, type Observed } from '@groundcrew/core';
import type { Capacity, CloudView, HostView, ServerView } from './situation.ts';

/** The newest of what is used here (`locked_reason`); every release from Victoria on has it. */
export const NOVA = '2.73';

export interface CloudViewOptions {
  readonly signal?: AbortSignal | undefined;
  /** Rounds before this one in which the API did not answer. @default 0 */
  readonly misses?: number | undefined;
  /** Since when hosts dump their kernels, by host; milliseconds since 1970. @default nothing tells */
  readonly dumping?: ReadonlyMap<string, number> | undefined;
}

/**
 * Reads what a decision needs to know of the cloud: compute services, aggregates, server groups, and the servers of
 * all projects. What could not be read whole is `undefined`, with the gap: never an empty list.
 */
export async function readCloudView(cloud: Cloud, options: CloudViewOptions = {}): Promise<CloudView> {
  const { signal, misses = 0, dumping = new Map<string, number>() } = options;
  const nova = cloud.compute.at(NOVA);
  const clock = { now: () => cloud.clock.now() };
  const [services, aggregates, servers, groups] = await Promise.all([
    observeList('compute services', nova.services.list({}, { signal }), clock),
    observeList('aggregates', nova.aggregates.list({}, { signal }), clock),
    observeList('servers', nova.servers.list({ all_tenants: true }, { signal }), clock),
    observeList('server groups', nova.serverGroups.list({ all_projects: true }, { signal }), clock),
  ]);
  const gaps = [services, aggregates, servers, groups].flatMap((one) => one.gaps);

  const groupsOf = new Map<string, string[]>();
  for (const { id, members } of whole(groups) ?? [])
    for (const server of members ?? []) groupsOf.set(server, [...(groupsOf.get(server) ?? []), id]);

  const known = whole(services);
  const grouped = whole(aggregates);
  return {
    apiMisses: services.completeness === 'failed' ? misses + 1 : 0,
    hosts:
      known === undefined || grouped === undefined
        ? undefined
        : known
            .filter(({ binary }) => binary === 'nova-compute')
            .map((one): HostView => {
              const mine = grouped.filter(({ hosts }) => hosts.includes(one.host));
              return {
                host: one.host,
                service: one.id,
                zone: one.zone ?? 'nova',
                aggregates: mine.map(({ name }) => name),
                enabled: one.status === 'enabled',
                up: one.state === 'up',
                forcedDown: one.forced_down ?? false,
                disabledReason: one.disabled_reason ?? undefined,
                heartbeat:
                  one.updated_at === undefined || one.updated_at === null
                    ? undefined
                    : Date.parse(one.updated_at),
                protected: !mine.some(({ metadata }) => flag(metadata['HA_Enabled']) === false),
                dumpingSince: dumping.get(one.host),
              };
            }),
    servers: whole(servers)?.map((one): ServerView => ({
      id: one.id,
      name: one.name ?? one.id,
      project: one.tenant_id,
      host: one['OS-EXT-SRV-ATTR:host'] ?? undefined,
      state: one['OS-EXT-STS:vm_state'] ?? one.status.toLowerCase(),
      task: one['OS-EXT-STS:task_state'] ?? undefined,
      locked: one.locked ?? false,
      haEnabled: flag(one.metadata?.['HA_Enabled']),
      priority: priorityOf(one.metadata ?? {}),
      restartAfter: (one.metadata?.['groundcrew:restart_after'] ?? '')
        .split(/[\s,]+/)
        .filter((id) => id !== ''),
      groups: groupsOf.get(one.id) ?? [],
      needs: needsOf(one.flavor, one.image === ''),
    })),
    schedulers: known
      ?.filter(({ binary }) => binary === 'nova-scheduler')
      .map(({ host, state, status }) => ({ host, up: state === 'up' && status === 'enabled' })),
    completeness: gaps.length === 0 ? 'complete' : 'partial',
    gaps: gaps satisfies Gap[],
  };
}

/** Masakari reads `HA_Enabled` as oslo's `strutils.bool_from_string` does; what is neither is not said. */
function flag(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (/^(1|t|true|on|y|yes)$/i.test(text.trim())) return true;
  if (/^(0|f|false|off|n|no)$/i.test(text.trim())) return false;
  return undefined;
}

function priorityOf(metadata: { readonly [key: string]: string }): number {
  const text = metadata['groundcrew:restart_priority'] ?? metadata['instanceha:restart_priority'];
  const priority = Number(text);
  return text === undefined || text.trim() === '' || !Number.isFinite(priority) ? 100 : priority;
}

function needsOf(
  flavor: { vcpus: number; ram: number; disk: number; ephemeral: number; swap: number } | undefined,
  bootsFromVolume: boolean,
): Capacity {
  if (flavor === undefined) return { vcpus: 0, memory: 0, disk: 0 };
  const root = bootsFromVolume ? 0 : flavor.disk;
  return {
    vcpus: flavor.vcpus,
    memory: flavor.ram,
    disk: root + flavor.ephemeral + Math.ceil(flavor.swap / 1024),
  };
}

const whole = <T>(observed: Observed<T>): T | undefined =>
  observed.completeness === 'complete' ? observed.value : undefined;
