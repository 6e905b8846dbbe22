import { describe, expect, test } from 'vitest';
import { findSecrets, isSecretName, maskText, maskValue } from '../src/index.ts';

const CANARY = 'c4n-ary';

describe('names', () => {
  test.each([
    'password',
    'Password',
    'adminPass',
    'admin_pass',
    'new_pass',
    'auth_password',
    'os_password',
    'passwords',
    'password2',
    'X-Auth-Token',
    'X-Subject-Token',
    'X-Service-Token',
    'X-Auth-Key',
    'Authorization',
    'Proxy-Authorization',
    'Set-Cookie',
    'X-Account-Meta-Temp-URL-Key',
    'X-Account-Meta-Temp-URL-Key-2',
    'X-Container-Meta-Temp-Url-Key',
    'temp_url_sig',
    'application_credential_secret',
    'client_secret',
    'metadata_proxy_shared_secret',
    'secret_key',
    'api_key',
    'apikey',
    'private_key',
    'privateKey',
    'keyring',
    'rbd_keyring',
    'user_data',
    'userdata',
    'blob',
    'psk',
    'credentials',
    'hmac_keys',
    'auth_encryption_key',
    'passphrase',
    'passcode',
    'sys_pswd',
    'X-Amz-Signature',
    'encrypted_key',
    'signature',
    'swift_hash_path_suffix',
    'database.password',
    'authToken',
    'temp_url_signature',
  ])('%s is one of a secret', (name) => expect(isSecretName(name)).toBe(true));

  test.each([
    'token_ttl',
    'password_expires_at',
    'secret_ref',
    'secret_type',
    'key_name',
    'public_key',
    'key',
    'keypair',
    'key_id',
    'application_credential',
    'application_credentials',
    'passed',
    'compass',
    'bypass_check',
    'monkey',
    'tokens_per_second',
    'config_drive',
    'name',
    '',
    '---',
    'password_hash_algorithm',
    'passive',
    'donkey',
    'x'.repeat(100_000),
  ])('%.40s is none', (name) => expect(isSecretName(name)).toBe(false));
});

describe('by the name before it', () => {
  test.each([
    `admin_password = ${CANARY}`,
    `  password=${CANARY}`,
    `auth_password=${CANARY} was refused`,
    `{"auth": {"application_credential": {"id": "a", "secret": "${CANARY}"}}}`,
    `{'adminPass': u'${CANARY}'}`,
    `{\\"password\\": \\"${CANARY}\\"}`,
    `"{\\\\\\"password\\\\\\": \\\\\\"${CANARY}\\\\\\"}"`,
    `X-Auth-Token: ${CANARY}`,
    `curl -H 'X-Service-Token: ${CANARY}' http://nova`,
    `Authorization: Digest username="x", response="${CANARY}"`,
    `openstack --os-password ${CANARY} server list`,
    `openstack --os-password='${CANARY}' server list`,
    `<password>${CANARY}</password>`,
    `http://swift/v1/o?temp_url_sig=${CANARY}&temp_url_expires=1`,
    `client_secret => "${CANARY}"`,
    `metadata_proxy_shared_secret = ${CANARY} with, commas) and blanks ${CANARY}`,
    `"passwords": ["${CANARY}", "${CANARY}"]`,
    `"credentials": {"a": {"b": "${CANARY}"}}`,
    `password: "with \\" a quote ${CANARY}"`,
    `password="cut off ${CANARY}`,
    `user=nova,password=a,b;${CANARY}`,
  ])('%s', (text) => {
    expect(maskText(text)).not.toContain(CANARY);
    expect(findSecrets(text)[0]?.kind).toBe('named');
  });

  test('the words around it stay', () => {
    expect(maskText('user=nova password=pw host=db')).toBe('user=nova password=*** host=db');
    expect(maskText('{"name": "web", "adminPass": "pw", "id": 7}')).toBe(
      '{"name": "web", "adminPass": "***", "id": 7}',
    );
  });
});

