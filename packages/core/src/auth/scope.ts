import { ConfigError } from '../errors/errors.ts';
import { domainOf, type Entry, given, missing } from './auth-keys.ts';

/**
 * The scope that a token is asked for, as the member `scope` of a token request: one project, one domain, a trust, the
 * whole deployment (`system_scope: all`), or nothing (`unscoped`). None of them: no member, and Keystone gives a token of the
 * user's default project if there is one, else an unscoped one.
 *
 * @throws ConfigError if it is incomplete or names several.
 */
export function scopeMember(entry: Entry): {
  readonly scope?: Readonly<Record<string, unknown>> | 'unscoped';
} {
  const { auth } = entry;
  const projectId = given(auth, 'project_id');
  const projectName = given(auth, 'project_name');
  const isProject = projectId !== undefined || projectName !== undefined;
  const domainId = isProject ? undefined : given(auth, 'domain_id');
  const domainName = isProject ? undefined : given(auth, 'domain_name');
  const trust = given(auth, 'trust_id');
  const system = given(auth, 'system_scope');

  const named = [
    ...(isProject ? [projectId === undefined ? 'project_name' : 'project_id'] : []),
    ...(domainId !== undefined || domainName !== undefined
      ? [domainId === undefined ? 'domain_name' : 'domain_id']
      : []),
    ...(trust === undefined ? [] : ['trust_id']),
    ...(system === undefined ? [] : ['system_scope']),
    ...(auth.unscoped === true ? ['unscoped'] : []),
  ];
  if (named.length > 1) {
    throw new ConfigError(
      `cloud ${entry.name}: auth has ${named.join(' and ')}, but a token is of one thing only`,
      {
        key: `auth.${named[1]}`,
        remedy: 'Keep one of them. OS_* variables of another cloud may still be set.',
      },
    );
  }
  if (auth.unscoped === true) return { scope: 'unscoped' };
  if (projectId !== undefined) return { scope: { project: { id: projectId } } };
  if (projectName !== undefined) {
    const domain = domainOf(auth, 'project');
    if (domain === undefined) throw missing(entry, 'project_domain_name', 'project_domain_id');
    return { scope: { project: { name: projectName, domain } } };
  }
  if (domainId !== undefined) return { scope: { domain: { id: domainId } } };
  if (domainName !== undefined) return { scope: { domain: { name: domainName } } };
  if (trust !== undefined) return { scope: { 'OS-TRUST:trust': { id: trust } } };
  if (system === undefined) return {};
  if (system !== 'all') {
    throw new ConfigError(`cloud ${entry.name}: auth.system_scope is ${JSON.stringify(system)}`, {
      key: 'auth.system_scope',
      remedy: 'Keystone has one value for it: all.',
    });
  }
  return { scope: { system: { all: true } } };
}

/** Whether the entry names a scope for its token. */
export const hasScope = (entry: Entry): boolean => 'scope' in scopeMember(entry);
