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

/** Where the code of a service has its models. */
interface ModelsPlace {
  /** The module of SQLAlchemy's metadata: the first that there is, since some have been moved. */
  readonly modules: readonly [string, ...string[]];
  readonly metadata: string;
  /** The package whose modules of these names declare the tables, where the module alone knows of none. */
  readonly declaredIn?: readonly [name: string, modules: readonly string[]];
}

const MODELS: Readonly<Record<string, ModelsPlace>> = {
  barbican: { modules: ['barbican.model.models'], metadata: 'BASE.metadata' },
  cinder: { modules: ['cinder.db.sqlalchemy.models'], metadata: 'BASE.metadata' },
  glance: { modules: ['glance.db.sqlalchemy.models'], metadata: 'BASE.metadata' },
  // Until Zed, and since 2023.1.
  heat: { modules: ['heat.db.models', 'heat.db.sqlalchemy.models'], metadata: 'BASE.metadata' },
  // Each driver of Keystone declares its own.
  keystone: {
    modules: ['keystone.common.sql.core'],
    metadata: 'ModelBase.metadata',
    declaredIn: ['keystone', ['sql', 'sql_model']],
  },
  neutron: { modules: ['neutron.db.migration.models.head'], metadata: 'get_metadata()' },
  nova: { modules: ['nova.db.main.models'], metadata: 'BASE.metadata' },
  'nova-api': { modules: ['nova.db.api.models'], metadata: 'BASE.metadata' },
  placement: { modules: ['placement.db.sqlalchemy.models'], metadata: 'BASE.metadata' },
};

/**
 * A program of Python that prints the models of a service as JSON, to be run with the interpreter and packages of the old release:
 * `python3 -c "$(…)"`. Its output is read by `modelsOf`.
 *
 * @throws SchemaError for a service whose models are not known here
 */
export function modelsScript(service: string): string {
  const known = Object.hasOwn(MODELS, service) ? MODELS[service] : undefined;
  if (known === undefined)
    throw new SchemaError(`where ${service} has its models is not known here`, {
      remedy: `Known are ${Object.keys(MODELS).join(', ')}.`,
    });
  const { modules, metadata, declaredIn } = known;
  const [name, declaring] = declaredIn ?? ['', []];
  return [
    'import importlib, importlib.util, json, pkgutil',
    'def is_there(name):',
    '    try:',
    '        return importlib.util.find_spec(name) is not None',
    '    except ModuleNotFoundError:',
    '        return False',
    `module = next((name for name in ${python(modules)} if is_there(name)), ${python(modules[0])})`,
    'module = importlib.import_module(module)',
    ...(declaredIn === undefined
      ? []
      : [
          `package = importlib.import_module(${python(name)})`,
          'for found in pkgutil.walk_packages(package.__path__, package.__name__ + ".", onerror=lambda name: None):',
          `    if found.name.rsplit(".", 1)[-1] in ${python(declaring)} and ".tests." not in found.name:`,
          '        importlib.import_module(found.name)',
        ]),
    `tables = module.${metadata}.tables.values()`,
    'print(json.dumps([[t.name, c.name, bool(c.nullable)] for t in tables for c in t.columns]))',
  ].join('\n');
}

/** A text, or a list of texts, as Python writes it. */
const python = (value: unknown): string => JSON.stringify(value);

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
