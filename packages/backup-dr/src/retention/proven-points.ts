import type { ProofRecords } from '../prove/proof-ledger.ts';

/** Ids of points that were proven to be restorable, however long ago. */
export type ProvenPoints = ReadonlySet<string>;

/** Those that a ledger tells of, without those of which a later proof failed. */
export function provenPoints({ entries }: Pick<ProofRecords, 'entries'>): ProvenPoints {
  const proven = new Set<string>();
  for (const { point, ok } of entries.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    if (ok) proven.add(point);
    else proven.delete(point);
  }
  return proven;
}
