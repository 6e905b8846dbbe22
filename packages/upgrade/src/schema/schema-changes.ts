import { holds } from './column-type.ts';
import type { SchemaColumn, SchemaSnapshot } from './read-schema.ts';

/**
 * - `table-gone`, `column-gone`: also of one that has another name now
 * - `narrower`: it does not hold all that it held
 * - `other-type`: whether it does is not known here
 * - `needs-a-value`: it became NOT NULL, or is new, and has no default: a row that is written without it is refused
 */
export type SchemaChangeKind = 'table-gone' | 'column-gone' | 'narrower' | 'other-type' | 'needs-a-value';

/** A change of a schema by which code that knows the schema of before may break. */
export interface SchemaChange {
  readonly kind: SchemaChangeKind;
  readonly table: string;
  /** `undefined` of a table. */
  readonly column: string | undefined;
  /** In a sentence. */
  readonly because: string;
}

/**
 * What an expand migration changed so that the code of before may break. What it added, and old code need not know, is not in it.
 *
 * @example
 * schemaChanges(before, after); // [{ kind: 'column-gone', table: 'portforwardings', column: 'socket', … }]
 */
export function schemaChanges(before: SchemaSnapshot, after: SchemaSnapshot): SchemaChange[] {
  const tablesAfter = new Set(after.columns.map(({ table }) => table));
  const now = new Map(after.columns.map((column) => [keyOf(column), column]));
  const was = new Map(before.columns.map((column) => [keyOf(column), column]));
  const tablesBefore = new Set(before.columns.map(({ table }) => table));
  const changes: SchemaChange[] = [...tablesBefore]
    .filter((table) => !tablesAfter.has(table))
    .map((table) => ({
      kind: 'table-gone',
      table,
      column: undefined,
      because: `table ${table} is gone, or has another name`,
    }));
  for (const old of before.columns)
    if (tablesAfter.has(old.table)) changes.push(...changesOf(old, now.get(keyOf(old))));
  for (const column of after.columns)
    if (tablesBefore.has(column.table) && !was.has(keyOf(column)) && needsValue(column))
      changes.push({
        kind: 'needs-a-value',
        table: column.table,
        column: column.column,
        because: `${nameOf(column)} is new and NOT NULL, without a default`,
      });
  return changes;
}

function changesOf(old: SchemaColumn, now: SchemaColumn | undefined): SchemaChange[] {
  const { table, column } = old;
  if (now === undefined)
    return [{ kind: 'column-gone', table, column, because: `${nameOf(old)} is gone, or has another name` }];
  const isHeld = holds(now.type, old.type);
  return [
    ...(isHeld === true
      ? []
      : [
          {
            kind: isHeld === false ? ('narrower' as const) : ('other-type' as const),
            table,
            column,
            because: `${nameOf(old)} was ${old.type}, and is ${now.type}`,
          },
        ]),
    ...(needsValue(now) && !needsValue(old)
      ? [
          {
            kind: 'needs-a-value' as const,
            table,
            column,
            because: `${nameOf(old)} became NOT NULL, without a default`,
          },
        ]
      : []),
  ];
}

const needsValue = ({ nullable, hasDefault }: SchemaColumn): boolean => !nullable && !hasDefault;
const keyOf = ({ table, column }: SchemaColumn): string => `${table}\t${column}`;
const nameOf = ({ table, column }: SchemaColumn): string => `${table}.${column}`;
