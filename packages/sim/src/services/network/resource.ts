import { created, noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, forbidden, notFound, ServiceFault } from '../../fault.ts';
import { isUuid } from '../../ids.ts';
import { isRecord, type Json, list, record, str, text, texts } from '../../wire.ts';
import { requireRevision } from './require-revision.ts';
import type { NetworkEntity } from './state.ts';

interface EntityStore<T> {
  get(id: string): T | undefined;
  values(): T[];
  delete(id: string): boolean;
}

export interface ResourceOptions<T extends NetworkEntity> {
  /** `network`: the envelope, and the name in policy rules. */
  readonly name: string;
  /** `networks`: the envelope of lists. */
  readonly plural: string;
  /** The path, if it is not the plural with dashes. */
  readonly path?: string;
  readonly store: (call: Call) => EntityStore<T>;
  readonly missing: (id: string) => ServiceFault;
  /** The refusal of an entity that exists and that the caller must not see. @default the same as of a missing one */
  readonly hidden?: ServiceFault;
  readonly make?: (call: Call, given: Json, project: string) => T;
  /** Fields that must be given. */
  readonly required?: readonly string[];
  readonly update?: (call: Call, entity: T, given: Json) => void;
  readonly remove?: (call: Call, entity: T) => void;
  /** Further entities that others may see: networks that are shared. */
  readonly visible?: (call: Call, entity: T) => boolean;
  /** Only administrators may set these, and only they see them. */
  readonly adminOnly?: readonly string[];
  /** Only administrators may set these. */
  readonly adminSets?: readonly string[];
  readonly show?: (call: Call, entity: T) => Json;
  /** The quota of the resource. */
  readonly quota?: string;
}

const CONTROL = new Set(['fields', 'limit', 'marker', 'page_reverse', 'sort_key', 'sort_dir']);

/** Query parameters that are no filters of a field. */
export const isControl = (name: string): boolean =>
  CONTROL.has(name) || /^(not-)?tags(-any)?$/.test(name) || name === 'tenant_id';

/** The five verbs of a Neutron resource, with its paging, filters, fields and bulk creation. */
export function resource<T extends NetworkEntity>(options: ResourceOptions<T>): Routes {
  const path = options.path ?? options.plural.replaceAll('_', '-');
  const adminFields = new Set(options.adminOnly);
  const view = (call: Call, entity: T): Json => {
    const shown = options.show?.(call, entity) ?? entity;
    return call.admin || adminFields.size === 0
      ? shown
      : Object.fromEntries(Object.entries(shown).filter(([name]) => !adminFields.has(name)));
  };
  const seen = (call: Call, entity: T): boolean =>
    call.owns(entity.project_id) || options.visible?.(call, entity) === true;
  const find = (call: Call): T => {
    const entity = options.store(call).get(call.param('id'));
    if (entity !== undefined && seen(call, entity)) return entity;
    throw (entity === undefined ? undefined : options.hidden) ?? options.missing(call.param('id'));
  };
  const own = (call: Call, verb: string): T => {
    const entity = find(call);
    if (!call.owns(entity.project_id)) throw forbidden(`rule:${verb}_${options.name}`, 'policy');
    return entity;
  };
  const guardFields = (call: Call, verb: string, given: Json): void => {
    if (call.admin) return;
    for (const field of [...(options.adminOnly ?? []), ...(options.adminSets ?? [])]) {
      if (given[field] === undefined || given[field] === false) continue;
      throw forbidden(`(rule:${verb}_${options.name} and rule:${verb}_${options.name}:${field})`, 'policy');
    }
  };
  const makeOne = (call: Call, given: Json): T => {
    requireFields(given, options.required ?? []);
    guardFields(call, 'create', given);
    const project = text(given['project_id']) ?? text(given['tenant_id']) ?? call.projectId;
    if (project !== call.projectId && !call.admin) {
      throw badRequest(
        "Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin or advsvc privileges",
        'HTTPBadRequest',
      );
    }
    if (options.quota !== undefined) call.state.network.charge(project, options.quota);
    if (options.make === undefined) throw new ServiceFault(501, 'The simulated cloud does not make these.');
    return options.make(call, given, project);
  };
  return {
    [`GET ${path}`]: (call) => {
      const all = options
        .store(call)
        .values()
        .filter((entity) => seen(call, entity));
      const page = pageOf(
        call,
        all.map((entity) => view(call, entity)),
        options.missing,
      );
      return ok({
        [options.plural]: page.items.map((item) => pickFields(call, item)),
        ...page.links(options.plural),
      });
    },
    [`POST ${path}`]: (call) => {
      const body = record(call.body);
      if (Array.isArray(body[options.plural])) {
        const made = list(body[options.plural]).map((asked) => makeOne(call, record(asked)));
        return created({ [options.plural]: made.map((entity) => view(call, entity)) });
      }
      if (!isRecord(body[options.name]))
        throw badRequest(`Unable to find '${options.name}' in request body`, 'HTTPBadRequest');
      return created({ [options.name]: view(call, makeOne(call, record(body[options.name]))) });
    },
    [`GET ${path}/{id}`]: (call) => ok({ [options.name]: pickFields(call, view(call, find(call))) }),
    [`PUT ${path}/{id}`]: (call) => {
      const entity = own(call, 'update');
      requireRevision(call, entity);
      const given = record(record(call.body)[options.name]);
      guardFields(call, 'update', given);
      if (options.update === undefined) Object.assign(entity, given);
      else options.update(call, entity, given);
      call.state.network.touch(entity);
      return ok({ [options.name]: view(call, entity) });
    },
    [`DELETE ${path}/{id}`]: (call) => {
      const entity = own(call, 'delete');
      requireRevision(call, entity);
      options.remove?.(call, entity);
      options.store(call).delete(entity.id);
      return noContent;
    },
  };
}

