import type { Cloud } from '@groundcrew/core';
import { messageOf } from '@groundcrew/ground';
import type { StepContext } from '@groundcrew/runbook';

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
   * be asked, as in the outage of its API, the process is all that is looked at, which the progress of the step says.
   *
   * @default a worker counts as restarted when its process runs, and still does 3 seconds later
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

/** Five intervals of the slowest: Neutron's agents report each 30 seconds. */
const LOOKS = 75;
const PAUSE = 2_000;

/** Waits until workers have reported anew. Told is which of them have not. */
export async function silentWorkers(
  { host, components }: { readonly host: string; readonly components: readonly string[] },
  { heartbeats }: WorkerReports,
  context: StepContext,
): Promise<readonly string[]> {
  if (heartbeats === undefined) return [];
  const silent = await Promise.all(
    components.map(async (component) =>
      (await hasReported({ host, component }, heartbeats, context)) ? [] : [component],
    ),
  );
  return silent.flat();
}

async function hasReported(
  worker: Parameters<HeartbeatsOf>[0],
  heartbeats: HeartbeatsOf,
  { clock, signal, progress }: StepContext,
): Promise<boolean> {
  let before: WorkerHeartbeats;
  try {
    before = await heartbeats(worker, { signal });
  } catch (error) {
    signal.throwIfAborted();
    progress(`whether ${worker.component} reports could not be asked: ${messageOf(error)}`);
    return true;
  }
  const records = Object.entries(before);
  // Neutron tells whoever is no administrator nothing, and no error.
  if (records.length === 0) progress(`no service has a record of ${worker.component} on ${worker.host}`);
  for (let look = 0; look < LOOKS && records.length > 0; look += 1) {
    await clock.sleep(PAUSE, signal);
    const now = await heartbeats(worker, { signal }).catch(() => before);
    signal.throwIfAborted();
    if (records.every(([name, at]) => now[name] !== undefined && now[name] !== at)) return true;
  }
  return records.length === 0;
}
