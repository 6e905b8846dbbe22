import { timeOf } from '../options.ts';
import type { TrailQuery } from '../query.ts';
import type { Position } from './store.ts';

/** A statement with `?` for each value, in both databases' words. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** A query, which was checked, as SQL. */
export function findSql(query: TrailQuery, after: Position | undefined, limit: number): Statement {
  const values: (string | number)[] = [];
  const clauses: string[] = [];
  const where = (clause: string, ...some: readonly (string | number)[]): void => {
    clauses.push(clause);
    values.push(...some);
  };
  const among = (column: string, wanted: string | readonly string[] | undefined): void => {
    if (wanted === undefined) return;
    const list = typeof wanted === 'string' ? [wanted] : wanted;
    const [only] = list;
    if (only === undefined) where('1 = 0');
    // Said so, an index gives them in the order that is asked for.
    else if (list.length === 1) where(`${column} = ?`, only);
    else where(`${column} IN (${list.map(() => '?').join(', ')})`, ...list);
  };
  // A thing has few events, its type and verb many: where the id is known, SQLite is kept from going by the latter.
  const beside = (column: string): string => (query.to?.id === undefined ? column : `(${column} || '')`);
  among(beside('action'), query.did);
  among(beside('target_type'), query.to?.type);
  if (query.to?.id !== undefined)
    // Both by an index, also in PostgreSQL, which an OR would keep from it.
    where(
      'seq IN (SELECT seq FROM trail_record WHERE target_id = ? UNION ALL SELECT seq FROM trail_thing WHERE target_id = ?)',
      query.to.id,
      query.to.id,
    );
  among('user_id', query.by?.user_id);
  among('user_name', query.by?.user_name);
  among('project_id', query.by?.project_id);
  among('address', query.by?.address);
  among('service', query.service);
  among('kind', query.kind);
  among('outcome', query.outcome);
  if (query.request_id !== undefined)
    where('seq IN (SELECT seq FROM trail_request WHERE request_id = ?)', query.request_id);
  if (query.from !== undefined) where('at >= ?', timeOf(query.from));
  if (query.until !== undefined) where('at < ?', timeOf(query.until));
  const newest = query.first === 'newest';
  if (after !== undefined) where(`(at, seq) ${newest ? '<' : '>'} (?, ?)`, after.at, after.seq);
  const order = newest ? 'DESC' : 'ASC';
  return {
    sql:
      `SELECT seq, recorded, core, parts, hash FROM trail_record` +
      (clauses.length > 0 ? ` WHERE ${clauses.join(' AND ')}` : '') +
      ` ORDER BY at ${order}, seq ${order} LIMIT ?`,
    values: [...values, limit],
  };
}
