import { redactUrl } from '../wire/curl.ts';
import { AuthError, type CallFacts, DecodeError, type GroundcrewError } from '../errors/errors.ts';
import { parseFault } from '../errors/fault.ts';
import { httpError } from '../wire/http-error.ts';
import type { Entry } from './auth-keys.ts';

/** An answer of Keystone that brought no token. */
export interface Refused {
  readonly entry: Entry;
  readonly response: Response;
  readonly text: string;
  readonly facts: CallFacts;
  readonly now: number;
}

/**
 * The error for an answer that brought no token: an `AuthError` if Keystone refused or is not there, an
 * `HttpError` if it is out of order, a `DecodeError` if it was not Keystone that answered.
 */
export function refusal(refused: Refused): GroundcrewError {
  const { entry, response, text, facts } = refused;
  const { status } = response;
  if (status >= 500 || status === 429) return httpError(response, text, facts, { now: refused.now });
  const error = (message: string, remedy: string): AuthError =>
    new AuthError(message, { url: facts.url, requestIds: facts.requestIds, remedy });

  const location = response.headers.get('location');
  if (location !== null && status >= 301 && status < 400) {
    // Not followed: it would hand the password to wherever it leads.
    const target = redactUrl(
      URL.canParse(location, facts.url) ? new URL(location, facts.url).href : location,
    );
    return error(
      `cloud ${entry.name}: ${facts.url} redirects to ${target}`,
      'If that is where Keystone is, make it the auth_url (without /auth/tokens).',
    );
  }
  const body = jsonOf(text);
  const isKeystone = body !== undefined && 'error' in body;
  if ((status === 404 || status === 405 || status === 300) && !isKeystone) {
    return error(
      `cloud ${entry.name}: no Keystone at ${facts.url} (${status})`,
      'Is auth_url right, and does it end in /v3? It is what `openstack catalog show identity` says.',
    );
  }
  const methods = missingFactors(body);
  if (methods !== undefined) {
    return error(
      `cloud ${entry.name}: Keystone asks for more than a ${entry.auth_type}: ${methods}`,
      'The user needs several factors. Make an application credential, which needs one only.',
    );
  }
  if (response.ok || !isKeystone) return foreign(refused);
  const { message } = parseFault(status, text);
  // Keystone appends the whole JSON schema to a complaint about the request.
  const said = (message.split('\n')[0] ?? '').slice(0, 500);
  return error(`cloud ${entry.name}: Keystone refused (${status}): ${said}`, remedyOf(entry, said));
}

function foreign({ entry, response, text, facts }: Refused): DecodeError {
  const isHtml = /^\s*</.test(text);
  const type = response.headers.get('content-type') ?? 'no content type';
  return new DecodeError(
    `cloud ${entry.name}: ${facts.url} answered ${response.status} with ${isHtml ? 'a web page' : 'something'} (${type}), not with a token`,
    facts,
    {
      field: '',
      status: response.status,
      remedy: isHtml
        ? 'A proxy, a login page or a dashboard answered instead of Keystone: are auth_url and the proxy settings right?'
        : 'Either this is not Keystone, or a proxy cut the body or the header X-Subject-Token off.',
    },
  );
}

/** Keystone gives no reason for a 401, so that nobody can find out which users there are. */
function remedyOf({ auth_type, auth }: Entry, said: string): string {
  if (/password is expired/i.test(said)) return 'Change it: `openstack user password set`.';
  if (/locked/i.test(said)) return 'Wait until the lock ends, or have an administrator set a new password.';
  switch (auth_type) {
    case 'token':
      return 'The token has expired, was revoked, or may not be exchanged for this scope. Give a new one: `openstack token issue`.';
    case 'v3applicationcredential':
      return 'Are id and secret right? It may have expired, been deleted, or its user lost the role: `openstack application credential list`.';
    case 'password':
      return `Check password, user and domains, whether the user is enabled, and whether that user has a role on ${scopeWords(auth)}.`;
    default:
      return 'Set auth_type: this cloud has a Keystone.';
  }
}

function scopeWords(auth: Entry['auth']): string {
  const project = auth.project_name ?? auth.project_id;
  if (project) return `project ${project}, which must exist`;
  const domain = auth.domain_name ?? auth.domain_id;
  if (domain) return `domain ${domain}, which must exist`;
  return auth.system_scope ? 'the system' : auth.trust_id ? `trust ${auth.trust_id}` : 'anything';
}

/** Keystone's multi-factor authentication: a 401 with a receipt and the rules of which one must be met. */
function missingFactors(body: Record<string, unknown> | undefined): string | undefined {
  const rules = body?.['required_auth_methods'];
  if (!Array.isArray(rules)) return undefined;
  return rules.map((rule) => (Array.isArray(rule) ? rule.join(' and ') : String(rule))).join(', or ');
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
