import { createHash } from 'node:crypto';
import { created, noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, forbidden, notFound, unauthenticated } from '../../fault.ts';
import type { SimState } from '../../sim-state.ts';
import { type Json, micros, record, texts } from '../../wire.ts';
import { catalogOf } from './catalog.ts';
import { type Identified, identify } from './identify.ts';
import { type Scope, scopeOf } from './scope.ts';
import type { Role, Token } from './state.ts';
import { validToken } from './valid-token.ts';

export const tokenRoutes: Routes = {
  'POST auth/tokens': (call) => {
    const auth = call.envelope('auth');
    const identity = auth['identity'];
    if (typeof identity !== 'object' || identity === null)
      throw badRequest("'identity' is a required property");
    const who = identify(call.state, record(identity));
    const scope = scopeOf(call.state, who, auth['scope']);
    const token = issue(call.state, who, scope);
    const nocatalog = call.query.has('nocatalog');
    return created({ token: show(call, token, !nocatalog) }, { 'X-Subject-Token': token.id });
  },
  'GET auth/tokens': (call) => {
    const token = subject(call);
    // A service that does not know access rules would let everything through, so that such a token is not valid for it.
    if (token.accessRules !== undefined && !call.request.headers.has('OpenStack-Identity-Access-Rules'))
      throw notFound('Failed to validate token');
    return ok({ token: show(call, token, !call.query.has('nocatalog')) }, { 'X-Subject-Token': token.id });
  },
  'DELETE auth/tokens': (call) => {
    subject(call).revoked = true;
    return noContent;
  },
};

/** Makes a token, or refuses it if the user has no role on the scope. */
function issue(state: SimState, who: Identified, scope: Scope): Token {
  const { identity, ids, clock, settings } = state;
  const now = clock.now();
  let roles: Role[] = [];
  if (scope.trust !== undefined) {
    const allowed = new Set(texts(scope.trust['roleIds']));
    roles = identity.roles.filter((role) => allowed.has(role.id));
  } else if (scope.project !== undefined)
    roles = identity.rolesOf(who.user.id, { kind: 'project', id: scope.project.id });
  else if (scope.domain !== undefined)
    roles = identity.rolesOf(who.user.id, { kind: 'domain', id: scope.domain.id });
  else if (scope.system === true) roles = identity.rolesOf(who.user.id, { kind: 'system', id: 'all' });
  const { credential } = who;
  if (credential !== undefined) roles = roles.filter((role) => credential.roleIds.includes(role.id));
  if (scope.unscoped !== true && roles.length === 0) throw unauthenticated();
  const token: Token = {
    id: `gAAAAAB${createHash('sha512').update(ids.uuid()).digest('base64url')}`,
    user: who.user,
    methods: who.methods,
    project: scope.project,
    domain: scope.domain,
    system: scope.system === true,
    roles,
    issued: now,
    expires: who.expires ?? now + settings.tokenLife,
    audit: ids.hex(22),
    extra: {
      ...(credential === undefined
        ? {}
        : {
            application_credential: {
              id: credential.id,
              name: credential.name,
              restricted: true,
              ...(credential.accessRules === undefined ? {} : { access_rules: credential.accessRules }),
            },
          }),
      ...(scope.trust === undefined
        ? {}
        : {
            'OS-TRUST:trust': {
              id: scope.trust['id'],
              impersonation: scope.trust['impersonation'],
              trustor_user: { id: scope.trust['trustor_user_id'] },
              trustee_user: { id: scope.trust['trustee_user_id'] },
            },
          }),
    },
    accessRules: credential?.accessRules,
    revoked: false,
  };
  identity.tokens.set(token.id, token);
  return token;
}

function show(call: Call, token: Token, catalog: boolean): Json {
  const { identity } = call.state;
  const domain = (id: string): Json => ({ id, name: identity.domains.get(id)?.name });
  const scoped = token.project !== undefined || token.domain !== undefined || token.system;
  return {
    methods: token.methods,
    user: {
      domain: domain(token.user.domain_id),
      id: token.user.id,
      name: token.user.name,
      password_expires_at: token.user['password_expires_at'] ?? null,
    },
    audit_ids: [token.audit],
    expires_at: micros(token.expires) + 'Z',
    issued_at: micros(token.issued) + 'Z',
    ...(token.project === undefined
      ? {}
      : {
          project: {
            domain: domain(token.project.domain_id),
            id: token.project.id,
            name: token.project.name,
          },
          is_domain: false,
        }),
    ...(token.domain === undefined ? {} : { domain: domain(token.domain.id) }),
    ...(token.system ? { system: { all: true } } : {}),
    ...(scoped ? { roles: token.roles.map(({ id, name }) => ({ id, name })) } : {}),
    ...(scoped && catalog
      ? { catalog: catalogOf(call.state, call.url.origin, token.project?.id ?? '') }
      : {}),
    ...token.extra,
  };
}

function subject(call: Call): Token {
  const id = call.request.headers.get('X-Subject-Token');
  const own = id === call.token.id;
  if (!own && !call.admin) throw forbidden('identity:validate_token', 'policy');
  const token = validToken(call.state, id);
  if (token === undefined) throw notFound(`Could not find token: ${id ?? 'None'}.`);
  return token;
}
