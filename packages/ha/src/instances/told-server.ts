import { isInDownCell } from './down-cell.ts';

/**
 * The fields of a server that tell what is being done with it, and where. `null` says that there is nothing; a field that is
 * left out says nothing: policy hides it, or its cell does not respond.
 */
export interface ToldFields {
  readonly status: string;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly 'OS-EXT-SRV-ATTR:host'?: string | null | undefined;
  readonly 'OS-EXT-STS:vm_state'?: string | null | undefined;
  readonly 'OS-EXT-STS:task_state'?: string | null | undefined;
}

/** The word for a state, or a task, that Nova leaves out. It is none of Nova's own. */
export const NOT_TOLD = 'not told';

/** The task on a server; one that is left out may be any, a migration among them. */
export const taskOf = (server: ToldFields): string | undefined =>
  server['OS-EXT-STS:task_state'] === undefined && !isInDownCell(server)
    ? NOT_TOLD
    : (server['OS-EXT-STS:task_state'] ?? undefined);

/**
 * The state of a server, by `vm_state`; `unknown` of one in a cell that does not respond, as its status is. Without
 * its metadata it is not known whether its owner wants it moved.
 */
export function stateOf(server: ToldFields): string {
  const state = server['OS-EXT-STS:vm_state'];
  if (isInDownCell(server)) return 'unknown';
  if (state === undefined || server.metadata === undefined) return NOT_TOLD;
  return state ?? server.status.toLowerCase();
}

/**
 * Whether Nova keeps back on which host a server is, by `os_compute_api:os-extended-server-attributes`. One that is on none
 * has `null` there.
 */
export const isHostHidden = (server: ToldFields): boolean =>
  server['OS-EXT-SRV-ATTR:host'] === undefined && !isInDownCell(server);
