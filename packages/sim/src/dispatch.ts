import { compareMicroversions, type OperationSpec } from '@groundcrew/core';
import type { Answer } from './answer.ts';
import { Call } from './call.ts';
import { badRequest, notFound, ServiceFault } from './fault.ts';
import { negotiate, UnsupportedVersion } from './microversions.ts';
import { notSimulatedRoutes } from './not-simulated.ts';
import { project } from './projection.ts';
import { paramsOf, type Route, Router } from './router.ts';
import type { SimulatedService } from './service.ts';
import { services } from './services/all.ts';
import { isAllowed } from './services/identity/access-rules.ts';
import { validToken } from './services/identity/tokens.ts';
import { examine, unknownQuery } from './strict.ts';
import { quality, UNSPECIFIC } from './webob.ts';
import { record } from './wire.ts';
import type { SimState } from './sim-state.ts';

/** What became of a request: for the log and the fault scripts. */
export interface Dispatched {
  readonly service: SimulatedService | undefined;
  readonly route: Route | undefined;
  readonly operation: string;
  readonly microversion: string | undefined;
  readonly known: boolean;
  /** Does the work. Not called for a request that a fault script keeps from the service. */
  readonly run: () => Promise<Answer>;
  /** A refusal, in the service's words. */
  readonly refuse: (fault: ServiceFault) => Answer;
}

const routers = new Map(
  services.map((service) => [
    service,
    new Router(service.spec, service.routes, notSimulatedRoutes[service.spec.name]),
  ]),
);

/** Every route of a service, for the contract test and the table of coverage. */
export const routesOf = (service: SimulatedService): readonly Route[] => routers.get(service)?.routes ?? [];

