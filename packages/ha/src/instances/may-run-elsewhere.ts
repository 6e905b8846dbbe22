import type { Cloud } from '@groundcrew/core';
import { NOVA } from './cloud-view.ts';
import { movesAt } from './moves.ts';
import { taskOf } from './told-server.ts';
import { whereabouts } from './whereabouts.ts';

/**
 * The reason why a host must not be turned on, nor handed to whoever evacuates all that is on it: Nova still has a server on
 * it that may be running elsewhere, by an unfinished migration, or by an evacuation that is under way. When it starts,
 * nova-compute may start that guest a second time (nova `compute/manager.py`, `_init_instance`:
 * `resume_guests_state_on_host_boot`). `undefined` if there is none.
 *
 * @param off further hosts that are proven to be off
 * @throws what Nova answers: what could not be read does not allow it
 */
export async function mayRunElsewhere(
  cloud: Cloud,
  host: string,
  signal: AbortSignal | undefined,
  off: ReadonlySet<string> = new Set(),
): Promise<string | undefined> {
  const moves = await movesAt(cloud, host, signal);
  for await (const server of cloud.compute.at(NOVA).servers.list({ all_tenants: true, host }, { signal })) {
    const { hosts, unknown } = whereabouts({
      host,
      state: server['OS-EXT-STS:vm_state'] ?? 'unknown',
      task: taskOf(server),
      moves: moves.get(server.id) ?? [],
    });
    const elsewhere = hosts.find((each) => each !== host && !off.has(each));
    const where = elsewhere === undefined ? unknown : `it may be running on ${elsewhere}`;
    if (where !== undefined) return `${server.name} (${server.id}): ${where}`;
  }
  return undefined;
}
