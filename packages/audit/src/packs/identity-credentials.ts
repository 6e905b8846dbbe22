import { fail, type Judgement, pass, subject, unknown } from '../policy/judgement.ts';
import { definePolicy } from './define-policy.ts';
import type { EstateApplicationCredential, EstateTrust } from './estate.ts';
import { momentOf } from './moment.ts';

/** Judges those that can still be used: an expired one is a pass. */
function* usable<T extends { readonly expires_at?: string | null | undefined }>(
  some: readonly T[],
  now: number,
  judge: (entry: T) => Judgement,
): Generator<Judgement> {
  for (const credential of some) {
    const judged = judge(credential);
    const ends = momentOf(credential.expires_at);
    const over = ends !== undefined && ends <= now;
    yield over ? { ...judged, verdict: 'pass', because: [`it expired at ${credential.expires_at}`] } : judged;
  }
}

const aboutCredential = (credential: EstateApplicationCredential) =>
  subject('application credential', credential);
const credentialProject = ({ project_id }: EstateApplicationCredential) => ({ project: project_id });
const aboutTrust = ({ id }: EstateTrust) => ({ kind: 'trust', id });
/** Keystone leaves those that are deleted out of the list (keystone/trust/backends/sql.py, `list_trusts`), and older ones the field. */
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
      usable(applicationCredentials, now, (applicationCredential) =>
        applicationCredential.unrestricted === true
          ? fail(
              aboutCredential(applicationCredential),
              `of user ${applicationCredential.user_id}: it makes credentials and trusts that outlive it`,
              credentialProject(applicationCredential),
            )
          : applicationCredential.unrestricted === undefined
            ? unknown(
                aboutCredential(applicationCredential),
                'whether it is restricted was not shown',
                credentialProject(applicationCredential),
              )
            : pass(
                aboutCredential(applicationCredential),
                `of user ${applicationCredential.user_id}: it is restricted`,
                credentialProject(applicationCredential),
              ),
      ),
  }),
  definePolicy({
    id: 'audit.identity.application-credential-without-expiry',
    title: 'Application credentials expire',
    severity: 'medium',
    needs: ['applicationCredentials'],
    remedy: 'Make another with `expires_at`, then delete this one: they cannot be changed.',
    check: ({ applicationCredentials }, { now }) =>
      usable(applicationCredentials, now, (applicationCredential) =>
        applicationCredential.expires_at === null
          ? fail(
              aboutCredential(applicationCredential),
              `of user ${applicationCredential.user_id}: it never expires`,
              credentialProject(applicationCredential),
            )
          : momentOf(applicationCredential.expires_at) === undefined
            ? unknown(
                aboutCredential(applicationCredential),
                'whether it expires was not shown',
                credentialProject(applicationCredential),
              )
            : pass(
                aboutCredential(applicationCredential),
                `it expires at ${applicationCredential.expires_at}`,
                credentialProject(applicationCredential),
              ),
      ),
  }),
  definePolicy({
    id: 'audit.identity.application-credential-with-admin',
    title: 'No application credential has the role admin',
    severity: 'high',
    needs: ['applicationCredentials'],
    remedy: 'Make another with the roles that the program needs, or with access rules, then delete this one.',
    check: ({ applicationCredentials }, { now }) =>
      usable(applicationCredentials, now, (applicationCredential) => {
        // A role without a name is counted below, and makes the whole unknown.
        const names = applicationCredential.roles?.flatMap(({ name }) => name ?? []);
        // It is deleted with its user's roles (keystone/application_credential/core.py,
        // `_delete_app_creds_on_assignment_removal`): an empty list is not the list of one that is there.
        if (
          names === undefined ||
          names.length === 0 ||
          names.length < (applicationCredential.roles?.length ?? 0)
        )
          return unknown(
            aboutCredential(applicationCredential),
            'its roles were not shown',
            credentialProject(applicationCredential),
          );
        const verdict = names.includes('admin') ? fail : pass;
        return verdict(
          aboutCredential(applicationCredential),
          `of user ${applicationCredential.user_id}: its roles are ${names.join(', ')}`,
          credentialProject(applicationCredential),
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
      usable(inForce(trusts), now, (trust) =>
        trust.impersonation
          ? fail(
              aboutTrust(trust),
              `user ${trust.trustee_user_id} appears as ${trust.trustor_user_id}`,
              projectOf(trust),
            )
          : pass(aboutTrust(trust), `user ${trust.trustee_user_id} appears as himself`, projectOf(trust)),
      ),
  }),
  definePolicy({
    id: 'audit.identity.trust-without-expiry',
    title: 'Trusts expire',
    severity: 'medium',
    needs: ['trusts'],
    remedy: 'Take it back, and make one with `expires_at`.',
    check: ({ trusts }, { now }) =>
      usable(inForce(trusts), now, (trust) =>
        momentOf(trust.expires_at) !== undefined
          ? pass(aboutTrust(trust), `it expires at ${trust.expires_at}`, projectOf(trust))
          : trust.expires_at !== null
            ? unknown(aboutTrust(trust), 'whether it expires was not shown', projectOf(trust))
            : fail(
                aboutTrust(trust),
                `${trust.trustor_user_id} trusts ${trust.trustee_user_id} for ever${trust.impersonation ? ', to appear as himself' : ''}`,
                { ...projectOf(trust), severity: trust.impersonation ? 'high' : undefined },
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
      return usable(inForce(trusts), now, (trust) => {
        const both = [trust.trustor_user_id, trust.trustee_user_id];
        const off = both.filter((id) => known.get(id)?.enabled === false);
        const missing = both.filter((id) => !known.has(id));
        if (off.length > 0) return fail(aboutTrust(trust), `disabled: ${off.join(', ')}`, projectOf(trust));
        // A user that is missing need not be gone: a directory that does not list its users may have it.
        if (missing.length > 0)
          return unknown(aboutTrust(trust), `in no list: ${missing.join(', ')}`, projectOf(trust));
        return pass(aboutTrust(trust), 'both users are enabled', projectOf(trust));
      });
    },
  }),
];
