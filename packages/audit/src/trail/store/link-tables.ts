import type { Link } from './store.ts';

/** The tables by which events are found that have several values of a kind: one for each kind. */
export const linkTables: Readonly<Record<Link['kind'], { readonly table: string; readonly column: string }>> =
  {
    request: { table: 'trail_request', column: 'request_id' },
    target: { table: 'trail_thing', column: 'target_id' },
  };

/** All links behind `after` and up to `upTo`, each of which may be NULL for no bound. */
export const linksSql = (after: string, upTo: string): string =>
  Object.entries(linkTables)
    .map(
      ([kind, { table, column }]) =>
        `SELECT seq, '${kind}' AS kind, ${column} AS value FROM ${table}` +
        ` WHERE seq > coalesce(${after}, -9223372036854775808) AND seq <= coalesce(${upTo}, 9223372036854775807)`,
    )
    .join(' UNION ALL ');
