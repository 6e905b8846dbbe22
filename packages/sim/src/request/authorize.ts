import type { Call } from '../call.ts';
import { ServiceFault, unauthenticated } from '../fault.ts';
import type { SimulatedService } from '../service.ts';
import { isAllowed } from '../services/identity/access-rules.ts';
import type { Route } from './router.ts';

/** Refuses a request without a valid token, unless it asks for one. */
export function requireToken(call: Call, route: Route): void {
  if (route.method === 'POST' && route.template === 'auth/tokens') return;
  void call.token;
}

/**
 * Refuses a request that the access rules of the token's application credential do not allow. Keystone itself does not
 * ask for them.
 *
 * @param rest - the path below the service's prefix
 */
export function requireAccessRule(call: Call, service: SimulatedService, rest: string): void {
  if (service.spec.name === 'identity') return;
  const rules = call.token.accessRules;
  if (rules !== undefined && !isAllowed(rules, service.spec.type, call.request.method, `/${rest}`))
    throw unauthenticated();
}

/** Refuses a change by a role that only reads, in releases whose default policy does. */
export function requireWritingRole(call: Call): void {
  const { method } = call.request;
  if (method === 'GET' || method === 'HEAD' || !call.state.release.readersOnlyRead) return;
  if (call.url.pathname.endsWith('/auth/tokens')) return;
  const { roles } = call.token;
  if (roles.length > 0 && roles.every((role) => role.name === 'reader'))
    throw new ServiceFault(403, 'reader', { type: 'policy' });
}
