import { expectTypeOf, test } from 'vitest';
import type { ServiceClient } from '../../src/call/client.ts';
import type { identity } from '../../src/services/identity/identity.ts';
import type { Secret } from '@groundcrew/ground';

declare const keystone: ServiceClient<typeof identity>;

test('secrets are not text, and are taken as either', async () => {
  const made = await keystone.applicationCredentials.create({ user_id: 'u', name: 'n' });
  expectTypeOf(made.secret).toEqualTypeOf<Secret>();
  const again = await keystone.applicationCredentials.get({ user_id: 'u', id: made.id });
  // @ts-expect-error it is answered once only
  void again.secret;
  expectTypeOf((await keystone.ec2Credentials.get({ user_id: 'u', id: 'a' })).secret).toEqualTypeOf<Secret>();
  await keystone.tokens.revoke({ subject_token: made.secret });
  await keystone.tokens.revoke({ subject_token: 'text' });
});

test('grants of the same form have the slots of their own path', async () => {
  expectTypeOf(keystone.projectUserRoles.assign).returns.toEqualTypeOf<Promise<void>>();
  await keystone.systemGroupRoles.revoke({ group_id: 'g', role_id: 'r' });
  // @ts-expect-error a role on a domain needs the domain
  await keystone.domainUserRoles.assign({ user_id: 'u', role_id: 'r' });
  // @ts-expect-error Keystone lists no inherited roles of projects
  void keystone.projectUserInheritedRoles.list;
  expectTypeOf(keystone.domainUserInheritedRoles).toHaveProperty('list');
});

test('switches cannot be off, and lists are iterated', async () => {
  // @ts-expect-error Keystone takes false for true
  keystone.roleAssignments.list({ effective: false });
  for await (const assignment of keystone.roleAssignments.list({
    'scope.project.id': 'p',
    effective: true,
  })) {
    expectTypeOf(assignment.role.id).toEqualTypeOf<string>();
  }
  for await (const tag of keystone.projectTags.list({ project_id: 'p' }))
    expectTypeOf(tag).toEqualTypeOf<string>();
  expectTypeOf((await keystone.projects.find('demo')).domain_id).toEqualTypeOf<string | null>();
});
