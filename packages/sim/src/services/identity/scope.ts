import { forbidden, unauthenticated } from '../../fault.ts';
import type { SimState } from '../../sim-state.ts';
import { type Json, record, str, text } from '../../wire.ts';
import { findDomain, type Identified } from './identify.ts';
import type { Domain, Project } from './state.ts';

/** The scope of a token: a project, a domain, the system, or nothing. */
export interface Scope {
  readonly project?: Project;
  readonly domain?: Domain;
  readonly system?: boolean;
  readonly trust?: Json;
  readonly unscoped?: boolean;
}

/** The scope that a request for a token asks for, or the refusal of it to the user in `who`. */
export function scopeOf(state: SimState, who: Identified, asked: unknown): Scope {
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
  if (scope['project'] !== undefined) return { project: projectOf(state, record(scope['project'])) };
  if (scope['domain'] !== undefined) {
    const domain = findDomain(state, record(scope['domain']));
    if (domain === undefined || !domain.enabled) throw unauthenticated();
    return { domain };
  }
  if (scope['system'] !== undefined) return { system: true };
  return scopeOfTrust(state, who, record(scope['OS-TRUST:trust']));
}

function projectOf(state: SimState, given: Json): Project {
  const { projects } = state.identity;
  const id = text(given['id']);
  const domain = findDomain(state, record(given['domain']));
  const project =
    id === undefined
      ? projects.find((candidate) => candidate.name === given['name'] && candidate.domain_id === domain?.id)
      : projects.get(id);
  if (project === undefined || !project.enabled) throw unauthenticated();
  return project;
}

function scopeOfTrust(state: SimState, who: Identified, given: Json): Scope {
  const trust = state.identity.trusts.get(str(given['id'] ?? ''));
  if (trust === undefined || trust['trustee_user_id'] !== who.user.id)
    throw forbidden('Trustee has no access to this trust.');
  const project = state.identity.projects.get(str(trust['project_id']));
  if (project === undefined) throw unauthenticated();
  return { project, trust };
}
