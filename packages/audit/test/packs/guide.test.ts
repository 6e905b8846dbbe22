import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { localHost } from '@groundcrew/runbook/hosts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  allPacks,
  type FileFacts,
  type GuideFacts,
  type GuideService,
  judgeGuide,
  readGuideFacts,
  securityGuide,
} from '../../src/packs.ts';
import { layout } from '../../src/packs/guide/layout.ts';
import { booleanOf, optionOf, parseOsloConfig } from '../../src/packs/guide/oslo-config.ts';
import { passwordRegex, settingOf } from '../../src/packs/guide/django-settings.ts';

describe('the list', () => {
  test('the Guide has 55 checks, each once, numbered without holes', () => {
    expect(securityGuide).toHaveLength(55);
    const count = (prefix: string) =>
      securityGuide.filter(({ id }) => id.startsWith(`Check-${prefix}-`)).length;
    expect(
      ['Identity', 'Dashboard', 'Compute', 'Block', 'Image', 'Neutron', 'Key-Manager', 'Shared'].map(count),
    ).toEqual([8, 11, 5, 9, 5, 5, 4, 8]);
    expect(new Set(securityGuide.map(({ id }) => id)).size).toBe(55);
  });
  test('what files prove is judged, what the API proves is not; policies that are named exist', () => {
    for (const { id, provableBy, judge } of securityGuide)
      expect(judge === undefined, id).toBe(provableBy === 'api');
    const ours = new Set(allPacks.map(({ id }) => id));
    for (const id of securityGuide.flatMap(({ policies = [] }) => policies)) expect(ours).toContain(id);
    const guide = new Set(securityGuide.map(({ id }) => id));
    for (const id of allPacks.flatMap(({ frameworks }) => frameworks['security-guide'] ?? []))
      expect(guide).toContain(id);
  });
});

describe('files of oslo.config', () => {
  const config = parseOsloConfig(`stray = lost
[DEFAULT]
# debug = true
debug=false
transport: rabbit://u:p@h=1
driver = one
driver = two
long = a,
  b,
	c
quoted = "x # y"

 = nameless
[ a section ]
empty =
[DEFAULT]
debug = true
novalue
`);
  test.each([
    ['DEFAULT', 'debug', 'true'],
    ['DEFAULT', 'transport', 'rabbit://u:p@h=1'],
    ['DEFAULT', 'driver', 'two'],
    ['DEFAULT', 'long', 'a, b, c'],
    ['DEFAULT', 'quoted', 'x # y'],
    [' a section ', 'empty', ''],
    ['DEFAULT', 'stray', undefined],
    ['DEFAULT', 'novalue', undefined],
    ['nowhere', 'x', undefined],
  ])('[%s] %s is %s', (section, name, value) => {
    expect(optionOf(config, section, name)).toBe(value);
  });
  test('an option that is there twice has both', () => {
    expect(config.get('DEFAULT')?.get('driver')).toEqual(['one', 'two']);
  });
  test.each([
    ['True', true],
    ['on', true],
    ['0', false],
    ['No', false],
    ['perhaps', undefined],
    ['', undefined],
  ])('%s is %s', (text, truth) => {
    expect(booleanOf(text)).toBe(truth);
  });
  test.each(['', '\n\n', '[', ']', '[]', '=', ':', '  lost', '\u0000', '[a]\r\nb=c\r\n'])(
    '%j is read without a fuss',
    (text) => {
      expect(() => parseOsloConfig(text)).not.toThrow();
    },
  );
});

