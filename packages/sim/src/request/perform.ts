import type { OperationSpec } from '@groundcrew/core';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import { badRequest, notFound, ServiceFault } from '../fault.ts';
import type { SimulatedService } from '../service.ts';
import { quality, UNSPECIFIC } from '../webob.ts';
import { findProblem, unknownQuery } from './arguments.ts';
import { requireAccessRule, requireToken, requireWritingRole } from './authorize.ts';
import type { RequestBody } from './body.ts';
import type { Target } from './locate.ts';
import { project } from './projection.ts';
import type { Route } from './router.ts';
import { specAt } from './routes.ts';

/** Checks a request in the order in which services do, and answers it with the handler of its route. */
export async function perform(
  service: SimulatedService,
  { rest, path }: Target & { readonly kind: 'resource' },
  route: Route,
  body: RequestBody,
  call: Call,
): Promise<Answer> {
  requireToken(call, route);
  requireAccessRule(call, service, rest);
  requireAcceptedJson(call, service, path);
  if (body.malformed) throw badRequest(service.malformed);
  const spec = specAt(route, call.microversion);
  if (route.spec !== undefined && spec === undefined) throw notFound('The resource could not be found.');
  requireWritingRole(call);
  if (route.handler === undefined) {
    throw new ServiceFault(
      501,
      `The simulated cloud does not do ${service.spec.name} ${route.operation} yet.`,
    );
  }
  if (spec === undefined) return route.handler(call);
  requireKnownArguments(call, service, spec, `${route.method} ${route.template}`);
  const answer = await route.handler(call);
  return answer.body === undefined
    ? answer
    : { ...answer, body: project(spec, call.microversion, answer.body) };
}

/** Refuses a client that does not take JSON where the service writes nothing else. */
function requireAcceptedJson(call: Call, service: SimulatedService, path: string): void {
  const accept = call.request.headers.get('Accept');
  if (accept === null || service.onlyJson?.(call.request.method, path) !== true) return;
  if (quality(accept, 'application/json') === 0) throw new ServiceFault(406, UNSPECIFIC);
}

/** Refuses what the record does not know in a body or a query, where the service refuses it. */
function requireKnownArguments(
  call: Call,
  service: SimulatedService,
  spec: OperationSpec,
  route: string,
): void {
  const problem = findProblem(spec, call.microversion, call.body);
  const complaint = problem === undefined ? undefined : service.argumentFault(problem, route);
  if (complaint !== undefined) throw complaint;
  if (call.request.method !== 'GET' || service.queryFault === undefined) return;
  const names = unknownQuery(spec, call.microversion, call.query);
  const refusal = service.queryFault(names, call, route, spec);
  if (refusal !== undefined) throw refusal;
}
