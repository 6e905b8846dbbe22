import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What a snapshot of an OVSDB holds. */
export interface OvsdbSnapshot {
  /** `OVN_Northbound`. */
  readonly database: string;
  /** Of the schema: `7.0.0`. */
  readonly version: string | undefined;
  /** Rows by table; tables without rows are left out. */
  readonly rows: Readonly<Record<string, number>>;
}

/** The first line of a record: its length, and the SHA-1 of what follows (`ovsdb/log.c`, and `ovsdb(5)`, "Standalone Format"). */
const HEADER = /^OVSDB JSON (\d{1,12}) ([\da-f]{40})$/;
const NEWLINE = 10;

const schemaRecord = z.looseObject({
  name: z.string().min(1),
  version: z.string().optional(),
  tables: z.record(z.string(), z.unknown()),
});
/** A transaction: rows by table and id; `null` is a row that is deleted. Names that begin with `_` are no tables. */
const transaction = z.record(z.string(), z.unknown());
const tableRows = z.record(z.string(), z.unknown());

/**
 * Reads what `ovsdb-client backup` wrote: a schema, and transactions. Each record must have the hash that its first line names.
 *
 * @returns a sentence if it is no snapshot, or one that was cut off or changed
 */
export function readOvsdbSnapshot(bytes: Uint8Array): OvsdbSnapshot | { readonly why: string } {
  const records = recordsIn(bytes);
  if ('why' in records) return records;
  const [first, ...transactions] = records.all;
  const schema = schemaRecord.safeParse(first);
  if (!schema.success) return { why: 'its first record is no schema' };
  const known = new Set(Object.keys(schema.data.tables));
  const ids = new Map<string, Set<string>>();
  for (const record of transactions) {
    const read = transaction.safeParse(record);
    if (!read.success) return { why: 'a record is no transaction' };
    for (const [table, value] of Object.entries(read.data)) {
      if (table.startsWith('_')) continue;
      const rows = tableRows.safeParse(value);
      if (!known.has(table) || !rows.success) return { why: `its schema has no table ${table}` };
      const own = ids.get(table) ?? new Set();
      ids.set(table, own);
      for (const [id, row] of Object.entries(rows.data)) {
        if (row === null) own.delete(id);
        else own.add(id);
      }
    }
  }
  return {
    database: schema.data.name,
    version: schema.data.version,
    rows: Object.fromEntries(
      [...ids]
        .filter(([, own]) => own.size > 0)
        .map(([table, own]) => [table, own.size] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}

function recordsIn(bytes: Uint8Array): { readonly all: readonly unknown[] } | { readonly why: string } {
  const all: unknown[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, at);
    const [, length = '', hash] =
      HEADER.exec(Buffer.from(bytes.subarray(at, end < 0 ? at : end)).toString('latin1')) ?? [];
    if (hash === undefined) return { why: `at byte ${at} no record begins` };
    const body = bytes.subarray(end + 1, end + 1 + Number(length));
    if (body.length < Number(length)) return { why: `it ends within the record at byte ${at}` };
    if (createHash('sha1').update(body).digest('hex') !== hash)
      return { why: `the record at byte ${at} is not the one whose hash it has` };
    try {
      all.push(JSON.parse(Buffer.from(body).toString('utf8')));
    } catch {
      return { why: `the record at byte ${at} is not JSON` };
    }
    at = end + 1 + Number(length);
  }
  return all.length === 0 ? { why: 'it is empty' } : { all };
}
