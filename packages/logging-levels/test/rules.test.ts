// Each rule: a line that breaks it, and one that nearly does. The lines are of public reports, named beside them, but for request
// ids and what a report left out of the line; others are as the service's source writes them, which is named.
import { describe, expect, test } from 'vitest';
import { Judge, osloFormat, RecordReader, rules, specification, talk2014 } from '../src/index.ts';
import type { OsloFormatOptions } from '../src/index.ts';

/** The offences of a file, each as `rule certainty message`. */
function offencesOf(lines: readonly string[], format?: OsloFormatOptions): string[] {
  const reader = new RecordReader(undefined, format === undefined ? undefined : osloFormat(format));
  const judge = new Judge();
  const records = [...lines.map((line) => reader.feed(line)), reader.end()].filter(
    (record) => record !== undefined,
  );
  const offences = [...records.flatMap((record) => judge.judge(record)), ...judge.end()];
  return offences.map(({ rule, certainty, record }) => `${rule} ${certainty} ${record.message.slice(0, 30)}`);
}

const REQUEST = 'req-8fcfa6b3-41f6-4bee-9883-17c69e69766c';
/** A line of hashicorp/packer issue 9977: Nova's own server, with the status of the request. */
const answered = (status: number) =>
  `2020-09-22 06:27:45.766 20945 INFO nova.osapi_compute.wsgi.server [${REQUEST} d7306399300a41378120b6a8887178e7 ef8b4874092945e2985cf60e8a9dadf8 - default default] 10.3.252.171 "GET /v2.1/servers/1691a1cf-c220-468d-b6b1-5ed1e5c6b1e4 HTTP/1.1" status: ${status} len: 527 time: 0.0342519`;

describe('expected-condition-is-error', () => {
  const error = `2020-09-22 06:27:45.700 20945 ERROR nova.api.openstack.compute.servers [${REQUEST} d7306399300a41378120b6a8887178e7 ef8b4874092945e2985cf60e8a9dadf8 - default default] Instance 1691a1cf-c220-468d-b6b1-5ed1e5c6b1e4 could not be found.`;

  test('the status of its request proves it', () => {
    expect(offencesOf([error, answered(404)])).toEqual([
      'expected-condition-is-error sure Instance 1691a1cf-c220-468d-b6',
    ]);
  });
  test('the status of its request refutes it', () => {
    expect(offencesOf([error, answered(500)])).toEqual([]);
    expect(offencesOf([error, answered(503)])).toEqual([]);
  });
  test('without the status it is likely; the status of another request says nothing', () => {
    const likely = ['expected-condition-is-error likely Instance 1691a1cf-c220-468d-b6'];
    expect(offencesOf([error])).toEqual(likely);
    expect(offencesOf([error, answered(404).replace('req-8', 'req-9')])).toEqual(likely);
    expect(offencesOf([error, answered(200)])).toEqual(likely);
  });
  test('a client writes no status into the path', () => {
    const path = answered(500).replace('HTTP/1.1', '\\" status: 404 len: 1 time: 0.1');
    expect(offencesOf([error, path])).toEqual([]);
  });
  test('what Nova answers with 500 is a defect, whatever it could not find', () => {
    // rcbops/rpc-openstack issue 1211: nova-api asked for a port that Neutron had no more.
    const lines = [
      `2016-08-24 16:57:38.700 2188 ERROR nova.api.openstack.extensions [req-eac3c216-7480-4d5f-966d-50b5975916a7 6d871cbec69e4eff897e4f05081a9128 d3d34c3e228740b8bb2f8e99b815393c - - -] Unexpected exception in API method`,
      '2016-08-24 16:57:38.700 2188 ERROR nova.api.openstack.extensions Traceback (most recent call last):',
      '2016-08-24 16:57:38.700 2188 ERROR nova.api.openstack.extensions   File "/openstack/venvs/nova-13.3.1/lib/python2.7/site-packages/nova/api/openstack/extensions.py", line 478, in wrapped',
      '2016-08-24 16:57:38.700 2188 ERROR nova.api.openstack.extensions     return f(*args, **kwargs)',
      '2016-08-24 16:57:38.700 2188 ERROR nova.api.openstack.extensions PortNotFound: Port id 67f35c46-64b4-4c5d-8f1a-5f3c9d9c8f4e could not be found.',
    ];
    expect(offencesOf(lines)).toEqual([]);
  });
  test("Neutron logs what is a client's at info: its errors are its own", () => {
    // neutron/api/v2/resource.py, 21.2.1, line 106: the branch of what has no code of 4xx.
    const line = `2026-11-29 22:03:11.100 19100 ERROR neutron.api.v2.resource [None ${REQUEST} - - - - - -] show failed: No details.: neutron_lib.exceptions.NetworkNotFound: Network x could not be found.`;
    expect(offencesOf([line])).toEqual([]);
  });
  test('Keystone without its keys answers 500', () => {
    // keystone/exception.py: KeysNotFound and ConfigFileNotFound are an UnexpectedError.
    const line =
      '2026-11-29 22:03:11.100 19100 ERROR keystone.server.flask.application [-] No encryption keys found; run keystone-manage fernet_setup to bootstrap one.: keystone.exception.KeysNotFound: No encryption keys found; run keystone-manage fernet_setup to bootstrap one.';
    expect(offencesOf([line])).toEqual([]);
  });
  test('of many requests none is forgotten: what waits longest is likely', () => {
    const many = Array.from({ length: 1200 }, (_, index) =>
      error.replace('17c69e69766c', index.toString(16).padStart(12, '0')),
    );
    expect(offencesOf(many)).toHaveLength(1200);
    expect(offencesOf(Array.from({ length: 50 }, () => error))).toHaveLength(50);
  });
});