/** `?fields=id&fields=name` */
export function pickFields(call: Call, item: Json): Json {
  const fields = call.query.getAll('fields').flatMap((names) => names.split(','));
  if (fields.length === 0) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => fields.includes(name)));
}

/** Filters, sorts and pages as Neutron does (`neutron/api/api_common.py`). */
export function pageOf(call: Call, all: Json[], missing: (id: string) => ServiceFault) {
  let items = all.filter((item) => matchesQuery(call, item));
  const keys = call.query.getAll('sort_key');
  const dirs = call.query.getAll('sort_dir');
  for (const [index, key] of [...keys.entries()].toReversed()) {
    const sign = dirs[index] === 'desc' ? -1 : 1;
    items = items.toSorted((a, b) => sign * str(a[key]).localeCompare(str(b[key])));
  }
  const given = call.query.get('limit');
  // A value that is no number was refused before, if the list has pages.
  const limit =
    given === null || !/^\d+$/.test(given) || given === '0' ? Number.POSITIVE_INFINITY : Number(given);
  // Without a limit there are no pages, and the marker is ignored (the lab accepts any).
  const marker = limit === Number.POSITIVE_INFINITY ? null : call.query.get('marker');
  const reverse = /^true$/i.test(call.query.get('page_reverse') ?? '');
  if (reverse) items = items.toReversed();
  if (marker !== null) {
    const index = items.findIndex((item) => item['id'] === marker);
    if (index < 0 && !all.some((item) => item['id'] === marker)) throw missing(marker);
    items = items.slice(index + 1);
  }
  const page = items.slice(0, limit);
  return {
    items: reverse ? page.toReversed() : page,
    links: (plural: string): Json => {
      if (limit === Number.POSITIVE_INFINITY || page.length === 0) return {};
      return {
        [`${plural}_links`]: [
          ...(page.length >= limit
            ? [{ rel: 'next', href: href(call, (page.at(-1) as Json)['id'], false) }]
            : []),
          { rel: 'previous', href: href(call, (page[0] as Json)['id'], true) },
        ],
      };
    },
  };
}

function matchesQuery(call: Call, item: Json): boolean {
  for (const name of new Set(call.query.keys())) {
    if (CONTROL.has(name)) continue;
    const wanted = call.query
      .getAll(name)
      .flatMap((given) => (name === 'fixed_ips' ? [given] : given.split(',')));
    if (name === 'tags' || name === 'tags-any' || name === 'not-tags' || name === 'not-tags-any') {
      const tags = texts(item['tags']);
      const matched = name.endsWith('any')
        ? wanted.some((tag) => tags.includes(tag))
        : wanted.every((tag) => tags.includes(tag));
      if (matched === name.startsWith('not-')) return false;
      continue;
    }
    const value = name in item ? item[name] : name === 'tenant_id' ? item['project_id'] : undefined;
    if (value === undefined) {
      if (name === 'project_id' || name === 'tenant_id') return false;
      continue;
    }
    if (!wanted.some((option) => equals(value, option))) return false;
  }
  return true;
}

function equals(value: unknown, wanted: string): boolean {
  if (Array.isArray(value)) {
    return value.some((element) => {
      if (!isRecord(element)) return str(element) === wanted;
      // `fixed_ips=ip_address=10.0.0.3`, `fixed_ips=ip_address_substr=10.0`
      const [field = '', ...rest] = wanted.split('=');
      const sought = rest.join('=');
      return field.endsWith('_substr')
        ? str(element[field.slice(0, -7)]).includes(sought)
        : str(element[field]) === sought;
    });
  }
  if (typeof value === 'boolean')
    return str(value) === wanted.toLowerCase() || (value ? wanted === '1' : wanted === '0');
  return str(value ?? '') === wanted;
}

/** Refuses a body that lacks a field, which Neutron checks first. */
export function requireFields(given: Json, fields: readonly string[]): void {
  for (const field of fields) {
    if (given[field] === undefined)
      throw badRequest(
        `Failed to parse request. Required attribute '${field}' not specified`,
        'HTTPBadRequest',
      );
  }
}

/** Reads a UUID, or refuses it, which Neutron does before it looks anything up. */
export function uuid(given: Json, field: string): string {
  const value = str(given[field] ?? '');
  if (!isUuid(value))
    throw badRequest(`Invalid input for ${field}. Reason: '${value}' is not a valid UUID.`, 'HTTPBadRequest');
  return value;
}

export const missingOf =
  (type: string, human: string, ending = ' could not be found.') =>
  (id: string): ServiceFault =>
    notFound(`${human} ${id}${ending}`, type);

export const groupMissing = missingOf('SecurityGroupNotFound', 'Security group', ' does not exist');

function href(call: Call, id: unknown, back: boolean): string {
  const query = new URLSearchParams(call.query);
  query.delete('marker');
  query.delete('page_reverse');
  query.append('marker', str(id));
  if (back) query.append('page_reverse', 'True');
  return `${call.url.origin}${call.url.pathname}?${query.toString()}`;
}
