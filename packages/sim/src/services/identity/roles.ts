import { noContent, ok } from '../../answer.ts';
import { admin, adminOf, type Call, type Handler, type Routes } from '../../call.ts';
import { notFound } from '../../fault.ts';
import { flag, type Json, record, text, str } from '../../wire.ts';
import { crud, links, nameOf } from './crud.ts';
import type { Assignment } from './state.ts';

type Target = Assignment['target'];
type Actor = Assignment['actor'];

/** `PUT|GET|HEAD|DELETE {target}/{actor}/roles/{role}`, for each kind of both. */
function grants(targetKind: Target['kind'], actorKind: Actor['kind']): Routes {
  const base =
    targetKind === 'system'
      ? `system/${actorKind}s/{actor}/roles`
      : `${targetKind}s/{target}/${actorKind}s/{actor}/roles`;
  const who = (call: Call): { actor: Actor; target: Target } => {
    const { identity } = call.state;
    const actor = { kind: actorKind, id: call.param('actor') };
    const target = { kind: targetKind, id: targetKind === 'system' ? 'all' : call.param('target') };
    const actors = actorKind === 'user' ? identity.users : identity.groups;
    const targets = targetKind === 'project' ? identity.projects : identity.domains;
    const misses = [
      ...(actors.get(actor.id) === undefined ? [`${actorKind}: ${actor.id}`] : []),
      ...(targetKind !== 'system' && targets.get(target.id) === undefined
        ? [`${targetKind}: ${target.id}`]
        : []),
    ];
    // Of a domain that is not there it is told before the user is looked for.
    const missing = targetKind === 'domain' ? misses.at(-1) : misses[0];
    if (missing !== undefined) throw notFound(`Could not find ${missing}.`);
    return { actor, target };
  };
  const granted = (call: Call): Assignment[] => {
    const { actor, target } = who(call);
    return call.state.identity.assignments.filter(
      (assignment) =>
        assignment.actor.kind === actor.kind &&
        assignment.actor.id === actor.id &&
        assignment.target.kind === target.kind &&
        assignment.target.id === target.id,
    );
  };
  const check: Handler = (call) => {
    if (granted(call).some((assignment) => assignment.role === call.param('role'))) return noContent;
    throw notFound(`Could not find role assignment with role: ${call.param('role')}.`);
  };
  return {
    [`GET ${base}`]: adminOf(who, 'identity:list_grants', (call) => {
      const roles = granted(call).map((assignment) => ({
        ...call.state.identity.roles.get(assignment.role),
        links: { self: `${call.base}/roles/${assignment.role}` },
      }));
      return ok({ roles, links: links(call) });
    }),
    [`GET ${base}/{role}`]: adminOf(who, 'identity:check_grant', check),
    [`HEAD ${base}/{role}`]: adminOf(who, 'identity:check_grant', check),
    [`PUT ${base}/{role}`]: adminOf(who, 'identity:create_grant', (call) => {
      const { actor, target } = who(call);
      if (call.state.identity.roles.get(call.param('role')) === undefined) {
        throw notFound(`Could not find role: ${call.param('role')}.`);
      }
      call.state.identity.grant(call.param('role'), actor, target);
      return noContent;
    }),
    [`DELETE ${base}/{role}`]: adminOf(who, 'identity:revoke_grant', (call) => {
      const { actor, target } = who(call);
      if (!call.state.identity.revoke(call.param('role'), actor, target)) return check(call);
      return noContent;
    }),
  };
}

/** Roles, and who has them where. */
export const roleRoutes: Routes = {
  ...crud({
    name: 'role',
    plural: 'roles',
    store: (call) => call.state.identity.roles,
    make: (call, given) => call.state.identity.addRole(nameOf(given), record(given['options'])),
    filters: ['domain_id'],
    unique: true,
    looks: ['get', 'update', 'delete'],
  }),
  ...grants('project', 'user'),
  ...grants('project', 'group'),
  ...grants('domain', 'user'),
  ...grants('domain', 'group'),
  ...grants('system', 'user'),
  ...grants('system', 'group'),
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
  'GET role_inferences': admin('identity:list_role_inferences', () => ok({ role_inferences: [] })),
};

/** A flag that is set by being there at all: `?include_names`. */
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

/** Groups dissolved into their members. */
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
