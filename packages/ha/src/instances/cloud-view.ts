import { z } from 'zod';
import { aSignal, optionsSchema, parseArguments } from '@groundcrew/ground';
import {
  type Cloud,
  type Gap,
  gapOf,
  observeAllProjects,
  observeList,
  type Observed,
  type Visibility,
  visibilityOf,
} from '@groundcrew/core';
import { movesAt } from './moves.ts';
import { needsOf } from './needs.ts';
import type { CloudView, GroupView, HostView, ServerMove, ServerView } from './situation.ts';
import { isInDownCell, whyNotTold, whyUnknown } from './down-cell.ts';
import { isHostHidden, stateOf, taskOf } from './told-server.ts';

/** The newest of what is used here (`locked_reason`); every release from Victoria on has it. */
export const NOVA = '2.73';

export interface CloudViewOptions {
  readonly signal?: AbortSignal | undefined;
  /** Rounds before this one in which the API did not answer. @default 0 */
  readonly misses?: number | undefined;
  /** Time at which each host began to dump its kernel, by host; milliseconds since 1970. @default no host is known to */
  readonly dumping?: ReadonlyMap<string, number> | undefined;
}

const viewOptions = optionsSchema<CloudViewOptions>({
  signal: aSignal.optional(),
  misses: z.int().min(0).optional(),
  dumping: z.instanceof(Map).optional(),
});

/**
 * Reads what a decision needs to know of the cloud: compute services, aggregates, server groups, the servers of all projects,
 * and the moves of those on hosts that are not up. A part that could not be read whole is `undefined`, with the gap; it
 * is never an empty list. Hosts and servers in a cell that does not respond are in the lists as unknown, and make the
 * view `partial`; so do servers of which policy hides the host.
 */
