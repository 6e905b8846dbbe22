import { type AuditEvent, targetIds } from '../event.ts';
import type { Columns, Link } from './store.ts';

/** The columns by which an event is found. */
export const columnsOf = ({ id, at, kind, action, outcome, who, target }: AuditEvent): Columns => ({
  id,
  at: Date.parse(at),
  kind,
  action,
  outcome,
  service: target.service ?? null,
  target_type: target.type,
  target_id: target.id ?? null,
  user_id: who.user_id ?? null,
  user_name: who.user_name ?? null,
  project_id: who.project_id ?? null,
  address: who.address ?? null,
});

/**
 * The values of which an event has several, and by each of which it is found: requests, and the things of a bulk
 * request.
 */
export function linksOf(event: AuditEvent): readonly Link[] {
  const links: Link[] = Array.from(new Set(event.request_ids), (value) => ({ kind: 'request', value }));
  // A single one is in its column.
  if (event.target.ids !== undefined)
    for (const value of targetIds(event)) links.push({ kind: 'target', value });
  return links;
}

/** The names of the columns, in the order of the table. */
export const columnNames = [
  'id',
  'at',
  'kind',
  'action',
  'outcome',
  'service',
  'target_type',
  'target_id',
  'user_id',
  'user_name',
  'project_id',
  'address',
] as const satisfies readonly (keyof Columns)[];
