import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/auth/auth-keys.ts';
import { tokenRequest, wireText } from '../../src/auth/credentials.ts';
import type { AuthEntry, AuthType } from '../../src/config/cloud-entry.ts';
import { ConfigError } from '../../src/errors/errors.ts';
import { Secret } from '@groundcrew/ground';

const ask = (auth_type: AuthType, auth: Entry['auth']): unknown =>
  JSON.parse(wireText(tokenRequest({ name: 'c', auth_type, auth })));

const password = new Secret('pa55');
const alice: AuthEntry = { username: 'alice', user_domain_name: 'Staff', password };
const aliceOnTheWire = {
  methods: ['password'],
  password: { user: { name: 'alice', domain: { name: 'Staff' }, password: 'pa55' } },
};

describe('who', () => {
  test.each<[string, AuthEntry, object]>([
    ['name and domain name', alice, { name: 'alice', domain: { name: 'Staff' }, password: 'pa55' }],
    [
      'name and domain id',
      { username: 'alice', user_domain_id: 'd1', password },
      { name: 'alice', domain: { id: 'd1' }, password: 'pa55' },
    ],
    [
      'id, which needs no domain',
      { user_id: 'u1', user_domain_name: 'Staff', password },
      { id: 'u1', password: 'pa55' },
    ],
    [
      'a domain given once, for user and project',
      { username: 'alice', project_name: 'p', domain_name: 'Staff', password },
      { name: 'alice', domain: { name: 'Staff' }, password: 'pa55' },
    ],
  ])('password of a user by %s', (_, auth, user) => {
    expect(ask('password', auth)).toMatchObject({
      auth: { identity: { methods: ['password'], password: { user } } },
    });
  });

  test('token', () => {
    expect(ask('token', { token: new Secret('gAAA'), project_id: 'p1' })).toEqual({
      auth: { identity: { methods: ['token'], token: { id: 'gAAA' } }, scope: { project: { id: 'p1' } } },
    });
  });

  test.each<[string, AuthEntry, object]>([
    ['id', { application_credential_id: 'a1' }, { id: 'a1', secret: 's' }],
    [
      'name and user',
      { application_credential_name: 'ci', username: 'alice', user_domain_id: 'd1' },
      { name: 'ci', user: { name: 'alice', domain: { id: 'd1' } }, secret: 's' },
    ],
    [
      'name and user id',
      { application_credential_name: 'ci', user_id: 'u1' },
      { name: 'ci', user: { id: 'u1' }, secret: 's' },
    ],
  ])('application credential by %s', (_, auth, application_credential) => {
    const entry = { ...auth, application_credential_secret: new Secret('s') };
    // Keystone refuses a scope with one, so a project left over in the file is not sent.
    expect(ask('v3applicationcredential', { ...entry, project_name: 'p', project_domain_name: 'd' })).toEqual(
      {
        auth: { identity: { methods: ['application_credential'], application_credential } },
      },
    );
  });
});

describe('of what', () => {
  test.each<[string, Entry['auth'], object]>([
    ['project by id', { project_id: 'p1', project_name: 'ignored' }, { scope: { project: { id: 'p1' } } }],
    [
      'project by name and domain name',
      { project_name: 'web', project_domain_name: 'Staff' },
      { scope: { project: { name: 'web', domain: { name: 'Staff' } } } },
    ],
    [
      'project by name and domain id',
      { project_name: 'web', project_domain_id: 'd1', project_domain_name: 'ignored' },
      { scope: { project: { name: 'web', domain: { id: 'd1' } } } },
    ],
    [
      'project in the domain given once',
      { project_name: 'web', domain_id: 'd1' },
      { scope: { project: { name: 'web', domain: { id: 'd1' } } } },
    ],
    ['domain by id', { domain_id: 'd1' }, { scope: { domain: { id: 'd1' } } }],
    ['domain by name', { domain_name: 'Staff' }, { scope: { domain: { name: 'Staff' } } }],
    ['system', { system_scope: 'all' }, { scope: { system: { all: true } } }],
    ['trust', { trust_id: 't1' }, { scope: { 'OS-TRUST:trust': { id: 't1' } } }],
    ['nothing, in so many words', { unscoped: true }, { scope: 'unscoped' }],
    ['nothing, or the default project', {}, {}],
    ['nothing, with variables exported empty', { project_name: '', system_scope: '', trust_id: '' }, {}],
  ])('%s', (_, auth, scope) => {
    expect(ask('password', { ...alice, ...auth })).toEqual({ auth: { identity: aliceOnTheWire, ...scope } });
  });
});

describe('what is missing is named', () => {
  test.each<[AuthType, AuthEntry, string]>([
    ['password', {}, 'auth.username'],
    ['password', { username: 'alice', password }, 'auth.user_domain_name'],
    // Without a project it is the scope, and says nothing of the user.
    ['password', { username: 'alice', domain_name: 'Staff', password }, 'auth.user_domain_name'],
    ['password', { username: 'alice', user_domain_id: 'd1' }, 'auth.password'],
    ['password', { username: 'alice', user_domain_id: 'd1', password: new Secret('') }, 'auth.password'],
    ['password', { ...alice, project_name: 'web' }, 'auth.project_domain_name'],
    ['token', {}, 'auth.token'],
    ['v3applicationcredential', {}, 'auth.application_credential_id'],
    ['v3applicationcredential', { application_credential_id: 'a1' }, 'auth.application_credential_secret'],
    [
      'v3applicationcredential',
      { application_credential_name: 'ci', application_credential_secret: password },
      'auth.username',
    ],
  ])('%s %j: %s', (auth_type, auth, key) => {
    expect(() => ask(auth_type, auth)).toThrow(expect.objectContaining({ code: 'config', key }));
    expect(() => ask(auth_type, auth)).toThrow(new RegExp(`cloud c: .*${key}.* is missing`));
  });

  test.each<[Entry['auth'], string]>([
    [{ project_id: 'p', system_scope: 'all' }, 'project_id and system_scope'],
    [{ project_name: 'p', project_domain_id: 'd', trust_id: 't' }, 'project_name and trust_id'],
    [{ domain_id: 'd', system_scope: 'all' }, 'domain_id and system_scope'],
    [{ domain_id: 'd', unscoped: true }, 'domain_id and unscoped'],
  ])('one scope only: %j', (auth, words) => {
    expect(() => ask('password', { ...alice, ...auth })).toThrow(words);
  });

  test('system_scope has one value', () => {
    expect(() => ask('password', { ...alice, system_scope: 'some' })).toThrow(ConfigError);
  });
});

test('a request that is printed shows no secret', () => {
  const request = tokenRequest({ name: 'c', auth_type: 'password', auth: alice });
  expect(JSON.stringify(request)).not.toContain('pa55');
  expect(inspect(request, { depth: 9 })).not.toContain('pa55');
  expect(JSON.stringify(request)).toContain('***');
});
