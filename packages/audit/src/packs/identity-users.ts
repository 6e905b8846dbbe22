import { fail, type Judgement, pass, subject, unknown } from '../policy/judgement.ts';
import { definePolicy } from './define-policy.ts';
import type { EstateUser } from './estate.ts';

/**
 * The second factor of a user. Keystone asks for several methods only if `multi_factor_auth_enabled` is set and there
 * are rules; one of several rules is enough, so that the weakest counts (Keystone's admin guide, "Multi-Factor
 * Authentication").
 */
export function secondFactor(user: EstateUser): {
  readonly verdict: Judgement['verdict'];
  readonly why: string;
} {
  const { options, federated } = user;
  // Without the option there are no rules (keystone/identity/backends/resource_options.py); without `options` see below.
  const rules = options?.multi_factor_auth_rules ?? [];
  const weakest = rules.toSorted((a, b) => new Set(a).size - new Set(b).size)[0];
  if (options?.multi_factor_auth_enabled === true && weakest !== undefined)
    return new Set(weakest).size > 1
      ? { verdict: 'pass', why: `it takes ${weakest.join(' and ')}, if the cloud has these methods` }
      : { verdict: 'fail', why: `one of its rules takes ${weakest.join('') || 'nothing'} alone` };
  if (federated !== undefined && federated.length > 0)
    return {
      verdict: 'unknown',
      why: `it comes by ${federated.map(({ idp_id }) => idp_id).join(', ')}: with how many factors, Keystone is not told`,
    };
  if (federated === undefined)
    return { verdict: 'unknown', why: 'whether it comes by an identity provider was not shown' };
  // Keystone shows them of every user, be they empty (`options: {}`); what is left out is not known.
  if (options === undefined) return { verdict: 'unknown', why: 'its options were not shown' };
  return {
    verdict: 'fail',
    why:
      options.multi_factor_auth_enabled === true
        ? 'several factors are switched on, but without rules none is asked for'
        : 'one factor is enough',
  };
}

const judge = ({ verdict, why }: ReturnType<typeof secondFactor>, user: EstateUser): Judgement =>
  ({ pass, fail, unknown })[verdict](subject('user', user), why);

/** An option that spares a user one of Keystone's rules for passwords. */
const spared = (option: 'ignore_lockout_failure_attempts' | 'ignore_password_expiry', what: string) =>
  function* ({ users }: { readonly users: readonly EstateUser[] }): Generator<Judgement> {
    for (const user of users) {
      if (!user.enabled) continue;
      if (user.options === undefined) {
        yield unknown(subject('user', user), 'its options were not shown');
        continue;
      }
      // Keystone keeps null, and no key, for an option that was never set (`resource_options`).
      const set = user.options[option] === true;
      yield (set ? fail : pass)(subject('user', user), `${option} is ${set ? 'set' : 'not set'}: ${what}`);
    }
  };

export const userPolicies = [
  definePolicy({
    id: 'audit.identity.user-without-mfa',
    title: 'Users have a second factor',
    severity: 'medium',
    needs: ['users'],
    remedy:
      'Set multi_factor_auth_rules and multi_factor_auth_enabled; programs belong behind application credentials.',
    *check({ users }) {
      for (const user of users) if (user.enabled) yield judge(secondFactor(user), user);
    },
  }),
  definePolicy({
    id: 'audit.identity.lockout-bypassed',
    title: 'No user is spared the lockout after failed logins',
    severity: 'medium',
    needs: ['users'],
    remedy: 'Take ignore_lockout_failure_attempts away.',
    check: spared(
      'ignore_lockout_failure_attempts',
      'failed logins lock a user of Keystone itself out only without it, and if [security_compliance] says so',
    ),
  }),
  definePolicy({
    id: 'audit.identity.password-expiry-bypassed',
    title: 'No user is exempt from the expiry of passwords',
    severity: 'low',
    needs: ['users'],
    remedy: 'Take ignore_password_expiry away; give the program an application credential that expires.',
    check: spared('ignore_password_expiry', 'a password in Keystone itself ends at its time only without it'),
  }),
];