test("settings of Horizon: the last at a line's beginning counts, and comments do not", () => {
  const text = `CSRF_COOKIE_SECURE = False
#SESSION_COOKIE_SECURE = True
if True:
    SESSION_COOKIE_HTTPONLY = False
CSRF_COOKIE_SECURE = True  # behind TLS
HORIZON_CONFIG["disable_password_reveal"] = True
ENFORCE_PASSWORD_CHECK == True
`;
  expect(settingOf(text, 'CSRF_COOKIE_SECURE')).toBe('True');
  expect(settingOf(text, 'SESSION_COOKIE_SECURE')).toBeUndefined();
  expect(settingOf(text, 'SESSION_COOKIE_HTTPONLY')).toBeUndefined();
  expect(settingOf(text, 'DISABLE_PASSWORD_REVEAL')).toBe('True');
  expect(settingOf(text, 'ENFORCE_PASSWORD_CHECK')).toBeUndefined();
  expect(passwordRegex(`HORIZON_CONFIG["password_validator"] = {\n  "regex": '^.{12,}$',\n}`)).toBe(
    '^.{12,}$',
  );
  expect(passwordRegex(`# HORIZON_CONFIG["password_validator"] = {\n#  "regex": '.*',\n`)).toBeUndefined();
});

/** A service's files: texts, by name; all of one owner and mode, in a directory of one mode. */
const facts = (
  service: GuideService,
  texts: Readonly<Record<string, string>>,
  { user = 'root', group = 'nova', mode = 0o640, directory = 0o755 } = {},
): GuideFacts => {
  const file = (path: string, bits: number, text?: string): FileFacts => ({
    path,
    state: 'there',
    owner: { user, group, mode: bits },
    text,
  });
  return new Map([
    [
      service,
      {
        service,
        host: 'h',
        directory: file('/etc/x', directory),
        files: new Map<string, FileFacts>([
          ...layout[service].files.map((name) => [name, { path: name, state: 'missing' }] as const),
          ...Object.entries(texts).map(([name, text]) => [name, file(`/etc/x/${name}`, mode, text)] as const),
        ]),
      },
    ],
  ]);
};
const verdictOf = (id: string, known: GuideFacts) =>
  judgeGuide(known).find((entry) => entry.id === id)?.verdict;
const TLS = '[keystone_authtoken]\nwww_authenticate_uri = https://k:5000\n';

