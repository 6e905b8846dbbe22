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
