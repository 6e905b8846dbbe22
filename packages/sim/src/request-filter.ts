import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { RequestRecord } from './requests.ts';
import { routesOf } from './request/routes.ts';
import { services } from './services/all.ts';

/** A choice of requests by what their records say. A field that is left out matches every request. */
export interface RequestFilter {
  /** The name of the service's record, `blockStorage`, and not its type; `none` for paths that belong to no service. */
  readonly service?: string | undefined;
  /** `servers.list`; `versions`; of a route that is in no record, its method and path. */
  readonly operation?: string | undefined;
  readonly method?: string | undefined;
  /** Text matches the end of a path without its query, an expression any part of both. */
  readonly path?: string | RegExp | undefined;
  /** The status that was answered; 0 if the connection was reset. */
  readonly status?: number | undefined;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const SERVICES = [...services.map(({ spec }) => spec.name), 'none'];

const fields = {
  service: z
    .string(`must be one of ${SERVICES.join(', ')}`)
    .refine((name) => SERVICES.includes(name), {
      error: ({ input }) => `there is no service ${JSON.stringify(input)}; there are ${SERVICES.join(', ')}`,
    })
    .optional(),
  operation: z.string().optional(),
  method: z
    .string()
    .refine((name) => METHODS.includes(name.toUpperCase()), `must be one of ${METHODS.join(', ')}`)
    .optional(),
  path: z
    .union(
      [
        z
          .string()
          .min(1, 'the end of a path has at least one character')
          .refine((text) => !text.includes('?'), 'the end of a path has no query: give a RegExp'),
        z.custom<RegExp>((value) => Object.prototype.toString.call(value) === '[object RegExp]'),
      ],
      'must be the end of a path, which has no query, or a RegExp',
    )
    .optional(),
};

/** Refuses an operation that no request of the service can have. */
function withKnownOperation<T extends z.ZodType>(schema: T): T {
  return schema.superRefine((filter, context) => {
    const { operation, service } = filter as RequestFilter;
    const message = operation === undefined ? undefined : operationFault(operation, service);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['operation'], message });
  }) as T;
}

/** Schema of the filter of a fault script: the status of an answer is not known before there is one. */
export const faultMatch = withKnownOperation(optionsSchema<Omit<RequestFilter, 'status'>>(fields));

const requestFilter = withKnownOperation(
  optionsSchema<RequestFilter>({ ...fields, status: z.int().min(0).max(599).optional() }),
);

/**
 * Refuses a filter that matches nothing because it is misspelt: a test that expects no such request could not fail.
 *
 * @throws InputError with the field, and the names that there are
 */
export function checkFilter(operation: string, filter: RequestFilter): void {
  parseArguments(operation, anObjectWith('a filter of requests').pipe(requestFilter), filter);
}

/** The reason why no request has an operation of this name; `undefined` if one may. */
function operationFault(operation: string, service: string | undefined): string | undefined {
  const asked = services.filter(({ spec }) => service === undefined || spec.name === service);
  if (operation === 'versions' && asked.length > 0) return undefined;
  // Paths that are in no record are logged as they are asked for.
  if (METHODS.some((method) => operation.startsWith(`${method} `))) return undefined;
  const routes = asked.flatMap(routesOf);
  if (routes.some((route) => route.operation === operation)) return undefined;
  const [name = '', member = ''] = operation.split('.', 2);
  const resources = asked.flatMap(({ spec }) => Object.entries(spec.resources));
  const operations = resources.find(([resource]) => resource === name)?.[1].operations;
  const spec = operations !== undefined && Object.hasOwn(operations, member) ? operations[member] : undefined;
  const first = spec === undefined ? undefined : routes.find(({ others }) => others.includes(spec));
  if (first !== undefined)
    return `requests of ${operation} are logged as ${first.operation}: they have one route`;
  const what = `there is no operation ${JSON.stringify(operation)}${service === undefined ? '' : ` of ${service}`}`;
  const known =
    operations === undefined
      ? `the resources are ${resources.map(([resource]) => resource).join(', ')}`
      : `there are ${routes.flatMap((route) => (route.operation.startsWith(`${name}.`) ? [route.operation] : [])).join(', ')}`;
  return `${what}; ${resources.length === 0 ? '' : `${known}; `}for a path that is in no record give its METHOD path`;
}

/**
 * Tells whether the filter matches a request. A path given as text matches the end of the request's path, without its
 * query.
 */
export function matches(
  entry: Pick<RequestRecord, 'service' | 'operation' | 'method' | 'path'> & { readonly status?: number },
  filter: RequestFilter,
): boolean {
  if (filter.service !== undefined && filter.service !== entry.service) return false;
  if (filter.operation !== undefined && filter.operation !== entry.operation) return false;
  if (filter.method !== undefined && filter.method.toUpperCase() !== entry.method) return false;
  if (filter.status !== undefined && filter.status !== entry.status) return false;
  // An expression with the flag `g` remembers where it was, and `test` would pass over every second request.
  if (typeof filter.path === 'object') return entry.path.search(filter.path) !== -1;
  return filter.path === undefined || (entry.path.split('?', 1)[0] as string).endsWith(filter.path);
}
