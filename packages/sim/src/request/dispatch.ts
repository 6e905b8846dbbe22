import type { Answer } from '../answer.ts';
import { Call } from '../call.ts';
import { badRequest, type ServiceFault, unauthenticated } from '../fault.ts';
import type { SimulatedService } from '../service.ts';
import { validToken } from '../services/identity/valid-token.ts';
import type { SimState } from '../sim-state.ts';
import { record } from '../wire.ts';
import { NO_BODY, readBody } from './body.ts';
import { locate, serviceOf, type Target } from './locate.ts';
import { negotiate, UnsupportedVersion } from './microversions.ts';
import { perform } from './perform.ts';
import { paramsOf } from './router.ts';
import { chooseRoute, matchRoutes } from './routes.ts';
import { type AnswerContext, noSuchPath, writeAnswer, writeRefusal } from './write-answer.ts';

/** A request that was traced to its service and route, with what the log and the fault scripts need to know of it. */
export interface Dispatched {
  readonly service: SimulatedService | undefined;
  readonly operation: string;
  readonly microversion: string | undefined;
  readonly known: boolean;
  /** The body, parsed, of a request that has a route. */
  readonly body?: unknown;
  /** Does the work. Not called for a request that a fault script keeps from the service. */
  readonly run: () => Promise<Answer>;
  /** Writes a refusal in the service's words. */
  readonly refuse: (fault: ServiceFault) => Answer;
}

/** Finds the service and the route of a request, and says how to answer it. */
export async function dispatch(
  state: SimState,
  request: Request,
  url: URL,
  requestId: string,
): Promise<Dispatched> {
  const service = serviceOf(url);
  if (service === undefined) return outsideOfServices(request, url);
  const context: AnswerContext = {
    service,
    requestId,
    origin: url.origin,
    accept: request.headers.get('Accept'),
    microversion: service.spec.microversion?.floor ?? '0.0',
  };
  const target = locate(service, url, state.release);
  const { method } = request;
  switch (target.kind) {
    case 'redirect':
      return dispatched(context, `${method} ${target.rest}`, true, () => target.answer);
    case 'versions':
      return dispatched(context, 'versions', true, () => target.answer);
    case 'unknown':
      return dispatched(context, `${method} ${target.rest}`, false, () =>
        noSuchPath(context, method, undefined),
      );
    case 'resource':
      return dispatchToRoute(state, request, url, context, target);
  }
}

async function dispatchToRoute(
  state: SimState,
  request: Request,
  url: URL,
  context: AnswerContext,
  target: Target & { readonly kind: 'resource' },
): Promise<Dispatched> {
  const { service, requestId } = context;
  const { method } = request;
  const { path } = target;
  const token = validToken(state, request.headers.get('X-Auth-Token'));
  const match = matchRoutes(service, method, path);
  if (match === undefined || 'allow' in match) {
    return dispatched(context, `${method} ${path}`, false, () => {
      if (token === undefined) throw unauthenticated();
      return noSuchPath(context, method, match?.allow);
    });
  }
  const body = service.rawBodies ? NO_BODY : await readBody(request, path);
  const route = chooseRoute(match.routes, body.value);
  const negotiated = negotiateFor(state, service, request);
  const settled = { ...context, microversion: negotiated.microversion ?? context.microversion };
  if ('refusal' in negotiated) {
    return dispatched(settled, route?.operation ?? path, true, () => {
      throw negotiated.refusal;
    });
  }
  if (route === undefined) {
    const name = Object.keys(record(body.value))[0];
    return dispatched(settled, `${method} ${path}#${name}`, false, () => {
      throw badRequest(name === undefined ? 'Malformed request body' : `There is no such action: ${name}`);
    });
  }
  const root = url.origin + service.prefix;
  const call = new Call({
    state,
    request,
    url,
    params: paramsOf(route, path),
    microversion: settled.microversion,
    requestId,
    base: root + service.version,
    root,
    token,
    body: body.value,
  });
  return {
    ...dispatched(settled, route.operation, true, () => perform(service, target, route, body, call)),
    body: body.value,
  };
}

/** The microversion of a request, or the refusal of it; an answer names the version that is refused as unsupported. */
function negotiateFor(
  { release }: SimState,
  service: SimulatedService,
  { headers }: Request,
):
  | { readonly microversion: string }
  | { readonly microversion: string | undefined; readonly refusal: Error } {
  try {
    return { microversion: negotiate(service.spec, service.maxMicroversion?.(release) ?? '0.0', headers) };
  } catch (error) {
    return {
      microversion: error instanceof UnsupportedVersion ? error.asked : undefined,
      refusal: error as Error,
    };
  }
}

const dispatched = (
  context: AnswerContext,
  operation: string,
  known: boolean,
  work: () => Promise<Answer> | Answer,
): Dispatched => ({
  service: context.service,
  operation,
  microversion: context.service.spec.microversion === undefined ? undefined : context.microversion,
  known,
  run: () => writeAnswer(context, work),
  refuse: (fault) => writeRefusal(context, fault),
});

/** A path that belongs to no service. */
function outsideOfServices(request: Request, url: URL): Dispatched {
  const answer: Answer = {
    status: 404,
    raw: 'no such service\n',
    headers: { 'Content-Type': 'text/plain' },
  };
  return {
    service: undefined,
    operation: `${request.method} ${url.pathname}`,
    microversion: undefined,
    known: false,
    run: async () => answer,
    refuse: () => answer,
  };
}
