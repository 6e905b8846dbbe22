import { partsIn, type StoredRecord } from '../record.ts';
import type { Columns, Link, ReadRecord } from './store.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Text as text; whatever else somebody put there as something that no record has. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : `no text: ${String(value)}`);

/** A record of a row. What is not as it was written has no parts, and no event can be made of it. */
export function recordIn(row: Row): StoredRecord {
  const parts = partsIn(textOf(row['parts']));
  return {
    seq: Number(row['seq']),
    recorded: Number(row['recorded']),
    core: textOf(row['core']),
    parts: parts ?? {},
    hash: textOf(row['hash']),
    unsound: parts === undefined ? true : undefined,
  };
}

/** Joins rows with their links, and returns the links that belong to none of them. */
export function withLinks(
  rows: readonly Row[],
  links: readonly Row[],
): { records: ReadRecord[]; strays: number[] } {
  const bySeq = new Map<number, Link[]>();
  for (const { seq, kind, value } of links) {
    const link = { kind, value } as Link;
    const known = bySeq.get(Number(seq));
    if (known === undefined) bySeq.set(Number(seq), [link]);
    else known.push(link);
  }
  const records = rows.map((row) => {
    const record = recordIn(row);
    const own = bySeq.get(record.seq) ?? [];
    bySeq.delete(record.seq);
    // The row itself, which is nobody else's: a copy of each took as long as reading them.
    const columns = Object.assign(row, { at: Number(row['at']) }) as unknown as Columns;
    return Object.assign(record, { columns, links: own });
  });
  return { records, strays: [...bySeq.keys()] };
}
