import { ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { flag, type Json, str, text } from '../../wire.ts';
import { links } from './crud.ts';
import type { Assignment } from './state.ts';

export const roleAssignmentRoutes: Routes = {
  'GET role_assignments': admin('identity:list_role_assignments', (call) => {
    const names = named(call, 'include_names');
    const found = named(call, 'effective') ? effective(call) : call.state.identity.assignments;
    return ok({
      role_assignments: found
        .filter((assignment) => wanted(call, assignment))
        .map((assignment) => show(call, assignment, names)),
      links: links(call),
    });
  }),
};

/** Reads a flag that a parameter without a value sets: `?include_names`. */
const named = (call: Call, name: string): boolean => {
  const value = call.query.get(name);
  return value !== null && (value === '' || flag(value) !== false);
};

function wanted(call: Call, assignment: Assignment): boolean {
  const { query } = call;
  const fits = (parameter: string, value: string | undefined): boolean =>
    query.get(parameter) === null || query.get(parameter) === value;
  const { actor, target } = assignment;
  return (
    fits('role.id', assignment.role) &&
    fits('user.id', actor.kind === 'user' ? actor.id : undefined) &&
    fits('group.id', actor.kind === 'group' ? actor.id : undefined) &&
    fits('scope.project.id', target.kind === 'project' ? target.id : undefined) &&
    fits('scope.domain.id', target.kind === 'domain' ? target.id : undefined) &&
    (query.get('scope.system') === null || target.kind === 'system')
  );
}

/** The assignments, with those of groups replaced by those of their members. */
function effective(call: Call): Assignment[] {
  const { identity } = call.state;
  return identity.assignments.flatMap((assignment) =>
    assignment.actor.kind === 'user'
      ? [assignment]
      : [...(identity.members.get(assignment.actor.id) ?? [])].map((id): Assignment => ({
          ...assignment,
          actor: { kind: 'user', id },
        })),
  );
}

function show(call: Call, assignment: Assignment, names: boolean): Json {
  const { identity } = call.state;
  const domain = (id: unknown): Json => ({ id, name: identity.domains.get(str(id))?.name });
  const reference = (kind: string, id: string): Json => {
    const store = {
      user: identity.users,
      group: identity.groups,
      project: identity.projects,
      domain: identity.domains,
    }[kind];
    const entity = store?.get(id);
    if (!names || entity === undefined) return { id };
    return { id, name: entity.name, ...(kind === 'domain' ? {} : { domain: domain(entity['domain_id']) }) };
  };
  const { actor, target } = assignment;
  const where = target.kind === 'system' ? 'system' : `${target.kind}s/${target.id}`;
  const role = identity.roles.get(assignment.role);
  return {
    links: { assignment: `${call.base}/${where}/${actor.kind}s/${actor.id}/roles/${assignment.role}` },
    scope:
      target.kind === 'system'
        ? { system: { all: true } }
        : { [target.kind]: reference(target.kind, target.id) },
    [actor.kind]: reference(actor.kind, actor.id),
    role: names ? { id: assignment.role, name: text(role?.name) } : { id: assignment.role },
  };
}
