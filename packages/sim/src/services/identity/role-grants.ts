import { noContent, ok } from '../../answer.ts';
import { adminOf, type Call, type Handler, type Routes } from '../../call.ts';
import { notFound } from '../../fault.ts';
import { links } from './crud.ts';
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
    const absent = [
      ...(actors.get(actor.id) === undefined ? [`${actorKind}: ${actor.id}`] : []),
      ...(targetKind !== 'system' && targets.get(target.id) === undefined
        ? [`${targetKind}: ${target.id}`]
        : []),
    ];
    // A missing domain is reported before the user is looked up.
    const missing = targetKind === 'domain' ? absent.at(-1) : absent[0];
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

export const roleGrantRoutes: Routes = {
  ...grants('project', 'user'),
  ...grants('project', 'group'),
  ...grants('domain', 'user'),
  ...grants('domain', 'group'),
  ...grants('system', 'user'),
  ...grants('system', 'group'),
};
