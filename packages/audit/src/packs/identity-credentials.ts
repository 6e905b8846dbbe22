import { fail, type Judgement, pass, subject, unknown } from '../policy/judgement.ts';
import { definePolicy } from './define-policy.ts';
import type { EstateApplicationCredential, EstateTrust } from './estate.ts';
import { momentOf } from './moment.ts';

/** Judges those that can still be used: an expired one is a pass. */
function* usable<T extends { readonly expires_at?: string | null | undefined }>(
  some: readonly T[],
  now: number,
  judge: (one: T) => Judgement,
): Generator<Judgement> {
  for (const one of some) {
    const judged = judge(one);
    const ends = momentOf(one.expires_at);
    const over = ends !== undefined && ends <= now;
    yield over ? { ...judged, verdict: 'pass', because: [`it expired at ${one.expires_at}`] } : judged;
  }
}

const aboutCredential = (one: EstateApplicationCredential) => subject('application credential', one);
const ofProject = ({ project_id }: EstateApplicationCredential) => ({ project: project_id });
const aboutTrust = ({ id }: EstateTrust) => ({ kind: 'trust', id });
const inForce = (trusts: readonly EstateTrust[]) =>
  trusts.filter(({ deleted_at }) => deleted_at === null || deleted_at === undefined);
const projectOf = ({ project_id }: EstateTrust) => ({ project: project_id ?? undefined });

export const credentialPolicies = [
  definePolicy({
    id: 'audit.identity.application-credential-unrestricted',
    title: 'No application credential can make others',
    severity: 'high',
    needs: ['applicationCredentials'],
    remedy: 'Make another without `unrestricted`, then delete this one.',
    check: ({ applicationCredentials }, { now }) =>
      usable(applicationCredentials, now, (one) =>
        one.unrestricted === true
          ? fail(
              aboutCredential(one),
              `of user ${one.user_id}: it makes credentials and trusts that outlive it`,
              ofProject(one),
            )
          : one.unrestricted === undefined
            ? unknown(aboutCredential(one), 'whether it is restricted was not shown', ofProject(one))
            : pass(aboutCredential(one), `of user ${one.user_id}: it is restricted`, ofProject(one)),
      ),
  }),
  definePolicy({
    id: 'audit.identity.application-credential-without-expiry',
    title: 'Application credentials expire',
    severity: 'medium',
    needs: ['applicationCredentials'],
    remedy: 'Make another with `expires_at`, then delete this one: they cannot be changed.',
    check: ({ applicationCredentials }, { now }) =>
      usable(applicationCredentials, now, (one) =>
        one.expires_at === null
          ? fail(aboutCredential(one), `of user ${one.user_id}: it never expires`, ofProject(one))
          : momentOf(one.expires_at) === undefined
            ? unknown(aboutCredential(one), 'whether it expires was not shown', ofProject(one))
            : pass(aboutCredential(one), `it expires at ${one.expires_at}`, ofProject(one)),
      ),
  }),
  definePolicy({
    id: 'audit.identity.application-credential-with-admin',
    title: 'No application credential has the role admin',
    severity: 'high',
    needs: ['applicationCredentials'],
    remedy: 'Make another with the roles that the program needs, or with access rules, then delete this one.',
    check: ({ applicationCredentials }, { now }) =>
      usable(applicationCredentials, now, (one) => {
        // A role without a name is counted below, and makes the whole unknown.
        const names = one.roles?.flatMap(({ name }) => name ?? []);
        if (names === undefined || names.length < (one.roles?.length ?? 0))
          return unknown(aboutCredential(one), 'its roles were not shown', ofProject(one));
        const verdict = names.includes('admin') ? fail : pass;
        return verdict(
          aboutCredential(one),
          `of user ${one.user_id}: its roles are ${names.join(', ')}`,
          ofProject(one),
        );
      }),
  }),
  definePolicy({
    id: 'audit.identity.trust-with-impersonation',
    title: 'No trust lets one user appear as another',
    severity: 'low',
    needs: ['trusts'],
    remedy:
      'Make it without impersonation where the service allows it. Heat and Magnum need it: exempt those.',
    check: ({ trusts }, { now }) =>
      usable(inForce(trusts), now, (one) =>
        one.impersonation
          ? fail(
              aboutTrust(one),
              `user ${one.trustee_user_id} appears as ${one.trustor_user_id}`,
              projectOf(one),
            )
          : pass(aboutTrust(one), `user ${one.trustee_user_id} appears as himself`, projectOf(one)),
      ),
  }),
  definePolicy({
    id: 'audit.identity.trust-without-expiry',
    title: 'Trusts expire',
    severity: 'medium',
    needs: ['trusts'],
    remedy: 'Take it back, and make one with `expires_at`.',
    check: ({ trusts }, { now }) =>
      usable(inForce(trusts), now, (one) =>
        momentOf(one.expires_at) !== undefined
          ? pass(aboutTrust(one), `it expires at ${one.expires_at}`, projectOf(one))
          : one.expires_at !== null
            ? unknown(aboutTrust(one), 'whether it expires was not shown', projectOf(one))
            : fail(
                aboutTrust(one),
                `${one.trustor_user_id} trusts ${one.trustee_user_id} for ever${one.impersonation ? ', to appear as himself' : ''}`,
                { ...projectOf(one), severity: one.impersonation ? 'high' : undefined },
              ),
      ),
  }),
  definePolicy({
    id: 'audit.identity.trust-of-disabled-user',
    title: 'Trusts are between users who are there',
    severity: 'medium',
    needs: ['trusts', 'users'],
    remedy: 'Take the trust back.',
    check: ({ trusts, users }, { now }) => {
      const known = new Map(users.map((user) => [user.id, user]));
      return usable(inForce(trusts), now, (one) => {
        const both = [one.trustor_user_id, one.trustee_user_id];
        const off = both.filter((id) => known.get(id)?.enabled === false);
        const missing = both.filter((id) => !known.has(id));
        if (off.length > 0) return fail(aboutTrust(one), `disabled: ${off.join(', ')}`, projectOf(one));
        // One who is missing need not be gone: a directory that lists nobody may have him.
        if (missing.length > 0)
          return unknown(aboutTrust(one), `in no list: ${missing.join(', ')}`, projectOf(one));
        return pass(aboutTrust(one), 'both users are enabled', projectOf(one));
      });
    },
  }),
];