describe('options', () => {
  test.each<[string, GuideService, string, string, 'pass' | 'fail' | 'unknown']>([
    ['Check-Identity-05', 'identity', 'keystone.conf', '', 'pass'],
    [
      'Check-Identity-05',
      'identity',
      'keystone.conf',
      '[oslo_middleware]\nmax_request_body_size = many',
      'fail',
    ],
    ['Check-Identity-06', 'identity', 'keystone.conf', '', 'pass'],
    ['Check-Identity-06', 'identity', 'keystone.conf', '[DEFAULT]\nadmin_token = ADMIN', 'fail'],
    ['Check-Identity-07', 'identity', 'keystone.conf', '[DEFAULT]\ninsecure_debug = on', 'fail'],
    ['Check-Identity-07', 'identity', 'keystone.conf', '[DEFAULT]\ninsecure_debug = perhaps', 'unknown'],
    ['Check-Identity-08', 'identity', 'keystone.conf', '', 'pass'],
    ['Check-Identity-08', 'identity', 'keystone.conf', '[token]\nprovider = uuid', 'fail'],
    ['Check-Compute-03', 'compute', 'nova.conf', '', 'pass'],
    ['Check-Compute-03', 'compute', 'nova.conf', '[api]\nauth_strategy = noauth2', 'fail'],
    ['Check-Compute-04', 'compute', 'nova.conf', TLS, 'pass'],
    ['Check-Compute-04', 'compute', 'nova.conf', `${TLS}insecure = True`, 'fail'],
    ['Check-Compute-04', 'compute', 'nova.conf', '', 'fail'],
    [
      'Check-Compute-04',
      'compute',
      'nova.conf',
      '[keystone_authtoken]\nwww_authenticate_uri = $base',
      'unknown',
    ],
    ['Check-Compute-05', 'compute', 'nova.conf', '', 'unknown'],
    ['Check-Compute-05', 'compute', 'nova.conf', '[glance]\napi_servers = https://a,http://b', 'fail'],
    ['Check-Compute-05', 'compute', 'nova.conf', '[glance]\napi_servers = https://a, https://b', 'pass'],
    ['Check-Compute-05', 'compute', 'nova.conf', '[glance]\ninsecure = 1', 'fail'],
    ['Check-Block-05', 'block-storage', 'cinder.conf', '', 'pass'],
    ['Check-Block-05', 'block-storage', 'cinder.conf', '[nova]\ninsecure = yes', 'fail'],
    ['Check-Block-07', 'block-storage', 'cinder.conf', '', 'pass'],
    ['Check-Block-07', 'block-storage', 'cinder.conf', '[nfs]\nnas_secure_file_operations = False', 'fail'],
    [
      'Check-Block-08',
      'block-storage',
      'cinder.conf',
      '[oslo_middleware]\nmax_request_body_size = 9999999',
      'fail',
    ],
    [
      'Check-Image-03',
      'image',
      'glance-api.conf',
      '[paste_deploy]\nflavor = keystone+cachemanagement',
      'pass',
    ],
    ['Check-Image-03', 'image', 'glance-api.conf', '[paste_deploy]\nflavor = caching', 'fail'],
    ['Check-Image-03', 'image', 'glance-api.conf', '', 'unknown'],
    ['Check-Neutron-05', 'network', 'neutron.conf', '', 'fail'],
    ['Check-Neutron-05', 'network', 'neutron.conf', '[DEFAULT]\nuse_ssl = true', 'pass'],
    [
      'Check-Key-Manager-03',
      'key-manager',
      'barbican-api-paste.ini',
      '[pipeline:barbican-api-keystone]\npipeline = cors authtoken context app',
      'pass',
    ],
    [
      'Check-Key-Manager-03',
      'key-manager',
      'barbican-api-paste.ini',
      '[pipeline:barbican-api-keystone]\npipeline = cors context app',
      'fail',
    ],
    ['Check-Key-Manager-03', 'key-manager', 'barbican-api-paste.ini', '', 'unknown'],
    [
      'Check-Shared-06',
      'shared-file-system',
      'manila.conf',
      '[DEFAULT]\nneutron_api_insecure = true',
      'fail',
    ],
    ['Check-Dashboard-03', 'dashboard', 'local_settings.py', '', 'pass'],
    ['Check-Dashboard-04', 'dashboard', 'local_settings.py', '', 'fail'],
    ['Check-Dashboard-04', 'dashboard', 'local_settings.py', 'CSRF_COOKIE_SECURE = True', 'pass'],
    [
      'Check-Dashboard-07',
      'dashboard',
      'local_settings.py',
      'HORIZON_CONFIG["password_autocomplete"] = "on"',
      'fail',
    ],
    [
      'Check-Dashboard-10',
      'dashboard',
      'local_settings.py',
      `HORIZON_CONFIG["password_validator"] = {"regex": '.*'}`,
      'fail',
    ],
    [
      'Check-Dashboard-11',
      'dashboard',
      'local_settings.py',
      "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')",
      'pass',
    ],
  ])('%s of %s: %s with %j is %s', (id, service, file, text, verdict) => {
    expect(verdictOf(id, facts(service, { [file]: text }))).toBe(verdict);
  });

  test('an admin token that the pipeline asks for fails, though none is set; its value is never told', () => {
    const paste = '[filter:admin_token_auth]\nuse = egg:keystone#admin_token_auth';
    expect(
      verdictOf('Check-Identity-06', facts('identity', { 'keystone.conf': '', 'keystone-paste.ini': paste })),
    ).toBe('fail');
    const told = judgeGuide(facts('identity', { 'keystone.conf': '[DEFAULT]\nadmin_token = hunter2' }));
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });

  test('a check of two services is unknown as long as one is', () => {
    const cinder = facts('block-storage', { 'cinder.conf': '[key_manager]\nbackend = barbican' });
    const nova = (text: string) => facts('compute', { 'nova.conf': text });
    expect(verdictOf('Check-Block-09', cinder)).toBe('unknown');
    expect(verdictOf('Check-Block-09', new Map([...cinder, ...nova('')]))).toBe('fail');
    expect(
      verdictOf('Check-Block-09', new Map([...cinder, ...nova('[key_manager]\nbackend = barbican')])),
    ).toBe('pass');
  });
});