describe('by its shape', () => {
  test.each([
    ['url-userinfo', `Starting to use mysql+pymysql://nova:${CANARY}@db/nova`],
    ['url-userinfo', `transport_url = rabbit://nova:${CANARY}@a:5672,nova:${CANARY}@b:5672//`],
    ['url-userinfo', `redis://:${CANARY}@cache:6379`],
    ['url-userinfo', `postgresql://keystone:p@ss${CANARY}@db`],
    ['url-userinfo', `amqp://u:a/${CANARY}@h/`],
    ['url-userinfo', `https://${CANARY}@git.example/x`],
    ['private-key', `-----BEGIN RSA PRIVATE KEY-----\n${CANARY}\n-----END RSA PRIVATE KEY-----`],
    ['private-key', `"-----BEGIN OPENSSH PRIVATE KEY-----\\n${CANARY}`],
    ['http-credential', `sent Bearer ${CANARY}0123`],
    ['http-credential', 'sent Basic YWRtaW46c2VjcmV0='],
    ['token', 'GET /v2.1/os-console-auth-tokens/f00dcafe-1234-4321-aaaa-5e92a7a6e4b1 HTTP/1.1'],
    ['token', 'X got gAAAAABmZ0N5c0ZyZWVfVG9rZW5fT2ZfS2V5c3RvbmU= from it'],
    ['ceph-key', 'key: x AQBSdFxjAAAAABAAvJ9tq3w5cX1qv4Yl8oHc2A=='],
    ['hash', 'chpasswd of demo:$6$rounds5000$abcdefghijklmnop$abcdef'],
  ])('%s: %s', (kind, text) => {
    expect(findSecrets(text).map((secret) => secret.kind)).toContain(kind);
    expect(maskText(text)).not.toContain(CANARY);
  });
});

test.each([
  'password = ***',
  'password: <redacted>',
  'token=None',
  'auth_token = null',
  'password=%(password)s',
  'secret=${SECRET}',
  'X-Auth-Token: {SHA256}0a1b2c3d4e5f',
  'token_ttl = 3600',
  'Invalid token: expired',
  'The password is too short',
  'GET /v3/auth/tokens HTTP/1.1 status: 201',
  'Using the key_name: web-key',
  'http://host:8774/v2.1/servers',
  'ssh git@host',
  'Basic authentication is off',
  'monkey = banana',
  'Forget the secret, said 5f3e2a70-1c2b-4e7b-9d0e-8a1f7a3b2c1d',
  'see http://docs.example/a@b',
  'mysql://***@db',
  'Bearer tokens are refused',
  'GET /identity/v3/auth/tokens/overview and /v3/tokens/{id}',
])('nothing in: %s', (text) => expect(findSecrets(text)).toEqual([]));

test('linear in hostile text', () => {
  const hostile = [
    'password='.repeat(30_000),
    'a://'.repeat(60_000),
    '"password": "'.repeat(20_000),
    '-----BEGIN PRIVATE KEY-----'.repeat(9_000),
    'password: ['.repeat(25_000),
    '\\'.repeat(250_000),
    'Bearer '.repeat(40_000),
    'password="\\'.repeat(20_000),
    'token '.repeat(40_000),
    `x://${'a:'.repeat(120_000)}`,
    'eyJ'.repeat(80_000),
    'eyJ-'.repeat(60_000),
    'tokens/1'.repeat(30_000),
    '$6$'.repeat(80_000),
    'secret:\n'.repeat(30_000),
    '-'.repeat(250_000),
  ];
  for (const text of hostile) {
    const start = process.cpuUsage().user;
    findSecrets(text);
    // A quarter of a megabyte; what is quadratic takes minutes of it.
    expect((process.cpuUsage().user - start) / 1e6, text.slice(0, 30)).toBeLessThan(5);
  }
});

describe('data', () => {
  test('everything under a secret name, every text by its shape', () => {
    const body = {
      server: {
        name: 'web',
        adminPass: CANARY,
        user_data: CANARY,
        metadata: { db: `mysql://u:${CANARY}@h` },
      },
      passwords: [CANARY, { a: CANARY }],
      credentials: { deep: [{ er: CANARY }] },
      auth: { identity: { methods: ['password'], password: { user: { name: 'demo', password: CANARY } } } },
    };
    const shown = maskValue(body);
    expect(JSON.stringify(shown)).not.toContain(CANARY);
    expect(shown.server.name).toBe('web');
    expect(shown.auth.identity.password.user.name).toBe('demo');
  });

  test('neither circles nor depth exhaust the stack', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(JSON.stringify(maskValue(circle))).toContain('…');
    const deep: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    expect(JSON.stringify(maskValue(deep))).toContain('…');
  });

  test('what says only whether there is one stays', () => {
    expect(maskValue({ password: null, token: true, secret: '' })).toEqual({
      password: null,
      token: true,
      secret: '',
    });
    expect(maskValue(new Uint8Array(4))).toBe('(4 bytes)');
  });
});