describe('traceback-below-error', () => {
  // int32bit/docker-keystone issue 4, as it is there: without date and process.
  const format = {
    context: '%(levelname)s %(name)s [%(request_id)s %(user_identity)s] %(message)s',
    withoutContext: '%(levelname)s %(name)s [-] %(message)s',
    exceptionPrefix: '%(levelname)s %(name)s ',
    userIdentity: '%(user)s %(tenant)s %(domain)s %(user_domain)s %(project_domain)s',
  };
  const lines = [
    'WARNING keystone.middleware.auth [req-1c30ec74-7ef3-4d2b-8982-a6e36b402e58 - - - - -] Invalid token contents.',
    'ERROR keystone.middleware.auth Traceback (most recent call last):',
    'ERROR keystone.middleware.auth   File "/usr/local/lib/python2.7/site-packages/keystonemiddleware/auth_token/__init__.py", line 540, in _do_fetch_token',
    'ERROR keystone.middleware.auth     return data, access.create(body=data, auth_token=token)',
    'ERROR keystone.middleware.auth ValueError: Unrecognized auth response',
  ];
  test('a warning with its exception', () => {
    expect(offencesOf(lines, { ...format, exceptionPrefix: 'ERROR %(name)s ' })).toEqual([
      'traceback-below-error sure Invalid token contents.',
    ]);
  });
  test('a message that is a traceback', () => {
    // examples/log-levels.ts: somebody logs the lines of one by hand.
    const line = '2026-01-01 00:00:03.000 7 INFO nova.compute.manager [-] Traceback (most recent call last):';
    expect(offencesOf([line])).toEqual(['traceback-below-error sure Traceback (most recent call la']);
  });
  test('a traceback in what a command said is likely only', () => {
    // shiftstack/dev-install issue 207: a warning with the stderr of a command in it.
    const quoted = [
      "2023-05-16 09:47:06.112 7 WARNING nova.utils [-] ERROR: Can't run container nova_wait_for_compute_service",
      'stderr: time="2023-05-16T13:37:01Z" level=info msg="podman filtering at log level info"',
      'Traceback (most recent call last):',
      '  File "/container-config-scripts/pyshim.sh", line 5, in <module>',
      'RuntimeError: gave up',
    ];
    const [first] = offencesOf(quoted);
    expect(first ?? 'none').not.toContain('sure');
  });
  test('an error has the level that a traceback wants, and debug is for whoever looks for it', () => {
    const at = '2026-11-29 22:03:11.100 7';
    for (const level of ['ERROR', 'DEBUG']) {
      const record = lines.map((line) => line.replace('WARNING', level)).map((line) => `${at} ${line}`);
      expect(offencesOf(record)).toEqual([]);
    }
  });
});

