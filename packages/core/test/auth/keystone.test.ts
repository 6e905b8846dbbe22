import { describe, expect, test } from 'vitest';
import type { AuthEntry } from '../../src/config/cloud-entry.ts';
import type { AuthError } from '../../src/errors/errors.ts';
import { Secret } from '@groundcrew/ground';
import { reply, reset, type Script, scriptedServer, type Seen } from '../scripted-server.ts';
import { TestClock } from '../test-clock.ts';
import { alice, cloudEntry, grants, sessionFor } from './keystone-server.ts';

/** A Keystone below a prefix, with the version document that it is given. */
function keystone(clock: TestClock, prefix: string, document: Script): Script {
  const grant = grants(clock);
  return (response, seen) => {
    if (seen.url === `${prefix}/v3/auth/tokens`) return grant(response, seen);
    if (seen.method === 'GET' && (seen.url === prefix || seen.url === `${prefix}/`))
      return document(response, seen);
    return reply(404, '<html><title>404 Not Found</title></html>', { 'content-type': 'text/html' })(
      response,
      seen,
    );
  };
}

const versions = (href: string): Script => {
  const v3 = { id: 'v3.14', status: 'stable', links: [{ rel: 'self', href }] };
  return reply(300, { versions: { values: [v3] } }, { location: href });
};

const asked = (seen: readonly Seen[]): string[] => seen.map(({ method, url }) => `${method} ${url}`);

describe('auth_url', () => {
  test.each<[string, string, string, string[]]>([
    ['with /v3', '', '/v3', ['POST /v3/auth/tokens']],
    ['with /v3/', '', '/v3/', ['POST /v3/auth/tokens']],
    ['below a path', '/identity', '/identity/v3', ['POST /identity/v3/auth/tokens']],
    ['of the tokens themselves', '', '/v3/auth/tokens', ['POST /v3/auth/tokens']],
    ['the root', '', '', ['GET /', 'POST /v3/auth/tokens']],
    ['the root below a path', '/identity', '/identity', ['GET /identity', 'POST /identity/v3/auth/tokens']],
    ['v2.0', '', '/v2.0', ['GET /', 'POST /v3/auth/tokens']],
    [
      'v2.0 below a path',
      '/identity',
      '/identity/v2.0/',
      ['GET /identity/', 'POST /identity/v3/auth/tokens'],
    ],
  ])('%s', async (_, prefix, path, requests) => {
    const clock = new TestClock();
    // The links are those that a Keystone behind a proxy believes in.
    await using server = await scriptedServer(keystone(clock, prefix, versions('http://10.0.0.9:5000/v3/')));
    const { session } = sessionFor(cloudEntry(alice(`${server.url}${path}`)), { clock });
    expect((await session.token())?.value.reveal()).toBe('token-1');
    expect(asked(server.seen)).toEqual(requests);
  });

  test('a root that tells nothing of its versions: v3 is tried', async () => {
    const clock = new TestClock();
    await using server = await scriptedServer(keystone(clock, '', reply(403, 'no')));
    const { session } = sessionFor(cloudEntry(alice(server.url)), { clock });
    expect((await session.token())?.value.reveal()).toBe('token-1');
  });

  test('a Keystone without v3', async () => {
    const v2 = { id: 'v2.0', status: 'stable', links: [{ rel: 'self', href: '/v2.0' }] };
    await using server = await scriptedServer(reply(300, { versions: { values: [v2] } }));
    const { session } = sessionFor(cloudEntry(alice(server.url)));
    await expect(session.token()).rejects.toMatchObject({
      code: 'auth',
      message: expect.stringContaining('has v2.0, not 3'),
      remedy: expect.stringContaining('auth_url'),
    });
  });

  test.each(['', undefined])('missing: %j', async (auth_url) => {
    const { session } = sessionFor(cloudEntry({ ...alice(''), auth_url }));
    await expect(session.token()).rejects.toMatchObject({ code: 'config', key: 'auth.auth_url' });
  });

  test.each(['keystone:5000/v3', 'ftp://keystone/v3', 'http://'])('no URL: %s', async (auth_url) => {
    const { session } = sessionFor(cloudEntry(alice(auth_url)));
    await expect(session.token()).rejects.toMatchObject({ code: 'config', key: 'auth.auth_url' });
  });
});

/** What `token()` fails with when Keystone answers so. */
const refusedBy = async (step: Script, entry = cloudEntry): Promise<AuthError> => {
  await using server = await scriptedServer(step);
  const { session } = sessionFor(entry(alice(`${server.url}/v3`)));
  return await session.token().then(
    () => expect.unreachable(),
    (error: unknown) => error as AuthError,
  );
};