export async function readCloudView(cloud: Cloud, options: CloudViewOptions = {}): Promise<CloudView> {
  parseArguments('readCloudView', viewOptions, options);
  const { signal, misses = 0, dumping = new Map<string, number>() } = options;
  const nova = cloud.compute.at(NOVA);
  const clock = { now: () => cloud.clock.now() };
  const [services, aggregates, servers, groups] = await Promise.all([
    observeList('compute services', nova.services.list({}, { signal }), clock),
    observeList('aggregates', nova.aggregates.list({}, { signal }), clock),
    observeList('servers', nova.servers.list({ all_tenants: true }, { signal }), clock),
    // Others than administrators get the groups of their own project, without a word (nova `server_groups.py`, `index`).
    sightOf(cloud, signal).then((sight) =>
      observeAllProjects(
        cloud,
        'server groups',
        sight,
        nova.serverGroups.list({ all_projects: true }, { signal }),
      ),
    ),
  ]);
  const gaps = [services, aggregates, servers, groups].flatMap((observed) => observed.gaps);
  gaps.push(
    ...cellGaps(
      'compute services',
      services.value.filter(isInDownCell).map(({ host }) => host),
    ),
    ...cellGaps(
      'servers',
      servers.value.filter(isInDownCell).map(({ id }) => id),
    ),
    ...hiddenHosts(servers.value.filter(isHostHidden).map(({ id }) => id)),
  );

  const allGroups = whole(groups);
  const groupsOf = new Map<string, string[]>();
  for (const { id, members } of allGroups ?? [])
    for (const server of members) groupsOf.set(server, [...(groupsOf.get(server) ?? []), id]);

  const known = whole(services);
  const grouped = whole(aggregates);
  const hosts =
    known === undefined || grouped === undefined
      ? undefined
      : known
          .filter(({ binary }) => binary === 'nova-compute')
          .map((service): HostView => {
            const mine = grouped.filter(({ hosts: members }) => members.includes(service.host));
            const unknown = whyNotTold(service);
            return {
              host: service.host,
              // Empty only of one that is `unknown`; nothing is done to such a one.
              service: service.id ?? '',
              zone: service.zone,
              aggregates: mine.map(({ name }) => name),
              enabled: service.status === 'enabled',
              up: service.state === 'up' && unknown === undefined,
              unknown,
              // Left out only of one that is `unknown`: whoever acts looks at that first.
              forcedDown: service.forced_down ?? false,
              disabledReason: service.disabled_reason ?? undefined,
              heartbeat:
                service.updated_at === undefined || service.updated_at === null
                  ? undefined
                  : Date.parse(service.updated_at),
              protected: !mine.some(({ metadata }) => flag(metadata['HA_Enabled']) === false),
              dumpingSince: dumping.get(service.host),
            };
          });
  const moves = await movesOfAbsent(cloud, hosts ?? [], servers.value.map(hostOf), signal);
  gaps.push(...moves.gaps);
  return {
    apiMisses: services.completeness === 'failed' ? misses + 1 : 0,
    hosts,
    servers: whole(servers)?.map((server): ServerView => {
      // Of a server whose cell does not respond Nova sends neither metadata nor flavor nor host; without metadata its state is none
      // from which it is moved.
      const metadata = server.metadata ?? {};
      const host = hostOf(server);
      return {
        id: server.id,
        name: server.name ?? server.id,
        project: server.tenant_id,
        host,
        ...(isHostHidden(server) && { hostHidden: true }),
        state: stateOf(server),
        task: taskOf(server),
        moves: host === undefined || !moves.read.has(host) ? undefined : (moves.of.get(server.id) ?? []),
        // Only people are kept from a locked server; administrators' moves are not (nova `check_instance_lock`).
        locked: server.locked ?? false,
        haEnabled: flag(metadata['HA_Enabled']),
        priority: priorityOf(metadata),
        restartAfter: (metadata['groundcrew:restart_after'] ?? '').split(/[\s,]+/).filter((id) => id !== ''),
        groups: allGroups === undefined ? undefined : (groupsOf.get(server.id) ?? []),
        needs: needsOf(server.flavor, server.image === ''),
      };
    }),
    groups: allGroups?.map(({ id, policy, rules }): GroupView => ({
      id,
      policy: policy ?? 'unknown',
      // Nova's own default (nova `scheduler/filters/affinity_filter.py`).
      most: rules?.max_server_per_host ?? 1,
    })),
    schedulers: schedulersOf(known),
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

const whole = <T>(observed: Observed<T>): T | undefined =>
  observed.completeness === 'complete' ? observed.value : undefined;

/** `undefined` if Nova tells of none of those that there are. */
function schedulersOf(
  services:
    | readonly { binary: string; host: string; status: string; state?: string | undefined }[]
    | undefined,
): CloudView['schedulers'] {
  const all = services?.filter(({ binary }) => binary === 'nova-scheduler');
  const told = all?.filter((service) => whyUnknown(service) === undefined);
  if (told === undefined || (told.length === 0 && all !== undefined && all.length > 0)) return undefined;
  return told.map(({ host, state, status }) => ({ host, up: state === 'up' && status === 'enabled' }));
}

/** The projects that the user is shown; of one whose token cannot be had, none for certain. */
async function sightOf(cloud: Cloud, signal: AbortSignal | undefined): Promise<Visibility> {
  try {
    return await visibilityOf(cloud, { signal });
  } catch {
    signal?.throwIfAborted();
    return { all: false, words: 'a scope that could not be read' };
  }
}

const hostOf = (server: {
  readonly 'OS-EXT-SRV-ATTR:host'?: string | null | undefined;
}): string | undefined => server['OS-EXT-SRV-ATTR:host'] ?? undefined;

function cellGaps(what: string, names: readonly string[]): Gap[] {
  const [first] = names;
  if (first === undefined) return [];
  return [
    {
      what: `${what} in cells that do not respond`,
      kind: 'failed',
      why: `Nova answered UNKNOWN for ${names.length}, ${first} among them`,
      remedy: 'Look at the database and the message bus of the cell.',
      requestIds: [],
    },
  ];
}

function hiddenHosts(names: readonly string[]): Gap[] {
  const [first] = names;
  if (first === undefined) return [];
  return [
    {
      what: 'hosts of servers',
      kind: 'denied',
      why: `Nova does not tell on which host ${names.length} servers are, ${first} among them`,
      remedy: 'Ask as an administrator, or allow os_compute_api:os-extended-server-attributes.',
      requestIds: [],
    },
  ];
}

/** Hosts whose migration records are read at a time. */
const AT_ONCE = 8;

/** The moves of servers on hosts that are not up: only they may be evacuated, and a cloud has more records than servers. */
async function movesOfAbsent(
  cloud: Cloud,
  hosts: readonly HostView[],
  carriers: readonly (string | undefined)[],
  signal: AbortSignal | undefined,
): Promise<{
  readonly read: ReadonlySet<string>;
  readonly of: ReadonlyMap<string, readonly ServerMove[]>;
  readonly gaps: readonly Gap[];
}> {
  const carrying = new Set(carriers);
  const absent = hosts.filter(({ host, up }) => !up && carrying.has(host)).values();
  const read = new Set<string>();
  const of = new Map<string, readonly ServerMove[]>();
  const gaps: Gap[] = [];
  const reader = async (): Promise<void> => {
    for (const { host } of absent) {
      try {
        for (const [server, moves] of await movesAt(cloud, host, signal)) of.set(server, moves);
        read.add(host);
      } catch (error) {
        gaps.push(gapOf(`migrations of ${host}`, error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return { read, of, gaps };
}