describe('repeated-notice', () => {
  // gacybercenter/kinetic issue 117.
  const line = (ms: string, option = 'ovn_l3_mode', pid = 16_065) =>
    `2020-11-03 14:46:41.${ms} ${pid} WARNING oslo_config.cfg [-] Deprecated: Option "${option}" from group "ovn" is deprecated for removal (This option is no longer used. Native L3 support in OVN is always used.).  Its value may be silently ignored in the future.`;
  test('the same words twice within a second are of one start', () => {
    expect(offencesOf([line('217'), line('901')])).toEqual([
      'repeated-notice sure Deprecated: Option "ovn_l3_mod',
    ]);
  });
  test('later another process may have the number: every start of a container has the same', () => {
    const later = line('217').replace('14:46', '14:51');
    expect(offencesOf([line('217'), later])).toEqual([
      'repeated-notice likely Deprecated: Option "ovn_l3_mod',
    ]);
  });
  test('two options are two notices, and two processes say it once each', () => {
    const two = offencesOf([line('217'), line('218', 'ovn_sb_connection')]);
    expect(two.filter((offence) => offence.includes(' sure '))).toEqual([]);
    expect(offencesOf([line('217'), line('218', 'ovn_l3_mode', 16_066)])).toEqual([]);
  });
});

describe('critical-and-goes-on', () => {
  // keystonemiddleware/auth_token/__init__.py says so at critical; here by a logger that the catalogue does not know.
  const critical =
    '2026-11-29 22:36:37.050 19032 CRITICAL trove.common.auth [-] Unable to validate token: Failed to fetch token data from identity server';
  const work = (time: string, pid = 19_032) =>
    `2026-11-29 ${time}.050 ${pid} INFO trove.instance.service [-] Listed 3 instances`;
  test('a minute later the same process is at work', () => {
    expect(offencesOf([critical, work('22:37:40')])).toEqual([
      'critical-and-goes-on likely Unable to validate token: Fail',
    ]);
  });
  test('what it says while it dies is none, nor what another process says', () => {
    expect(offencesOf([critical, work('22:36:38')])).toEqual([]);
    expect(offencesOf([critical, work('22:37:40', 19_033)])).toEqual([]);
  });
  test('the hook for uncaught exceptions speaks as the process dies: the next one in the container has its number', () => {
    // The lab's nova-api, ended by hand.
    const hook =
      '2026-11-29 23:40:25.105 7 CRITICAL nova [None req-a55b4bf8-617d-49ae-a798-1746a69ecff9 - - - - - -] Unhandled error: KeyboardInterrupt';
    expect(offencesOf([hook, work('23:45:00', 7)])).toEqual([]);
  });
});