/** Finds the service and the route of a request, and says how to answer it. */
export async function dispatch(
  state: SimState,
  request: Request,
  url: URL,
  requestId: string,
): Promise<Dispatched> {
  const service = services.find(
    ({ prefix }) => url.pathname === prefix || url.pathname.startsWith(`${prefix}/`),
  );
  if (service === undefined) {
    return {
      service,
      route: undefined,
      operation: `${request.method} ${url.pathname}`,
      microversion: undefined,
      known: false,
      run: async () => nowhere(),
      refuse: nowhere,
    };
  }
  const root = url.origin + service.prefix;
  const accept = request.headers.get('Accept');
  const { trailingSlash, manySlashes, json } = service.paths;
  const pathname = url.pathname.replaceAll(/\/{2,}/g, '/');
  const asked = pathname.slice(service.prefix.length).replace(/^\//, '');
  const rest = asked.replace(/\/$/, '');
  const version = service.version.slice(1);
  const max = service.maxMicroversion?.(state.release) ?? '0.0';
  let microversion = service.spec.microversion?.floor ?? '0.0';
  const finish = (answer: Answer): Answer => {
    const empty = answer.body === undefined && answer.raw === undefined;
    const type = empty ? service.emptyType?.(answer.status) : undefined;
    return {
      ...answer,
      headers: {
        ...service.headers(requestId, microversion),
        ...(type === undefined ? {} : { 'Content-Type': type }),
        ...answer.headers,
      },
    };
  };
  const refuse = (fault: ServiceFault): Answer =>
    finish(service.fault(fault, { requestId, origin: url.origin, microversion, accept }));
  const outcome = (
    route: Route | undefined,
    operation: string,
    known: boolean,
    run: () => Promise<Answer> | Answer,
  ): Dispatched => ({
    service,
    route,
    operation,
    microversion: service.spec.microversion === undefined ? undefined : microversion,
    known,
    refuse,
    run: async () => {
      try {
        return finish(await run());
      } catch (error) {
        if (error instanceof ServiceFault) return refuse(error);
        throw error;
      }
    },
  });

  if (pathname !== url.pathname && manySlashes === 'redirect') {
    const to = { status: 308, headers: { Location: url.origin + pathname + url.search } };
    return outcome(undefined, `${request.method} ${rest}`, true, () => to);
  }
  if (rest === '' || rest === version || rest === 'versions') {
    // A path and that with a slash behind it are two: Glance answers them differently.
    const versions = service.versions(root, trailingSlash === 'unknown' ? asked : rest, state.release);
    if (versions !== undefined) return outcome(undefined, 'versions', true, () => versions);
  }
  const inside = trailingSlash === 'unknown' && asked !== rest ? undefined : pathIn(service, rest);
  const named = json ? inside?.replace(/\.json$/, '') : inside;
  const path = named === undefined ? undefined : (service.alias?.(named) ?? named);
  if (path === undefined)
    return outcome(undefined, `${request.method} ${rest}`, false, () =>
      unknownOf(service.unknown({ method: request.method, allow: undefined, accept })),
    );

  const match = (routers.get(service) as Router).match(request.method, path, service.paths.head);
  if (match === undefined || 'allow' in match) {
    const token = validToken(state, request.headers.get('X-Auth-Token'));
    return outcome(undefined, `${request.method} ${path}`, false, () => {
      if (token === undefined)
        throw new ServiceFault(401, 'The request you have made requires authentication.');
      return unknownOf(service.unknown({ method: request.method, allow: match?.allow, accept }));
    });
  }
  let body: unknown;
  let malformed: string | undefined;
  if (!isRaw(request, path) && request.body !== null) {
    const text = await request.text();
    if (text !== '') {
      try {
        body = JSON.parse(text);
      } catch {
        malformed = text;
      }
    }
  }
  const route = choose(match.routes, body);
  if (service.spec.microversion !== undefined) {
    try {
      microversion = negotiate(service.spec, max, request.headers);
    } catch (error) {
      if (error instanceof UnsupportedVersion) microversion = error.asked;
      const fault = error;
      return outcome(route, route?.operation ?? path, true, () => {
        throw fault;
      });
    }
  }
  if (route === undefined) {
    const name = Object.keys(record(body))[0];
    return outcome(undefined, `${request.method} ${path}#${name}`, false, () => {
      throw badRequest(name === undefined ? 'Malformed request body' : `There is no such action: ${name}`);
    });
  }
  const token = validToken(state, request.headers.get('X-Auth-Token'));
  const call = new Call({
    state,
    request,
    url,
    params: paramsOf(route, path),
    microversion,
    requestId,
    base: root + service.version,
    root,
    token,
    body,
  });
  return outcome(route, route.operation, true, async () => {
    const name = `${route.method} ${route.template}`;
    if (name !== 'POST auth/tokens') void call.token;
    const rules = service.spec.name === 'identity' ? undefined : token?.accessRules;
    if (rules !== undefined && !isAllowed(rules, service.spec.type, request.method, `/${rest}`))
      throw new ServiceFault(401, 'The request you have made requires authentication.');
    if (
      service.onlyJson?.(request.method, path) === true &&
      accept !== null &&
      quality(accept, 'application/json') === 0
    )
      throw new ServiceFault(406, UNSPECIFIC);
    if (malformed !== undefined) throw badRequest(service.malformed);
    const { handler } = route;
    const spec = specAt(route, microversion);
    if (route.spec !== undefined && spec === undefined) throw absent();
    readersOnlyRead(call);
    if (handler === undefined) {
      throw new ServiceFault(
        501,
        `The simulated cloud does not do ${service.spec.name} ${route.operation} yet.`,
      );
    }
    if (spec !== undefined) {
      const problem = examine(spec, microversion, body);
      const complaint = problem === undefined ? undefined : service.complain(problem, name);
      if (complaint !== undefined) throw complaint;
      if (request.method === 'GET' && service.complainQuery !== undefined) {
        const names = unknownQuery(spec, microversion, url.searchParams);
        const refused = service.complainQuery(names, call, name, spec);
        if (refused !== undefined) throw refused;
      }
    }
    const answer = await handler(call);
    return spec === undefined || answer.body === undefined
      ? answer
      : { ...answer, body: project(spec, microversion, answer.body) };
  });
}

/** The record of a route that is there at a microversion. */
const specAt = (route: Route, microversion: string): OperationSpec | undefined =>
  [...(route.spec === undefined ? [] : [route.spec]), ...route.others].find(
    ({ since, until }) =>
      (since === undefined || compareMicroversions(microversion, since) >= 0) &&
      (until === undefined || compareMicroversions(microversion, until) < 0),
  );

/** What a path answers that belongs to no service. */
const nowhere = (): Answer => ({
  status: 404,
  raw: 'no such service\n',
  headers: { 'Content-Type': 'text/plain' },
});

/** The path below the version; Cinder's without its project, which it may have or not. */
function pathIn(service: SimulatedService, rest: string): string | undefined {
  const version = service.version.slice(1);
  if (version === '') return rest;
  if (!rest.startsWith(`${version}/`)) return undefined;
  const path = rest.slice(version.length + 1);
  return ['/volume', '/instance-ha'].includes(service.prefix)
    ? path.replace(/^[0-9a-f]{32}(\/|$)/, '')
    : path;
}

/** Of the routes of one path, the one that the body's first key names, or the one without an action. */
function choose(routes: readonly Route[], body: unknown): Route | undefined {
  const plain = routes.find((route) => route.action === undefined);
  const keys = Object.keys(record(body));
  return routes.find((route) => route.action !== undefined && keys.includes(route.action)) ?? plain;
}

/** Bytes that are not for parsing. */
const isRaw = (request: Request, path: string): boolean =>
  /\/(file|stage)$/.test(path) || request.headers.get('Content-Type') === 'application/octet-stream';

const absent = (): ServiceFault => notFound('The resource could not be found.');

const unknownOf = (answer: ServiceFault | Answer): Answer => {
  if (answer instanceof ServiceFault) throw answer;
  return answer;
};

/** With the newer defaults, a role that only reads changes nothing. */
function readersOnlyRead(call: Call): void {
  const { method } = call.request;
  if (method === 'GET' || method === 'HEAD' || !call.state.release.readersOnlyRead) return;
  if (call.url.pathname.endsWith('/auth/tokens')) return;
  const { roles } = call.token;
  if (roles.length > 0 && roles.every((role) => role.name === 'reader'))
    throw new ServiceFault(403, 'reader', { type: 'policy' });
}
