import { z } from 'zod';
import { SchemaError } from './schema-error.ts';

/** A column that a service's code knows. */
export interface ModelColumn {
  readonly table: string;
  readonly column: string;
  /** Whether the code lets it be NULL: a row without a value for it is then written with an explicit NULL, or without it. */
  readonly nullable: boolean;
}

/** The tables and columns that the code of a service reads and writes. */
export interface CodeModels {
  readonly service: string;
  readonly columns: readonly ModelColumn[];
}

/** Where each service has its models: the modules to import, and the expression of SQLAlchemy's metadata. */
const METADATA: Readonly<Record<string, readonly [imports: string, metadata: string]>> = {
  barbican: ['barbican.model.models', 'barbican.model.models.BASE.metadata'],
  cinder: ['cinder.db.sqlalchemy.models', 'cinder.db.sqlalchemy.models.BASE.metadata'],
  glance: ['glance.db.sqlalchemy.models', 'glance.db.sqlalchemy.models.BASE.metadata'],
  heat: ['heat.db.models', 'heat.db.models.BASE.metadata'],
  keystone: ['keystone.common.sql.core', 'keystone.common.sql.core.ModelBase.metadata'],
  neutron: ['neutron.db.migration.models.head', 'neutron.db.migration.models.head.get_metadata()'],
  nova: ['nova.db.main.models', 'nova.db.main.models.BASE.metadata'],
  'nova-api': ['nova.db.api.models', 'nova.db.api.models.BASE.metadata'],
  placement: ['placement.db.sqlalchemy.models', 'placement.db.sqlalchemy.models.BASE.metadata'],
};

/**
 * A program of Python that prints the models of a service as JSON, to be run with the interpreter and packages of the old release:
 * `python3 -c "$(…)"`. Its output is read by `modelsOf`.
 *
 * @throws SchemaError for a service whose models are not known here
 */
export function modelsScript(service: string): string {
  const known = METADATA[service];
  if (known === undefined)
    throw new SchemaError(`where ${service} has its models is not known here`, {
      remedy: `Known are ${Object.keys(METADATA).join(', ')}.`,
    });
  const [module, metadata] = known;
  return [
    'import json',
    `import ${module}`,
    `tables = ${metadata}.tables.values()`,
    'print(json.dumps([[t.name, c.name, bool(c.nullable)] for t in tables for c in t.columns]))',
  ].join('\n');
}

const output = z.array(z.tuple([z.string(), z.string(), z.boolean()]));

/**
 * Reads what `modelsScript` printed; warnings before it are passed over.
 *
 * @throws SchemaError for anything else
 */
export function modelsOf(service: string, printed: string): CodeModels {
  const line = printed
    .trimEnd()
    .split('\n')
    .findLast((one) => one.startsWith('[['));
  let json: unknown;
  try {
    json = line === undefined ? undefined : JSON.parse(line);
  } catch {
    json = undefined;
  }
  const read = output.safeParse(json);
  if (!read.success || read.data.length === 0)
    throw new SchemaError(`what was printed are no models of ${service}`);
  return { service, columns: read.data.map(([table, column, nullable]) => ({ table, column, nullable })) };
}
