import type { Call } from '../../call.ts';
import { forbidden } from '../../fault.ts';

const refusal = () => forbidden('Policy does not allow this request to be performed.');

const has = (call: Call, ...names: readonly string[]): boolean =>
  call.token.roles.some(({ name }) => names.includes(name));

/**
 * Whether Octavia goes by Keystone's roles `member` and `reader`, as since 2025.1; before, by its own ones, and a plain `member` is
 * refused (octavia, "Make keystone default roles the default RBAC").
 */
const isByDefaultRoles = (call: Call): boolean => call.state.release.number >= '2025.1';

const isAdmin = (call: Call): boolean =>
  call.admin || (!isByDefaultRoles(call) && has(call, 'load-balancer_admin'));

const seesAll = (call: Call): boolean =>
  isAdmin(call) || (!isByDefaultRoles(call) && has(call, 'load-balancer_global_observer'));

/** The project whose things a list has; `undefined`: those of all (`_auth_get_all` of `octavia/api/v2/controllers/base.py`). */
export function listedProject(call: Call): string | undefined {
  const asked = call.query.get('project_id') ?? undefined;
  if (seesAll(call)) return asked;
  const project = asked ?? call.projectId;
  requireRead(call, project);
  return project;
}

/** Refuses who may not look at a thing of this project. A missing thing was looked up before, and is a 404. */
export function requireRead(call: Call, project: string): void {
  if (seesAll(call)) return;
  const roles = isByDefaultRoles(call)
    ? ['member', 'reader']
    : ['load-balancer_observer', 'load-balancer_member'];
  if (project === '' || project !== call.projectId || !has(call, ...roles)) throw refusal();
}

/** Refuses who may not change a thing of this project. */
export function requireWrite(call: Call, project: string): void {
  if (isAdmin(call)) return;
  const role = isByDefaultRoles(call) ? 'member' : 'load-balancer_member';
  if (project === '' || project !== call.projectId || !has(call, role)) throw refusal();
}

/** Refuses who is no administrator of load balancing. */
export function requireAdmin(call: Call): void {
  if (!isAdmin(call)) throw refusal();
}
