import type { Estate } from '../policy/estate.ts';
import { definePolicy, type Judgement, type Policy } from '../policy/policy.ts';

type Assignment = Estate['roleAssignments']['value'][number];

const isAdmin = ({ role }: Assignment): boolean => role.name === 'admin';
const adminsOf = (assignments: readonly Assignment[]): Set<string> =>
  new Set(assignments.filter(isAdmin).flatMap(({ user }) => user?.id ?? []));

/** Who gets in, with what, and for how long. */
export const identityPack: readonly Policy[] = [
  definePolicy({
    id: 'audit.identity.admin-mfa',
    title: 'Administrators have a second factor',
    severity: 'high',
    needs: ['users', 'roleAssignments'],
    remedy:
      'Set multi_factor_auth_enabled and multi_factor_auth_rules of the user, or let him come by federation.',
    *check({ users, roleAssignments }): Generator<Judgement> {
      const admins = adminsOf(roleAssignments);
      for (const { id, name, enabled, options } of users) {
        if (!enabled || !admins.has(id)) continue;
        // Rules with a single method each are no second factor.
        const rules = options?.multi_factor_auth_rules ?? [];
        const second =
          options?.multi_factor_auth_enabled === true &&
          rules.length > 0 &&
          rules.every((one) => one.length > 1);
        if (!second)
          yield {
            subject: { kind: 'user', id, name },
            fail: `administrator ${name} gets in with one factor`,
          };
      }
      for (const { group, role } of roleAssignments)
        if (group !== undefined && role.name === 'admin')
          yield {
            subject: { kind: 'group', id: group.id, name: group.name },
            unknown: `its members are administrators, and were not looked at`,
          };
    },
  }),
  definePolicy({
    id: 'audit.identity.lockout-bypass',
    title: 'No user is spared lockout and expiry of passwords',
    severity: 'medium',
    needs: ['users'],
    remedy: 'Take the option away; service users belong behind application credentials.',
    check: ({ users }) =>
      users.flatMap(({ id, name, enabled, options }): Judgement[] => {
        const spared = [
          options?.ignore_lockout_failure_attempts === true ? 'lockout' : undefined,
          options?.ignore_password_expiry === true ? 'password expiry' : undefined,
        ].filter((one) => one !== undefined);
        return enabled && spared.length > 0
          ? [{ subject: { kind: 'user', id, name }, fail: `user ${name} is spared ${spared.join(' and ')}` }]
          : [];
      }),
  }),
  definePolicy({
    id: 'audit.identity.stale-admin',
    title: 'Whoever is disabled is no administrator any more',
    severity: 'medium',
    needs: ['users', 'roleAssignments'],
    remedy: 'Take the role away: it comes back with the user.',
    check({ users, roleAssignments }) {
      const admins = adminsOf(roleAssignments);
      return users.flatMap(({ id, name, enabled }): Judgement[] =>
        !enabled && admins.has(id)
          ? [
              {
                subject: { kind: 'user', id, name },
                fail: `user ${name} is disabled, and still an administrator`,
              },
            ]
          : [],
      );
    },
  }),
  definePolicy({
    id: 'audit.identity.credential-expiry',
    title: 'Application credentials end',
    severity: 'medium',
    needs: ['applicationCredentials'],
    remedy: 'Make one with expires_at, change over to it, delete this one.',
    check: ({ applicationCredentials }, { nameOf }) =>
      applicationCredentials.flatMap(({ id, name, owner_id, expires_at }): Judgement[] =>
        expires_at === null || expires_at === undefined
          ? [
              {
                subject: { kind: 'application credential', id, name },
                fail: `application credential ${name} of ${nameOf('user', owner_id)} never ends`,
              },
            ]
          : [],
      ),
  }),
  definePolicy({
    id: 'audit.identity.credential-unrestricted',
    title: 'No application credential makes others',
    severity: 'high',
    needs: ['applicationCredentials'],
    remedy: 'Make one that is restricted, change over to it, delete this one.',
    check: ({ applicationCredentials }, { nameOf }) =>
      applicationCredentials.flatMap(({ id, name, owner_id, unrestricted }): Judgement[] =>
        unrestricted === true
          ? [
              {
                subject: { kind: 'application credential', id, name },
                fail: `application credential ${name} of ${nameOf('user', owner_id)} may make more, and trusts`,
              },
            ]
          : [],
      ),
  }),
  definePolicy({
    id: 'audit.identity.credential-admin',
    title: 'No application credential is an administrator',
    severity: 'high',
    needs: ['applicationCredentials'],
    remedy: 'Make one with the roles that its program needs.',
    check: ({ applicationCredentials }, { nameOf }) =>
      applicationCredentials.flatMap(({ id, name, owner_id, roles }): Judgement[] => {
        const subject = { kind: 'application credential', id, name };
        if (roles === undefined) return [{ subject, unknown: 'its roles were not told' }];
        return roles.some((role) => role.name === 'admin')
          ? [
              {
                subject,
                fail: `application credential ${name} of ${nameOf('user', owner_id)} has the role admin`,
              },
            ]
          : [];
      }),
  }),
  definePolicy({
    id: 'audit.identity.trust-impersonation',
    title: 'Trusts that impersonate end',
    severity: 'medium',
    needs: ['trusts'],
    remedy: 'Give a new trust with expires_at, and delete this one.',
    check: ({ trusts }, { nameOf }) =>
      trusts.flatMap(({ id, impersonation, expires_at, trustor_user_id, trustee_user_id }): Judgement[] =>
        impersonation && (expires_at === null || expires_at === undefined)
          ? [
              {
                subject: { kind: 'trust', id },
                fail: `${nameOf('user', trustee_user_id)} may act as ${nameOf('user', trustor_user_id)} for ever`,
              },
            ]
          : [],
      ),
  }),
  definePolicy({
    id: 'audit.identity.trust-of-disabled',
    title: 'No trust outlives its giver',
    severity: 'medium',
    needs: ['trusts', 'users'],
    remedy: 'Delete the trust: it works again with the user.',
    check({ trusts, users }, { nameOf }) {
      const disabled = new Set(users.filter(({ enabled }) => !enabled).map(({ id }) => id));
      return trusts.flatMap(({ id, trustor_user_id }): Judgement[] =>
        disabled.has(trustor_user_id)
          ? [
              {
                subject: { kind: 'trust', id },
                fail: `its giver ${nameOf('user', trustor_user_id)} is disabled`,
              },
            ]
          : [],
      );
    },
  }),
];
