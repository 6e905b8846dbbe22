import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { CodeModels, ModelColumn } from './code-models.ts';
import type { SchemaSnapshot } from './read-schema.ts';
import { type SchemaChange, schemaChanges } from './schema-changes.ts';

/** A change by which the old code breaks. */
export interface SchemaConflict extends SchemaChange {
  /** `sure`: the old code's models have it. `likely`: its models were not given, and its schema had it. */
  readonly certainty: 'sure' | 'likely';
}

/** What is compared. */
export interface RollingSafetyInput {
  /** The schema that the old release was written for. */
  readonly before: SchemaSnapshot;
  /** The schema once the new release expanded it. */
  readonly after: SchemaSnapshot;
  /** Of the old release's code. @default every change counts, and the verdict is `unknown` at worst */
  readonly models?: CodeModels | undefined;
}

const rollingSafetyInput = optionsSchema<RollingSafetyInput>({
  before: anObjectWith<SchemaSnapshot>('a SchemaSnapshot, as readSchema reads it'),
  after: anObjectWith<SchemaSnapshot>('a SchemaSnapshot, as readSchema reads it'),
  models: anObjectWith<CodeModels>('CodeModels, as modelsOf reads them').optional(),
});

/** Whether the old code of a service can run on the expanded schema. */
export interface RollingSafety {
  readonly service: string;
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly conflicts: readonly SchemaConflict[];
  /** Changes that the old code's models know nothing of. */
  readonly harmless: readonly SchemaChange[];
  /**
   * `table.column` of what the models have and `before` has not: one of the two is not the old release's, or its migrations had not been
   * run to their end. The verdict is not `pass` then.
   */
  readonly notInBefore: readonly string[];
}

/**
 * Tells whether a service can be rolled: the old code and the new one at work on the expanded schema at once. It cannot if a column that
 * the old code reads is gone, does not hold what it writes, or wants a value that it does not send. Pure.
 *
 * Without the models of the old code each change counts, as its schema is what it was written for; then the verdict is `unknown` rather
 * than `fail`.
 *
 * @example
 * const { verdict, conflicts } = rollingSafety('neutron', { before, after, models });
 * if (verdict === 'fail') console.log(`neutron needs an outage: ${conflicts[0]?.because}`);
 */
export function rollingSafety(service: string, given: RollingSafetyInput): RollingSafety {
  parseArguments('rollingSafety', rollingSafetyInput, given);
  const { before, after, models } = given;
  const changes = schemaChanges(before, after);
  if (models === undefined) {
    const conflicts = changes.map((change) => ({ ...change, certainty: 'likely' as const }));
    return {
      service,
      verdict: conflicts.length === 0 ? 'pass' : 'unknown',
      conflicts,
      harmless: [],
      notInBefore: [],
    };
  }
  const columns = new Map(models.columns.map((column) => [`${column.table}\t${column.column}`, column]));
  const tables = new Set(models.columns.map(({ table }) => table));
  const conflicts: SchemaConflict[] = [];
  const harmless: SchemaChange[] = [];
  for (const change of changes) {
    if (isHit(change, tables, columns)) conflicts.push({ ...change, certainty: 'sure' });
    else harmless.push(change);
  }
  // Of a type that cannot be compared nobody knows what becomes of what is written.
  const isUnsure = conflicts.every(({ kind }) => kind === 'other-type');
  const known = new Set(before.columns.map(({ table, column }) => `${table}.${column}`));
  const notInBefore = models.columns
    .map(({ table, column }) => `${table}.${column}`)
    .filter((column) => !known.has(column));
  const harmlessVerdict = notInBefore.length === 0 ? 'pass' : 'unknown';
  return {
    service,
    verdict: conflicts.length === 0 ? harmlessVerdict : isUnsure ? 'unknown' : 'fail',
    conflicts,
    harmless,
    notInBefore,
  };
}

function isHit(
  { kind, table, column }: SchemaChange,
  tables: ReadonlySet<string>,
  columns: ReadonlyMap<string, ModelColumn>,
): boolean {
  if (!tables.has(table)) return false;
  if (column === undefined) return true;
  const known = columns.get(`${table}\t${column}`);
  // A column that is new and wants a value is one that the old code does not send.
  if (kind === 'needs-a-value') return known === undefined || known.nullable;
  return known !== undefined;
}
