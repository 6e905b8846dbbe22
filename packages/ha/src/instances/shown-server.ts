import { type Cloud, isNotFound } from '@groundcrew/core';
import { NOVA } from './cloud-view.ts';
import { EvacuationError } from './evacuation-error.ts';
import { taskOf } from './told-server.ts';

/** A server as Nova shows it now. */
export interface ShownServer {
  readonly host: string | undefined;
  readonly status: string;
  /** `vm_state`; missing of one in a cell that does not respond. */
  readonly state: string | undefined;
  /** `undefined` if there is none; `not told` where Nova leaves it out. */
  readonly task: string | undefined;
  readonly fault: string | undefined;
}

/** @throws EvacuationError if it is gone */
export async function showServer(
  cloud: Cloud,
  id: string,
  signal: AbortSignal | undefined,
): Promise<ShownServer> {
  try {
    const shown = await cloud.compute.at(NOVA).servers.get({ id }, { signal });
    return {
      host: shown['OS-EXT-SRV-ATTR:host'] ?? undefined,
      status: shown.status,
      state: shown['OS-EXT-STS:vm_state'] ?? undefined,
      task: taskOf(shown),
      fault: shown.fault === undefined ? undefined : `: ${shown.fault.message}`,
    };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new EvacuationError('evacuation-gone', `server ${id} was deleted`, { server: id, cause: error });
  }
}
