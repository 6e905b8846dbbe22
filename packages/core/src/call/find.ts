import { checkOptions, FIND_OPTIONS } from '../options/option-checks.ts';
import type { FindOptions } from '../options/call-options.ts';
import { isBadRequest, isForbidden, isHttpError, isNotFound } from '../errors/guards.ts';
import { AmbiguousError, NotFoundError } from '../errors/errors.ts';
import { isServiceFault } from '../errors/fault.ts';
import type { FilterLanguage, ResourceSpec } from '../record/operation.ts';
import { isShape, isVersioned } from '../record/shape.ts';

type Methods = Readonly<Record<string, (input?: unknown, options?: FindOptions) => unknown>>;
type Entity = Readonly<Record<string, unknown>>;

/** `find` for a resource that says by which field. At most two calls where the service filters by it. */
export function finder(resource: ResourceSpec, methods: Methods): object {
  const { findBy } = resource;
  const { get, list } = methods;
  if (findBy === undefined || list === undefined) return {};
  const filter = filterOf(resource, findBy);
  return {
    async find(idOrName: string, options: FindOptions = {}): Promise<unknown> {
      checkOptions(options, FIND_OPTIONS, `${resource.name}.find`);
      const { missingOk, ...call } = options;
      let denied: unknown;
      if (get !== undefined && looksLikeId(idOrName)) {
        const seen = await byId(get, idOrName, call);
        if (seen.found !== undefined) return seen.found;
        denied = seen.denied;
      }
      const named: Entity[] = [];
      for await (const entity of list(filter(idOrName), call) as AsyncIterable<Entity>) {
        // The service's filter may be a pattern or ignore case: what counts is equality.
        if (entity['id'] === idOrName) return entity;
        if (entity[findBy] === idOrName) named.push(entity);
      }
      if (named.length > 1) {
        const ids = named.map((entity) => String(entity['id'] ?? entity['uuid']));
        throw new AmbiguousError(`${named.length} ${resource.name} have the ${findBy} ${idOrName}`, {
          ids,
          remedy: `Use one of the ids: ${ids.slice(0, 5).join(', ')}.`,
        });
      }
      // Not found by name, and not allowed to look by id: it is not known whether there is one.
      if (named.length === 0 && denied !== undefined) throw denied;
      if (named.length === 0 && !missingOk) {
        throw new NotFoundError(`no ${resource.name} with the id or ${findBy} ${idOrName}`, {
          remedy: 'Is it in another project or region, or not visible to this user?',
        });
      }
      return named[0];
    },
  };
}

async function byId(
  get: NonNullable<Methods[string]>,
  id: string,
  options: FindOptions,
): Promise<{ readonly found?: unknown; readonly denied?: unknown }> {
  try {
    return { found: await get({ id }, options) };
  } catch (error) {
    // Services answer 400 to an id of the wrong form.
    if (isNotFound(error) || (isBadRequest(error) && isServiceFault(error.body))) return {};
    // From somebody else, or below a URL that may be wrong, neither says anything, and the list, filtered by name, cannot tell.
    if (isHttpError(error) && (error.status === 404 || error.status === 400)) return { denied: error };
    // Keystone answers 403 to an id that does not exist, unless the role reaches all domains.
    if (isForbidden(error)) return { denied: error };
    throw error;
  }
}

/** The arguments by which the service leaves out what has another name. It may let others through: the caller compares. */
function filterOf(resource: ResourceSpec, field: string): (value: string) => object {
  const input = resource.operations['list']?.input;
  const argument = input !== undefined && isShape(input) ? input.fields[field] : undefined;
  // A filter that came later is not used: `find` works at every version. An empty one is none to Neutron.
  if (argument === undefined || isVersioned(argument)) return () => ({});
  const say = SAYING[resource.findByFilter ?? 'value'];
  return (value) => (value === '' ? {} : { [field]: say(value) });
}

const SAYING: Readonly<Record<FilterLanguage | 'value', (value: string) => string>> = {
  value: (value) => value,
  // Nova on MySQL puts a backslash before each `|`, also before one that has it already (`_safe_regex_mysql`): any character
  // stands for it.
  pattern: (value) =>
    `^${value.replaceAll(/[$()*+.?[\\\]^{|}]/g, (character) => (character === '|' ? '.' : `\\${character}`))}$`,
  // Said in full where it has a colon: then it means the same to every release that has operators (since Mitaka).
  operator: (value) => (value.includes(':') ? `eq:${value}` : value),
};

/** Any word may be one: ids of flavors and keypairs are names. `.` and `..` would lead elsewhere. */
const looksLikeId = (text: string): boolean => text !== '' && !/[\s/]|^\.\.?$/.test(text);