describe('ownership and permissions', () => {
  const nova = (parts: Parameters<typeof facts>[2]) => facts('compute', { 'nova.conf': '' }, parts);
  test.each<[Parameters<typeof facts>[2], 'pass' | 'fail']>([
    [{}, 'pass'],
    [{ user: 'nova' }, 'fail'],
    [{ group: 'root' }, 'fail'],
  ])('owned: %j is %s', (parts, verdict) => {
    expect(verdictOf('Check-Compute-01', nova(parts))).toBe(verdict);
  });
  test.each<[Parameters<typeof facts>[2], 'pass' | 'fail']>([
    [{ mode: 0o640 }, 'pass'],
    [{ mode: 0o400 }, 'pass'],
    [{ mode: 0o644 }, 'fail'],
    [{ mode: 0o660 }, 'fail'],
    [{ mode: 0o644, directory: 0o750 }, 'pass'],
    [{ mode: 0o644, directory: 0o770 }, 'fail'],
  ])('strict: %j is %s', (parts, verdict) => {
    expect(verdictOf('Check-Compute-02', nova(parts))).toBe(verdict);
  });
});

test('nothing read is nothing passed: 55 unknowns', () => {
  const told = judgeGuide(new Map());
  expect(told).toHaveLength(55);
  expect(new Set(told.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));
});

describe('reading a host', () => {
  let etc = '';
  beforeAll(async () => {
    etc = await mkdtemp(join(tmpdir(), 'groundcrew-guide-'));
    await mkdir(join(etc, 'nova'));
    await writeFile(join(etc, 'nova/nova.conf'), TLS);
    await chmod(join(etc, 'nova/nova.conf'), 0o644);
    // A directory in the place of a file: there, but cat cannot read it.
    await mkdir(join(etc, 'cinder/cinder.conf'), { recursive: true });
    await mkdir(join(etc, 'manila'));
  });
  afterAll(() => rm(etc, { recursive: true, force: true }));

  test('what is there is known, what is not is missing, and what cannot be read has a reason', async () => {
    const known = await readGuideFacts(localHost(), { etc: `${etc}/` });
    const nova = known.get('compute');
    expect(nova?.files.get('nova.conf')).toMatchObject({
      state: 'there',
      owner: { user: userInfo().username, mode: 0o644 },
      text: TLS,
    });
    expect(nova?.files.get('policy.yaml')?.state).toBe('missing');
    expect(known.get('identity')?.directory.state).toBe('missing');
    expect(known.get('block-storage')?.files.get('cinder.conf')?.why).toMatch(/cat/);

    const verdicts = Object.fromEntries(judgeGuide(known).map(({ id, verdict }) => [id, verdict]));
    expect(verdicts).toMatchObject({
      'Check-Compute-02': 'fail',
      'Check-Compute-04': 'pass',
      'Check-Block-05': 'unknown',
      'Check-Identity-01': 'unknown',
      'Check-Identity-06': 'unknown',
      // A directory without a file is no service.
      'Check-Shared-01': 'unknown',
      'Check-Shared-02': 'unknown',
    });
  });

  test('a host that cannot be reached leaves nothing but unknowns', async () => {
    const host = { ...localHost(), name: 'gone', run: () => Promise.reject(new Error('no route to host')) };
    const told = judgeGuide(await readGuideFacts(host, { etc }));
    expect(new Set(told.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));
    expect(told[0]?.because[0]?.statement).toContain('no route to host');
  });

  test('whoever aborts is not told unknowns', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(readGuideFacts(localHost(), { etc, signal })).rejects.toThrow('enough');
  });
});
