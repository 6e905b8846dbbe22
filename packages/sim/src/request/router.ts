import { type OperationSpec, routeOf, type ServiceSpec } from '@groundcrew/core';
import type { Handler, Routes } from '../call.ts';

/** A route of a service, with its record and its handler. */
export interface Route {
  /** `servers.get`; for a route without a record, its method and template. */
  readonly operation: string;
  readonly method: string;
  readonly template: string;
  readonly action: string | undefined;
  /** Absent for routes without a record: older forms, and what only other clients use. */
  readonly spec: OperationSpec | undefined;
  /** Further records of the same route: of other microversions, or with other arguments. */
  readonly others: readonly OperationSpec[];
  /** Absent if the operation is not simulated. */
  readonly handler: Handler | undefined;
}

export interface Match {
  readonly routes: readonly Route[];
}

/** The key of a route. The names of slots do not matter to a match: `GET servers/{}`. */
const keyOf = (method: string, path: string): string => `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`;

interface Pattern {
  readonly segments: readonly string[];
  readonly routes: Map<string, Route[]>;
}

/** Joins records with handlers, and finds the routes of a request. Literal paths come before templated ones. */
export class Router {
  readonly routes: readonly Route[];
  readonly #patterns = new Map<number, Pattern[]>();

  constructor(spec: ServiceSpec, handlers: Routes, known: readonly string[] = []) {
    const routes = new Map<string, Route>();
    for (const [resource, { operations }] of Object.entries(spec.resources)) {
      for (const [name, operation] of Object.entries(operations)) {
        const key = keyOf(operation.verb, routeOf(operation));
        // Two operations may share a route (a list with and without a filter); the first names it.
        const first = routes.get(key);
        if (first !== undefined) {
          routes.set(key, { ...first, others: [...first.others, operation] });
          continue;
        }
        routes.set(key, {
          operation: `${resource}.${name}`,
          method: operation.verb,
          template: operation.path,
          action: operation.action,
          spec: operation,
          others: [],
          handler: undefined,
        });
      }
    }
    for (const [route, handler] of Object.entries(handlers)) {
      const [method = '', rest = ''] = route.split(' ', 2);
      const [template = '', action] = rest.split('#', 2);
      const key = keyOf(method, rest);
      const recorded = routes.get(key);
      // The names of the slots are the handler's, which reads them.
      routes.set(key, {
        operation: route,
        method,
        spec: undefined,
        others: [],
        ...recorded,
        template,
        action,
        handler,
      });
    }
    for (const route of known) {
      const [method = '', template = ''] = route.split(' ', 2);
      const key = keyOf(method, template);
      if (routes.has(key)) continue;
      const nothing = { spec: undefined, others: [], action: undefined, handler: undefined };
      routes.set(key, { operation: route, method, template, ...nothing });
    }
    this.routes = [...routes.values()];
    for (const route of this.routes) this.#place(route);
    for (const patterns of this.#patterns.values()) patterns.sort((a, b) => slots(a) - slots(b));
  }

  /** Every route of this path and method (an action's path has many), or the methods that the path has. */
  match(
    method: string,
    path: string,
    head: 'get' | 'unknown' = 'unknown',
  ): Match | { readonly allow: readonly string[] } | undefined {
    const segments = path.split('/');
    const allow = new Set<string>();
    for (const pattern of this.#patterns.get(segments.length) ?? []) {
      if (!matchesPattern(pattern.segments, segments)) continue;
      const routes =
        pattern.routes.get(method) ??
        (method === 'HEAD' && head === 'get' ? pattern.routes.get('GET') : undefined);
      if (routes === undefined) {
        for (const known of pattern.routes.keys()) allow.add(known);
        continue;
      }
      return { routes };
    }
    return allow.size === 0 ? undefined : { allow: [...allow].toSorted() };
  }

  #place(route: Route): void {
    const segments = route.template.split('/');
    const patterns = this.#patterns.get(segments.length) ?? [];
    this.#patterns.set(segments.length, patterns);
    const shape = segments.map((segment) => (segment.startsWith('{') ? '{}' : segment));
    let pattern = patterns.find((known) =>
      known.segments.every((segment, index) => segment === shape[index]),
    );
    if (pattern === undefined) patterns.push((pattern = { segments: shape, routes: new Map() }));
    const routes = pattern.routes.get(route.method) ?? [];
    pattern.routes.set(route.method, routes);
    routes.push(route);
  }
}

const slots = (pattern: Pattern): number => pattern.segments.filter((segment) => segment === '{}').length;

const matchesPattern = (pattern: readonly string[], segments: readonly string[]): boolean =>
  pattern.every((part, index) => (part === '{}' ? segments[index] !== '' : part === segments[index]));

/** The values of a route's slots in a path. */
export function paramsOf(route: Route, path: string): Record<string, string> {
  const segments = path.split('/');
  const params: Record<string, string> = {};
  for (const [index, part] of route.template.split('/').entries()) {
    if (part.startsWith('{')) params[part.slice(1, -1)] = decodeURIComponent(segments[index] as string);
  }
  return params;
}