describe('said-at-two-levels', () => {
  // glance_store 4.1.0, _drivers/vmware_datastore.py line 383 and driver.py line 98.
  const error =
    '2026-11-29 22:36:37.050 7 ERROR glance_store._drivers.vmware_datastore [-] vmware_api_retry_count should be greater than zero';
  const warning = (ms: string, text: string) =>
    `2026-11-29 22:36:37.${ms} 7 WARNING glance_store.driver [-] Failed to configure store correctly: Store vmware_datastore could not be configured correctly. Reason: ${text} Disabling add method.`;
  test('the driver says error, and what handles it a warning', () => {
    expect(offencesOf([error, warning('060', 'vmware_api_retry_count should be greater than zero')])).toEqual(
      ['said-at-two-levels likely vmware_api_retry_count should '],
    );
  });
  test('another reason is another event, and so is the same one later', () => {
    expect(
      offencesOf([error, warning('060', 'vmware_task_poll_interval should be greater than zero')]),
    ).toEqual([]);
    const later = warning('060', 'vmware_api_retry_count should be greater than zero').replace(
      '22:36',
      '22:41',
    );
    expect(offencesOf([error, later])).toEqual([]);
  });
  test('an attempt is a warning, and an error when it was the last one', () => {
    const attempt = warning('010', 'vmware_api_retry_count should be greater than zero');
    expect(offencesOf([attempt, error])).toEqual([]);
  });
});

describe('progress-at-info', () => {
  const info = (message: string) => `2026-11-29 22:36:37.050 7 INFO cinder.volume.manager [-] ${message}`;
  test('what starts is likely; what the catalogue knows is sure', () => {
    expect(offencesOf([info('Starting volume driver LabFileDriver (1.0)')])).toEqual([
      'progress-at-info likely Starting volume driver LabFile',
    ]);
    expect(
      offencesOf([info('Initializing RPC dependent components of volume driver LabFileDriver (1.0)')]),
    ).toEqual(['progress-at-info sure Initializing RPC dependent com']);
  });
  test('what is done is none', () => {
    expect(offencesOf([info('Driver post RPC initialization completed successfully.')])).toEqual([]);
  });
});

describe('rules that need the catalogue', () => {
  const line = (level: string, logger: string, message: string) =>
    `2026-11-29 22:36:37.050 7 ${level} ${logger} [-] ${message}`;
  test.each([
    // openstack-k8s-operators/ci-framework pull request 2273.
    [
      'normal-at-warning',
      'keystone.common.password_hashing',
      'Truncating password to algorithm specific maximum length 72 characters.',
    ],
    [
      'developers-hint-above-debug',
      'neutron.quota.resource_registry',
      'security_group_rule is already registered',
    ],
    [
      'api-deprecation-above-debug',
      'cinder.api.contrib.hosts',
      'Deprecated: The Host API is deprecated and will be be removed in a future version.',
    ],
  ])('%s', (rule, logger, message) => {
    expect(offencesOf([line('WARNING', logger, message)])).toEqual([`${rule} sure ${message.slice(0, 30)}`]);
  });
  test.each([
    // One that was really cut is for whoever sets passwords.
    ['keystone.common.password_hashing', 'Truncating user password to 72 characters.'],
    // gacybercenter/kinetic issue 117: an operator's option.
    [
      'keystonemiddleware.auth_token',
      'AuthToken middleware is set with keystone_authtoken.service_token_roles_required set to False.',
    ],
  ])('%s: %s is for the administrator', (logger, message) => {
    expect(offencesOf([line('WARNING', logger, message)])).toEqual([]);
  });
  test('Keystone in public logs: an expired token, which the service that asked is answered with 404', () => {
    // openstack-k8s-operators/ci-framework pull request 2273.
    const lines = [
      '2024-09-30 03:08:30.220 25 ERROR keystone.server.flask.application [None req-c448b5b3-b3ce-4250-99ad-570893324061 5c1ede2cb3414622bac771e4a239eedb 35bfbdb6506b479e9f35ffbdc1cbf329 - - default default] Failed to validate token: keystone.exception.TokenNotFound: Failed to validate token',
      '2024-09-30 03:08:30.220 25 ERROR keystone.server.flask.application Traceback (most recent call last):',
    ];
    expect(offencesOf(lines.slice(0, 1))).toEqual([
      'expected-condition-is-error sure Failed to validate token: keys',
    ]);
  });
});

