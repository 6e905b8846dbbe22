import { connect, isAuthError } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { asAdmin, asMember, unique, parityClouds } from './parity-clouds.ts';
import { CleanUp } from './clean-up.ts';

describe.each(parityClouds)('authentication on $name', (parityCloud) => {
  test('with a password: who, where, and a catalogue with all six services', async () => {
    const cloud = await asAdmin(parityCloud);
    const token = await cloud.token();
    expect(token).toMatchObject({
      methods: ['password'],
      user: { name: 'admin' },
      project: { name: 'admin' },
    });
    expect(token?.roles.map((role) => role.name)).toContain('admin');
    for (const type of ['identity', 'compute', 'network', 'block-storage', 'image', 'placement']) {
      expect(await cloud.endpoint(type)).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
    }
  });

  test('with a token: in the scope that it has, and into another project', async () => {
    const options = await parityCloud.admin();
    const token = await connect(options).token();
    const { auth_url } = options.auth ?? {};
    const handed = connect({ ...options, auth: { auth_url, token: token?.value } });
    expect(await handed.token()).toMatchObject({ project: { name: 'admin' } });
    const rescoped = connect({
      ...options,
      auth: { auth_url, token: token?.value, project_name: 'demo', project_domain_id: 'default' },
    });
    expect(await rescoped.token()).toMatchObject({ project: { name: 'demo' } });
  });

  test('with an application credential, which may not be used in another project', async () => {
    const clean = new CleanUp();
    const cloud = await asMember(parityCloud);
    const user = (await cloud.token())?.user?.id ?? '';
    const made = await cloud.identity.applicationCredentials.create({
      user_id: user,
      name: unique('credential'),
    });
    clean.later(() => cloud.identity.applicationCredentials.delete({ user_id: user, id: made.id }));
    const options = await parityCloud.member();
    const auth = {
      auth_url: options.auth?.auth_url,
      application_credential_id: made.id,
      application_credential_secret: made.secret,
    };
    const token = await connect({ ...options, auth }).token();
    expect(token).toMatchObject({
      methods: ['application_credential'],
      user: { id: user },
      project: { name: 'demo' },
    });
  });

  test('unscoped, with system scope, and scoped by a trust', async () => {
    const clean = new CleanUp();
    const admin = await asAdmin(parityCloud);
    expect(await admin.scoped({ system_scope: 'all' }).token()).toMatchObject({ system: { all: true } });
    const unscoped = await admin.scoped({ unscoped: true }).token();
    expect(unscoped?.project).toBeUndefined();
    expect(unscoped?.catalog).toEqual([]);

    const member = await asMember(parityCloud);
    const [trustor, trustee] = [await member.token(), await admin.token()];
    const trust = await member.identity.trusts.create({
      trustor_user_id: trustor?.user?.id ?? '',
      trustee_user_id: trustee?.user?.id ?? '',
      project_id: trustor?.project?.id ?? '',
      impersonation: false,
      roles: [{ name: 'member' }],
    });
    clean.later(() => member.identity.trusts.delete({ id: trust.id }));
    const { auth, ...options } = await parityCloud.admin();
    const { auth_url, username, password, user_domain_id, user_domain_name } = auth ?? {};
    const trusted = connect({
      ...options,
      auth: { auth_url, username, password, user_domain_id, user_domain_name, trust_id: trust.id },
    });
    expect(await trusted.token()).toMatchObject({
      project: { name: 'demo' },
      'OS-TRUST:trust': { id: trust.id },
    });
  });

  test('with a wrong password: an AuthError that says what to do, and no password', async () => {
    const options = await parityCloud.member();
    const wrong = connect({ ...options, auth: { ...options.auth, password: 'wr0ng-c4n4ry' } });
    const error = await wrong.token().catch((caught: unknown) => caught);
    expect(isAuthError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'auth', remedy: expect.any(String) });
    expect(JSON.stringify(error) + String(error)).not.toContain('wr0ng-c4n4ry');
  });

  test('with a token that was revoked: the client gets a new one by itself', async () => {
    const cloud = await asAdmin(parityCloud);
    const token = await cloud.token();
    const reasons: string[] = [];
    cloud.events.on('token', (event) => reasons.push(event.reason));
    const other = await asAdmin(parityCloud);
    await other.identity.tokens.revoke({ subject_token: token?.value.reveal() ?? '' });
    for await (const project of cloud.identity.projects.list()) expect(project.id).toBeTypeOf('string');
    expect(reasons).toEqual(['rejected']);
  });
});
