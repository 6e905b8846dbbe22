import { createHash } from 'node:crypto';
import { created, noContent, ok } from '../../answer.ts';
import { type Call, type Routes } from '../../call.ts';
import { badRequest, forbidden, notFound, unauthenticated } from '../../fault.ts';
import { type Json, micros, record, text, texts, str } from '../../wire.ts';
import type { SimState } from '../../sim-state.ts';
import { catalogOf } from './catalog.ts';
import type { ApplicationCredential, Domain, Project, Role, Token, User } from './state.ts';

/** Who somebody proved to be, and what that limits him to. */
interface Identified {
  readonly user: User;
  readonly methods: readonly string[];
  readonly credential?: ApplicationCredential;
  readonly expires?: number;
}

interface Scope {
  readonly project?: Project;
  readonly domain?: Domain;
  readonly system?: boolean;
  readonly trust?: Json;
  readonly unscoped?: boolean;
}

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
    // Who does not know of access rules would let everything through: to him such a token is none.
    if (token.accessRules !== undefined && !call.request.headers.has('OpenStack-Identity-Access-Rules'))
      throw notFound('Failed to validate token');
    return ok({ token: show(call, token, !call.query.has('nocatalog')) }, { 'X-Subject-Token': token.id });
  },
  'DELETE auth/tokens': (call) => {
    subject(call).revoked = true;
    return noContent;
  },
  'GET auth/catalog': (call) =>
    ok({ catalog: catalogOf(call.state, call.url.origin, call.projectId), links: self(call) }),
  'GET auth/projects': (call) => {
    const { identity } = call.state;
    const mine = identity.projects.filter(
      (project) => identity.rolesOf(call.userId, { kind: 'project', id: project.id }).length > 0,
    );
    return ok({
      projects: mine.map((project) => ({
        ...project,
        links: { self: `${call.base}/projects/${project.id}` },
      })),
      links: self(call),
    });
  },
  'GET auth/domains': (call) => {
    const { identity } = call.state;
    const mine = identity.domains.filter(
      (domain) => identity.rolesOf(call.userId, { kind: 'domain', id: domain.id }).length > 0,
    );
    return ok({ domains: mine, links: self(call) });
  },
  'GET auth/system': (call) => {
    const roles = call.state.identity.rolesOf(call.userId, { kind: 'system', id: 'all' });
    return ok({ system: roles.length > 0 ? [{ all: true }] : [], links: self(call) });
  },
};

/** A token that is known, not expired, not revoked, and whose user is still enabled. */
export function validToken(state: SimState, id: string | null): Token | undefined {
  const token = id === null ? undefined : state.identity.tokens.get(id);
  if (token === undefined || token.revoked || token.expires <= state.clock.now() || !token.user.enabled)
    return undefined;
  return token;
}

function identify(state: SimState, asked: Json): Identified {
  const methods = texts(asked['methods']);
  const { identity } = state;
  let who: Identified | undefined;
  for (const method of methods) {
    const data = asked[method];
    if (typeof data !== 'object' || data === null) {
      throw badRequest(
        `Expecting to find ${method} in identity. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.`,
      );
    }
    if (method === 'password') {
      const given = record(record(data)['user']);
      const user = findUser(state, given);
      if (user === undefined || !user.enabled || identity.passwords.get(user.id) !== given['password'])
        throw unauthenticated();
      who = { user, methods };
    } else if (method === 'token') {
      const token = validToken(state, text(record(data)['id']) ?? null);
      if (token === undefined) throw unauthenticated();
      who = { user: token.user, methods: [...new Set([...token.methods, 'token'])], expires: token.expires };
    } else if (method === 'application_credential') {
      const given = record(data);
      const user = findUser(state, record(given['user']));
      const credential = identity.applicationCredentials.find((candidate) =>
        given['id'] === undefined
          ? candidate.name === given['name'] && candidate.user_id === user?.id
          : candidate.id === given['id'],
      );
      const owner = credential === undefined ? undefined : identity.users.get(credential.user_id);
      if (credential === undefined || owner === undefined || credential.secret !== given['secret'])
        throw unauthenticated();
      if (!owner.enabled || (credential.expires ?? Number.POSITIVE_INFINITY) <= state.clock.now())
        throw unauthenticated();
      who = { user: owner, methods, credential };
    } else {
      throw unauthenticated();
    }
  }
  if (who === undefined) throw unauthenticated();
  return who;
}

function findUser(state: SimState, given: Json): User | undefined {
  const { users } = state.identity;
  const id = text(given['id']);
  if (id !== undefined) return users.get(id);
  const domain = findDomain(state, record(given['domain']));
  return users.find((user) => user.name === given['name'] && user.domain_id === domain?.id);
}

function findDomain(state: SimState, given: Json): Domain | undefined {
  const id = text(given['id']);
  const { domains } = state.identity;
  return id === undefined ? domains.find((domain) => domain.name === given['name']) : domains.get(id);
}

function scopeOf(state: SimState, who: Identified, asked: unknown): Scope {
  const { projects } = state.identity;
  if (who.credential !== undefined) {
    const project = projects.get(who.credential.project_id);
    if (project === undefined || asked !== undefined) throw unauthenticated();
    return { project };
  }
  if (asked === 'unscoped' || typeof record(asked)['unscoped'] === 'object') return { unscoped: true };
  if (asked === undefined) {
    const project = projects.get(str(who.user['default_project_id'] ?? ''));
    return project === undefined ? { unscoped: true } : { project };
  }
  const scope = record(asked);
  const given = record(scope['project']);
  if (scope['project'] !== undefined) {
    const id = text(given['id']);
    const domain = findDomain(state, record(given['domain']));
    const project =
      id === undefined
        ? projects.find((candidate) => candidate.name === given['name'] && candidate.domain_id === domain?.id)
        : projects.get(id);
    if (project === undefined || !project.enabled) throw unauthenticated();
    return { project };
  }
  if (scope['domain'] !== undefined) {
    const domain = findDomain(state, record(scope['domain']));
    if (domain === undefined || !domain.enabled) throw unauthenticated();
    return { domain };
  }
  if (scope['system'] !== undefined) return { system: true };
  const trust = state.identity.trusts.get(str(record(scope['OS-TRUST:trust'])['id'] ?? ''));
  if (trust === undefined || trust['trustee_user_id'] !== who.user.id)
    throw forbidden('Trustee has no access to this trust.');
  const project = projects.get(str(trust['project_id']));
  if (project === undefined) throw unauthenticated();
  return { project, trust };
}

/** Makes a token; without a role on what was asked for there is none. */
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

const self = (call: Call): Json => ({
  next: null,
  self: `${call.url.origin}${call.url.pathname}`,
  previous: null,
});