describe('refused', () => {
  const unauthorized = reply(
    401,
    {
      error: {
        code: 401,
        message: 'The request you have made requires authentication.',
        title: 'Unauthorized',
      },
    },
    { 'x-openstack-request-id': 'req-1' },
  );
  const page = '<!doctype html><html><head><title>Sign in</title></head></html>';

  test('wrong password, disabled user or unknown project: Keystone does not say which', async () => {
    const error = await refusedBy(unauthorized);
    expect(error).toMatchObject({ code: 'auth', requestIds: ['req-1'] });
    expect(error.message).toBe(
      'cloud test: Keystone refused (401): The request you have made requires authentication.',
    );
    expect(error.remedy).toMatch(/password.*enabled.*role on project web/);
    expect(JSON.stringify(error)).not.toContain('pa55');
  });

  test.each<[string, Script, object]>([
    [
      'expired password',
      reply(401, { error: { message: 'The password is expired and needs to be changed for user: u1.' } }),
      { code: 'auth', remedy: expect.stringContaining('password set') },
    ],
    [
      'locked account',
      reply(401, { error: { message: 'The account is locked for user: u1.' } }),
      { code: 'auth', remedy: expect.stringContaining('lock') },
    ],
    [
      'several factors',
      reply(401, { receipt: {}, required_auth_methods: [['password', 'totp']] }),
      { code: 'auth', message: expect.stringContaining('password and totp') },
    ],
    [
      'a complaint with a schema',
      reply(400, { error: { message: `'identity' is a required property\n\nFailed ${'x'.repeat(5_000)}` } }),
      { code: 'auth', message: expect.stringMatching(/property$/) },
    ],
    ['not Keystone', reply(404, page), { code: 'auth', remedy: expect.stringContaining('/v3') }],
    [
      'a method that is not allowed',
      reply(405, ''),
      { code: 'auth', remedy: expect.stringContaining('/v3') },
    ],
    [
      'a list of versions',
      reply(300, { versions: { values: [] } }),
      { code: 'auth', remedy: expect.stringContaining('/v3') },
    ],
    [
      'a redirect, to which no password is sent',
      reply(308, '', { location: 'https://u:s3cret@other/v3/auth/tokens' }),
      { code: 'auth', message: expect.stringContaining('redirects to https://***:***@other/v3') },
    ],
    [
      'a web page for an answer',
      reply(200, page, { 'content-type': 'text/html' }),
      { code: 'decode', status: 200, remedy: expect.stringContaining('proxy') },
    ],
    [
      'a web page for a refusal',
      reply(403, page, { 'content-type': 'text/html' }),
      { code: 'decode', status: 403 },
    ],
    ['JSON that is no token', reply(201, { hello: 1 }, { 'x-subject-token': 'tok3n' }), { code: 'decode' }],
    [
      'a token without its header',
      reply(201, { token: {} }),
      { code: 'decode', remedy: expect.stringContaining('X-Subject-Token') },
    ],
    ['cut-off JSON', reply(201, '{"token": {"meth', { 'x-subject-token': 'tok3n' }), { code: 'decode' }],
    [
      'out of order',
      reply(500, { error: { message: 'An unexpected error' } }),
      { code: 'server-error', status: 500 },
    ],
    ['overloaded', reply(429, ''), { code: 'rate-limited' }],
    ['no answer', reset, { code: 'unreachable' }],
  ])('%s', async (_, step, like) => {
    const error = await refusedBy(step);
    expect(error).toMatchObject(like);
    expect(error.remedy).toBeTypeOf('string');
    expect(`${error.message}${JSON.stringify(error)}`).not.toMatch(/pa55|tok3n|s3cret/);
  });

  test('a token that Keystone does not recognise is a 404, and says so', async () => {
    const error = await refusedBy(
      reply(404, { error: { code: 404, message: 'Could not recognize Fernet token' } }),
      (auth) => cloudEntry({ ...auth, token: new Secret('old') }, { auth_type: 'token' }),
    );
    expect(error).toMatchObject({
      code: 'auth',
      message: expect.stringContaining('Fernet'),
      remedy: expect.stringContaining('token issue'),
    });
  });

  test.each<[AuthEntry, string]>([
    [{ project_name: 'shop' }, 'auth.project_name'],
    [{ project_id: 'p2', project_name: 'web' }, 'auth.project_id'],
    [{ system_scope: 'all' }, 'auth.system_scope'],
    [{ domain_id: 'default' }, 'auth.domain_id'],
    [{ trust_id: 't' }, 'auth.trust_id'],
  ])('an application credential is of its project; the entry says %j', async (scope, key) => {
    const auth = { application_credential_id: 'a', application_credential_secret: new Secret('s'), ...scope };
    const error = await refusedBy(grants(new TestClock()), ({ auth_url }) =>
      cloudEntry({ ...auth, auth_url }, { auth_type: 'v3applicationcredential' }),
    );
    expect(error).toMatchObject({
      code: 'config',
      key,
      message: expect.stringContaining('is of project web, not of'),
    });
  });

  test.each<AuthEntry>([
    {},
    { project_name: 'web', domain_id: 'default' },
    { project_id: 'p1', project_name: 'old name' },
  ])('an application credential, the entry agreeing: %j', async (scope) => {
    await using server = await scriptedServer(grants(new TestClock()));
    const credential = { application_credential_id: 'a', application_credential_secret: new Secret('s') };
    const auth = { ...credential, ...scope, auth_url: `${server.url}/v3` };
    const { session } = sessionFor(cloudEntry(auth, { auth_type: 'v3applicationcredential' }));
    expect((await session.token())?.project?.name).toBe('web');
  });
});
