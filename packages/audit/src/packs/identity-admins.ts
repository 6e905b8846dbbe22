import { fail, type Judgement, pass, subject, unknown } from '../policy/judgement.ts';
import { definePolicy } from './define-policy.ts';
import type { EstateRoleAssignment } from './estate.ts';
import { momentOf } from './moment.ts';
import { secondFactor } from './identity-users.ts';

const isAdmin = ({ role }: EstateRoleAssignment): boolean => role.name === 'admin';

/**
 * An assignment of which it is not known whether it makes somebody admin: its role has no name (`include_names` is unknown
 * before Mitaka, and policies strip), or the group that has it was not resolved into users (`effective` was not heeded).
 */
const isUnclear = ({ role, user }: EstateRoleAssignment): boolean =>
  role.name === undefined || (role.name === 'admin' && user === undefined);

/** One finding for everything that is unclear; nothing if all is clear. */
function* unclear(assignments: readonly EstateRoleAssignment[]): Generator<Judgement> {
  const some = assignments.filter(isUnclear);
  if (some.length === 0) return;
  const [{ role, user, group }] = some as [EstateRoleAssignment];
  const who =
    user === undefined ? `group ${group?.name ?? group?.id ?? '(none)'}` : `user ${user.name ?? user.id}`;
  yield unknown(
    { kind: 'role assignments', id: 'unclear' },
    role.name === undefined
      ? `of ${some.length} assignments the role's name was not shown, as of role ${role.id} of ${who}`
      : `${some.length} assignments name no user, as that of ${who}`,
  );
}

/** The places where each user is admin, in words. */
function adminsOf(assignments: readonly EstateRoleAssignment[]): Map<string, { name: string; on: string[] }> {
  const admins = new Map<string, { name: string; on: string[] }>();
  for (const { user, scope } of assignments.filter(isAdmin)) {
    if (user === undefined) continue;
    const { project, domain, system } = scope;
    const where =
      project !== undefined
        ? `project ${project.name ?? project.id}`
        : domain !== undefined
          ? `domain ${domain.name ?? domain.id}`
          : system !== undefined
            ? 'the whole system'
            : 'an unknown scope';
    const known = admins.get(user.id) ?? { name: user.name ?? user.id, on: [] };
    admins.set(user.id, { ...known, on: [...new Set([...known.on, where])] });
  }
  return admins;
}

/** The number of admins above which a reviewer should ask why. */
const MOST_ADMINS = 10;
const MOST_SYSTEM_ADMINS = 3;

function* few(
  who: ReadonlyMap<string, { readonly name: string }>,
  most: number,
  what: { readonly id: string; readonly words: string },
  isWhole: boolean,
): Generator<Judgement> {
  const role = { kind: 'role', id: what.id, name: what.words };
  const names = [...who.values()].map(({ name }) => name).toSorted();
  const told = names.length > 20 ? [...names.slice(0, 20), '…'] : names;
  const statement = `${names.length} users hold it, ${most} may: ${told.join(', ') || 'nobody'}`;
  if (names.length > most) yield fail(role, statement);
  else if (!isWhole) yield unknown(role, `at least ${statement}`);
  else yield pass(role, statement, { ifWhole: ['roleAssignments'] });
}

const isOnSystem = ({ scope }: EstateRoleAssignment): boolean => scope.system !== undefined;
/** Keystone names one of the three of each assignment (keystone/api/role_assignments.py, `_format_entity`): none is not told. */
const mayBeOnSystem = ({ scope: { project, domain, system } }: EstateRoleAssignment): boolean =>
  system !== undefined || (project === undefined && domain === undefined);

export const adminPolicies = [
  definePolicy({
    id: 'audit.identity.admin-without-mfa',
    title: 'Administrators have a second factor',
    severity: 'high',
    needs: ['users', 'roleAssignments'],
    remedy:
      'Set multi_factor_auth_rules and multi_factor_auth_enabled of the user, or let the user sign in by federation.',
    *check({ users, roleAssignments }) {
      const admins = adminsOf(roleAssignments);
      for (const user of users) {
        const admin = admins.get(user.id);
        if (!user.enabled || admin === undefined) continue;
        const { verdict, why } = secondFactor(user);
        yield { pass, fail, unknown }[verdict](
          subject('user', user),
          `admin on ${admin.on.join(', ')}: ${why}`,
        );
      }
      const known = new Set(users.map(({ id }) => id));
      for (const [id, { name, on }] of admins)
        if (!known.has(id))
          yield unknown(
            { kind: 'user', id, name },
            `admin on ${on.join(', ')}: the user is in no list, so that it is not known how the user signs in`,
          );
      yield* unclear(roleAssignments);
    },
  }),
  definePolicy({
    id: 'audit.identity.stale-admin',
    title: 'Every holder of the role admin can use it',
    severity: 'medium',
    needs: ['roleAssignments', 'users'],
    remedy: 'Take the role away: it would come back with the user.',
    *check({ users, roleAssignments }, { now }) {
      const known = new Map(users.map((user) => [user.id, user]));
      for (const [id, { name, on }] of adminsOf(roleAssignments)) {
        const about = { kind: 'user', id, name };
        const where = `admin on ${on.join(', ')}`;
        const user = known.get(id);
        // A directory that lists nobody, or an identity provider, may know the user all the same.
        if (user === undefined)
          yield unknown(about, `${where}: the user is in no list, but may be in a directory`);
        else if (!user.enabled) yield fail(about, `${where}, but disabled`);
        // Left out of users of a directory, whose passwords Keystone does not keep, and before 3.7 (api-ref, "Users").
        else if (user.password_expires_at === undefined)
          yield unknown(about, `${where}, and enabled; when the password ends was not shown`);
        else if (user.password_expires_at === null) yield pass(about, `${where}, and enabled`);
        else {
          const ends = momentOf(user.password_expires_at);
          const told = `the password ends at ${user.password_expires_at}`;
          if (ends === undefined) yield unknown(about, `${where}, and ${told}, which is no time`);
          else yield (ends < now ? fail : pass)(about, `${where}, and enabled, and ${told}`);
        }
      }
      yield* unclear(roleAssignments);
    },
  }),
  definePolicy({
    id: 'audit.identity.many-admins',
    title: `At most ${MOST_ADMINS} users hold the role admin`,
    severity: 'medium',
    needs: ['roleAssignments'],
    remedy:
      'Give roles that suffice: manager, member, reader, or roles of services. In most clouds admin is admin of all.',
    check: ({ roleAssignments }) =>
      few(
        adminsOf(roleAssignments),
        MOST_ADMINS,
        { id: 'admin', words: 'admin, anywhere' },
        !roleAssignments.some(isUnclear),
      ),
  }),
  definePolicy({
    id: 'audit.identity.many-system-admins',
    title: `At most ${MOST_SYSTEM_ADMINS} users hold the role admin on the system`,
    severity: 'medium',
    needs: ['roleAssignments'],
    remedy: 'Take it from those who do not run the cloud itself.',
    check: ({ roleAssignments }) =>
      few(
        adminsOf(roleAssignments.filter(isOnSystem)),
        MOST_SYSTEM_ADMINS,
        { id: 'admin/system', words: 'admin, on the system' },
        !roleAssignments
          .filter(mayBeOnSystem)
          .some((assignment) => isUnclear(assignment) || (isAdmin(assignment) && !isOnSystem(assignment))),
      ),
  }),
];
