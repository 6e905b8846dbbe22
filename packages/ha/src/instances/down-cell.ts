/** Nova's word, from 2.69 on, for what is in a cell that does not respond (`views/servers.py`, `_show_from_down_cell`). */
export const isInDownCell = ({ status }: { readonly status: string }): boolean => status === 'UNKNOWN';

/** The reason why a service's row does not tell whether it is up; `undefined` if it does. */
export function whyUnknown(service: {
  readonly status: string;
  readonly state?: string | null | undefined;
}): string | undefined {
  if (isInDownCell(service)) return 'its cell does not respond';
  return service.state === 'up' || service.state === 'down' ? undefined : `Nova gives no state of it`;
}

/**
 * The reason why a row of nova-compute does not tell all that a decision needs; `undefined` if it does. At the microversion
 * that is asked for every row has these, but those of a cell that does not respond (nova `services.py`,
 * `_get_service_detail`).
 */
export function whyNotTold(service: {
  readonly status: string;
  readonly state?: string | null | undefined;
  readonly id?: unknown;
  readonly zone?: string | undefined;
  readonly forced_down?: boolean | undefined;
}): string | undefined {
  const unknown = whyUnknown(service);
  if (unknown !== undefined) return unknown;
  const left = (['id', 'zone', 'forced_down'] as const).filter((field) => service[field] === undefined);
  return left.length === 0 ? undefined : `Nova leaves out of its row: ${left.join(', ')}`;
}
