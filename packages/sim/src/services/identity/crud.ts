import { created, noContent, ok } from '../../answer.ts';
import { admin, adminOf, type Call, type Handler, type Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import type { Store } from '../../store.ts';
import { type Json, str } from '../../wire.ts';
import type { Entity } from './state.ts';

type Verb = 'get' | 'list' | 'create' | 'update' | 'delete';

interface Crud<T extends Entity> {
  /** `user`, as in the envelope and in policy rules. */
  readonly name: string;
  readonly plural: string;
  /** The path below the endpoint, if it is not the plural. */
  readonly path?: string;
  readonly store: (call: Call) => Store<T>;
  readonly make: (call: Call, given: Json) => T;
  /** Query parameters that are compared with fields. */
  readonly filters?: readonly string[];
  /** Everybody may read. */
  readonly everybodyReads?: true;
  /** Tells whether an entity is the caller's own, which the caller may read. Only administrators may read others. */
  readonly isOwn?: (call: Call, entity: T) => boolean;
  /** The caller may also change and list what is the caller's own. */
  readonly ownerMayChange?: true;
  /** The verbs for which Keystone looks the entity up before its policy, so that a missing one is a 404 to everybody. */
  readonly looksUpFirst?: readonly Verb[];
  readonly onRemove?: (call: Call, entity: T) => void;
  readonly onChange?: (call: Call, entity: T, given: Json) => void;
  readonly show?: (call: Call, entity: T) => Json;
  /** A name must be unique in its domain. */
  readonly uniqueName?: true;
}

/** The five verbs that most of Keystone's resources have. */
export function crud<T extends Entity>(options: Crud<T>): Routes {
  const { name, plural, store, isOwn } = options;
  const path = options.path ?? plural;
  const human = name.replaceAll('_', ' ');
  const view = (call: Call, entity: T): Json => ({
    ...(options.show?.(call, entity) ?? entity),
    links: { self: `${call.base}/${path}/${entity.id}` },
  });
  const find = (call: Call): T => {
    const entity = store(call).get(call.param('id'));
    if (entity === undefined) throw notFound(`Could not find ${human}: ${call.param('id')}.`);
    return entity;
  };
  const withPolicy = (verb: Verb, handler: Handler): Handler => {
    const rule = `identity:${verb}_${verb === 'list' ? plural : name}`;
    const reads = verb === 'get' || verb === 'list';
    if (options.everybodyReads && reads) {
      return (call) => {
        // Another answer would tell which ids do not exist.
        const hidden =
          verb === 'get' && options.looksUpFirst !== undefined && !options.looksUpFirst.includes('get');
        if (hidden && store(call).get(call.param('id')) === undefined) return admin(rule, handler)(call);
        return (call.token, handler(call));
      };
    }
    const guarded =
      options.looksUpFirst?.includes(verb) === true ? adminOf(find, rule, handler) : admin(rule, handler);
    if (isOwn === undefined) return guarded;
    return (call) => {
      if (options.ownerMayChange && (verb === 'list' || verb === 'create')) return handler(call);
      const entity = store(call).get(call.param('id'));
      const own =
        entity !== undefined && isOwn(call, entity) && (verb === 'get' || options.ownerMayChange === true);
      return own ? handler(call) : guarded(call);
    };
  };
  return {
    [`GET ${path}`]: withPolicy('list', (call) => {
      let found = store(call).values();
      if (isOwn !== undefined && !call.admin) found = found.filter((entity) => isOwn(call, entity));
      for (const filter of ['name', ...(options.filters ?? [])]) {
        const wanted = call.query.get(filter);
        if (wanted !== null)
          found = found.filter((entity) => str(entity[filter]).toLowerCase() === wanted.toLowerCase());
      }
      return ok({ [plural]: found.map((entity) => view(call, entity)), links: links(call) });
    }),
    [`POST ${path}`]: withPolicy('create', (call) => {
      const given = call.envelope(name);
      const entity = options.make(call, given);
      if (options.uniqueName) {
        const duplicate = store(call).find(
          (other) =>
            other !== entity && other.name === entity.name && other['domain_id'] === entity['domain_id'],
        );
        if (duplicate !== undefined) {
          store(call).delete(entity.id);
          throw conflict(
            `Conflict occurred attempting to store ${name} - it is not permitted to have two ${plural} with either the same name or same id in the same domain: name is ${entity.name}, ${name} id ${entity.id}.`,
          );
        }
      }
      return created({ [name]: view(call, entity) });
    }),
    [`GET ${path}/{id}`]: withPolicy('get', (call) => ok({ [name]: view(call, find(call)) })),
    [`PATCH ${path}/{id}`]: withPolicy('update', (call) => {
      const entity = find(call);
      const given = call.envelope(name);
      options.onChange?.(call, entity, given);
      const { id: _id, password: _password, links: _links, ...fields } = given;
      Object.assign(entity, fields);
      return ok({ [name]: view(call, entity) });
    }),
    [`DELETE ${path}/{id}`]: withPolicy('delete', (call) => {
      const entity = find(call);
      options.onRemove?.(call, entity);
      store(call).delete(entity.id);
      return noContent;
    }),
  };
}

export const links = (call: Call): Json => ({
  next: null,
  self: `${call.url.origin}${call.url.pathname}${call.url.search}`,
  previous: null,
});

/** A name, which Keystone demands. */
export function nameOf(given: Json): string {
  const name = given['name'];
  if (name === undefined) throw badRequest("'name' is a required property");
  if (typeof name !== 'string')
    throw badRequest(`Invalid input for field 'name': ${JSON.stringify(name)} is not of type 'string'`);
  return name;
}
