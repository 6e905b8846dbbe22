import type { Cloud } from '@groundcrew/core';

/** The times at which a worker last reported, by whatever tells its records apart; empty where its service keeps none of it. */
export type WorkerHeartbeats = Readonly<Record<string, string>>;

export type HeartbeatsOf = (
  worker: { readonly host: string; readonly component: string },
  options: { readonly signal: AbortSignal },
) => Promise<WorkerHeartbeats>;

/** How workers are asked, once they were restarted. */
export interface WorkerReports {
  /**
   * When a worker of a host last reported to its service: `heartbeatsOf(cloud)`. One that was restarted must report anew. Where nobody can
   * be asked, as in the outage of its API, or nobody keeps a record, the process is all that is looked at, and the step's report is
   * `unknown`; so it is not where the component has one of `endpoints`, and answers there.
   *
   * @default the process is all that is looked at, also 3 seconds later: the report of each step that restarts a worker is `unknown`
   */
  readonly heartbeats?: HeartbeatsOf | undefined;
}

/**
 * Asks Nova, Cinder and Neutron when their workers reported. A host has there the name that the plan has, or begins with it: `cmp-1` is
 * `cmp-1.example.com`, and of Cinder's back ends `cmp-1@lvm`. Which it has is read once from the whole list; from then on only its own
 * records are asked for.
 *
 * @param cloud - connected as an administrator
 * @example commandExecutor({ heartbeats: heartbeatsOf(cloud), endpoints });
 */
export function heartbeatsOf(cloud: Cloud): HeartbeatsOf {
  const named = new Map<string, readonly string[]>();
  return async ({ host, component: binary }, { signal }) => {
    const worker = `${binary} ${host}`;
    const names = named.get(worker) ?? [];
    const read = (filter: Filter) => Array.fromAsync(reportsOf(cloud, filter, signal));
    const rows =
      names.length === 0
        ? (await read({ binary })).filter(([name]) => isOn(name, host))
        : (await Promise.all(names.map((name) => read({ binary, host: name })))).flat();
    named.set(
      worker,
      rows.map(([name]) => name),
    );
    return Object.fromEntries(rows);
  };
}

interface Filter {
  readonly binary: string;
  readonly host?: string;
}

async function* reportsOf(
  { compute, blockStorage, network }: Cloud,
  filter: Filter,
  signal: AbortSignal,
): AsyncGenerator<[host: string, at: string]> {
  switch (filter.binary.split('-')[0]) {
    case 'nova':
      for await (const { host, updated_at: at } of compute.services.list(filter, { signal }))
        yield [host, at ?? ''];
      break;
    case 'cinder':
      for await (const { host, updated_at: at } of blockStorage.services.list(filter, { signal }))
        yield [host, at ?? ''];
      break;
    case 'neutron':
      for await (const { host, heartbeat_timestamp: at } of network.agents.list(filter, { signal }))
        yield [host, at ?? ''];
      break;
    default: // Nobody keeps it.
  }
}

const isOn = (name: string, host: string): boolean =>
  name === host || name.startsWith(`${host}.`) || name.startsWith(`${host}@`);
