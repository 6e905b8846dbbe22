import { status } from '@groundcrew/sim';
import { describe, expect, test } from 'vitest';
import { identityPack, observeEstate } from '../../src/packs.ts';
import { evaluate } from '../../src/policy.ts';
import { type Behind, behindGateway, each } from './gateway.ts';

// Domains with drivers of their own: a list of users without `domain_id` is of one domain, and says nothing of the others.
// terraform-provider-openstack 786, ContainX/openstack4j 520, ansible/ansible 42901 (horizon bug 1415588), and
// openstack/keystone, keystone/server/flask/common.py (_get_domain_id_for_list_request).

interface Site extends Behind {
  readonly corp: string;
  /** An administrator of the domain corp. */
  readonly ldap: string;
}

/** Keystone with domain-specific drivers: without `domain_id`, the users of the token's domain. */
async function site(): Promise<Site> {
  const behind = await behindGateway();
  const { cloud } = behind;
  const { domains, users, roles, projectUserRoles } = cloud.identity;
  const corp = (await domains.create({ name: 'corp' })).id;
  const ldap = (await users.create({ name: 'ldap-admin', domain_id: corp })).id;
  const [admin] = await Array.fromAsync(roles.list({ name: 'admin' }));
  const project = (await cloud.token())?.project;
  await projectUserRoles.assign({
    project_id: project?.id ?? '',
    user_id: ldap,
    role_id: admin?.id ?? '',
  });
  behind.answers('GET', /\/v3\/users$/, ({ users: all, ...rest }) => ({
    ...rest,
    users: (all as { domain_id: string }[]).filter(({ domain_id }) => domain_id === 'default'),
  }));
  return { ...behind, corp, ldap };
}
const ofDomain = (id: string) => new RegExp(`/v3/users\\?(.*&)?domain_id=${id}`);

const judge = async ({ cloud }: Site) => {
  const estate = await observeEstate(cloud);
  return { estate, report: evaluate(identityPack, estate, { now: cloud.clock.now() }) };
};
const of = ({ report }: Awaited<ReturnType<typeof judge>>, id: string) =>
  report.findings.filter((finding) => finding.id === id);

test('users of each domain are read', async () => {
  const one = await site();
  const judged = await judge(one);
  expect(judged.estate.users.completeness).toBe('complete');
  expect(judged.estate.users.value.map(({ id }) => id)).toContain(one.ldap);
  expect(
    of(judged, 'audit.identity.admin-without-mfa').map(({ subject, verdict }) => [subject.id, verdict]),
  ).toContainEqual([one.ldap, 'fail']);
});

describe('a domain whose directory does not answer', () => {
  // LDAP drivers that are read-only, down, or of a driver that cannot list: 501, 403, 500, 504.
  test.each([501, 403, 500, 504])(
    '%i is a gap: nothing passes of all users, and the others are judged',
    async (code) => {
      const one = await site();
      const { simulated, corp, ldap } = one;
      simulated.fault({ match: { method: 'GET', path: ofDomain(corp) }, reply: status(code) });
      simulated.fault({
        match: { method: 'GET', path: new RegExp(`/v3/users/${ldap}$`) },
        reply: status(code),
      });
      const judged = await judge(one);
      const { users, applicationCredentials } = judged.estate;
      expect([users.completeness, applicationCredentials.completeness]).toEqual(['partial', 'partial']);
      expect(users.gaps.map(({ what }) => what)).toEqual([
        'users of domain corp',
        'user ldap-admin, who holds a role and is in no list',
      ]);
      expect(users.value.length).toBeGreaterThan(0);
      for (const id of ['user-without-mfa', 'lockout-bypassed', 'application-credential-unrestricted'])
        expect(
          of(judged, `audit.identity.${id}`).find(({ subject }) => subject.kind === 'scope')?.verdict,
          id,
        ).toBe('unknown');
      expect(
        of(judged, 'audit.identity.admin-without-mfa').find(({ subject }) => subject.id === ldap),
      ).toMatchObject({
        verdict: 'unknown',
        because: [{ statement: expect.stringContaining('in no list') }, {}, {}],
      });
    },
  );
});

test('a directory that lists nobody, and knows a user that is asked for', async () => {
  const one = await site();
  one.answers('GET', ofDomain(one.corp), (body) => ({ ...body, users: [] }));
  const { estate } = await judge(one);
  expect(estate.users.value.map(({ id }) => id)).toContain(one.ldap);
  expect(estate.users.completeness).toBe('complete');
});

test('domains that are not shown are a gap', async () => {
  const one = await site();
  one.simulated.fault({ match: { method: 'GET', path: /\/v3\/domains$/ }, reply: status(403) });
  const { estate } = await judge(one);
  expect(estate.users.completeness).toBe('partial');
  expect(estate.users.gaps.map(({ what }) => what)).toContain('users of other domains');
});

describe('role assignments that do not say who is admin', () => {
  // Keystone before Mitaka does not know include_names; a proxy that strips names does the same.
  const admins = ['admin-without-mfa', 'stale-admin', 'many-admins'];
  const answered = async (change: (entry: Record<string, unknown>) => Record<string, unknown>) => {
    const one = await site();
    one.answers('GET', /role_assignments/, each('role_assignments', change));
    const judged = await judge(one);
    return admins.map((id) =>
      of(judged, `audit.identity.${id}`).some(({ verdict }) => verdict === 'unknown'),
    );
  };

  test('without names of roles', async () => {
    expect(await answered((entry) => ({ ...entry, role: { id: 'r1' } }))).toEqual([true, true, true]);
  });
  test('a group that was not resolved', async () => {
    const group = { id: 'g', name: 'operators' };
    expect(await answered((entry) => ({ ...entry, user: undefined, group }))).toEqual([true, true, true]);
  });
});