describe('secret-in-log', () => {
  const line = (message: string) => `2026-11-29 22:36:37.050 7 DEBUG keystoneauth.session [-] ${message}`;
  test('a token is one; its hash, as keystoneauth logs it, is none', () => {
    expect(offencesOf([line('X-Auth-Token: gAAAAABl0a1bcdefghijklmnopqrstuvwxyz0123456789')])).toHaveLength(
      1,
    );
    // rcbops/rpc-openstack issue 1211.
    const hashed =
      'REQ: curl -g -i -X GET http://172.29.236.100:9696/v2.0/ports.json -H "X-Auth-Token: {SHA1}98a9246aab1074c66b7ca536523302ecb79f3037"';
    expect(offencesOf([line(hashed)])).toEqual([]);
  });
  test.each([
    // openstack-k8s-operators/ci-framework pull request 2273, and keystonemiddleware/auth_token/__init__.py.
    'Failed to validate token: keystone.exception.TokenNotFound: Failed to validate token',
    'Unable to validate token: Failed to fetch token data from identity server',
    // keystoneauth1/discover.py
    'Could not fetch auth token: https://keystone.example/v3/auth/tokens',
  ])('words after the name of a secret are none: %s', (message) => {
    expect(offencesOf([line(message)])).toEqual([]);
  });
  test('an id after the name of one is likely only', () => {
    // The lab's Keystone, asked for a credential that it does not have.
    const [offence] = offencesOf([
      line(
        'Could not find credential: 11111111-1111-4111-8111-111111111111.: keystone.exception.CredentialNotFound: x',
      ),
    ]);
    expect(offence).toContain('secret-in-log likely');
  });
  test('a secret in the source of a traceback is found; the name of a variable is none', () => {
    // int32bit/docker-keystone issue 4.
    const source = (code: string) =>
      offencesOf([
        line('x'),
        'Traceback (most recent call last):',
        '  File "/usr/local/lib/python2.7/site-packages/keystonemiddleware/auth_token/__init__.py", line 540, in _do_fetch_token',
        `    return data, access.create(body=data, ${code})`,
        'ValueError: Unrecognized auth response',
      ]).filter((offence) => offence.startsWith('secret'));
    expect(source('auth_token=token')).toEqual([]);
    // keystone/api/credentials.py
    expect(source('credential = PROVIDERS.credential_api.get_credential(credential_id)')).toEqual([]);
    expect(source("password='c4n4ry99'")).toHaveLength(1);
  });
});

test('every rule has its sources, each with what it says, and what makes it sure', () => {
  for (const [id, rule] of Object.entries(rules)) {
    expect(rule.id).toBe(id);
    for (const text of [rule.title, rule.because, rule.remedy, rule.toBeSure]) expect(text, id).toMatch(/\w/);
    // Whoever shows one source shows the one that says it plainest.
    expect(rule.source, id).toBe(rule.sources[0]);
    for (const { name, url, says } of rule.sources) {
      expect(name, id).toMatch(/\w/);
      // The talk is in no place that a link leads to: what it says stands here.
      expect(url ?? says, id).toMatch(/\w/);
    }
    const names = rule.sources.map(({ name }) => name);
    expect(new Set(names).size, id).toBe(names.length);
  }
  expect(talk2014.map(({ id }) => id)).toEqual([
    'expected-condition-is-error',
    'secret-in-log',
    'critical-and-goes-on',
    'said-at-two-levels',
    'normal-at-warning',
    'developers-hint-above-debug',
  ]);
  // It says nothing of how often, in which tense, and with which traceback.
  expect(specification.filter((rule) => !talk2014.includes(rule)).map(({ id }) => id)).toEqual([
    'traceback-below-error',
    'repeated-notice',
    'progress-at-info',
    'api-deprecation-above-debug',
  ]);
});
