import { describe, expect, test } from 'vitest';
import type { LoadOptions } from '../../src/config/load.ts';
import { authOf, load, prod, refusal, type Machine } from './machine.ts';

// As openstacksdk.test.ts: cases of openstacksdk's own tests, also run through the real OpenStackConfig.get_one.

describe('environment', () => {
  const env = {
    OS_AUTH_URL: 'https://env:5000/v3',
    OS_USERNAME: 'eve',
    OS_PASSWORD: 'env-pa55',
    OS_PROJECT_NAME: 'env-project',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
  };
  const { OS_PROJECT_NAME: _, ...noProject } = env;
  const rows: [string, Machine, LoadOptions, Record<string, unknown>, Record<string, unknown>][] = [
    ['alone', { env }, {}, { name: 'envvars' }, { username: 'eve', password: 'env-pa55' }],
    ['before the only cloud of a file', { ...prod(), env }, {}, { name: 'envvars' }, {}],
    [
      'after OS_CLOUD',
      { ...prod(), env: { ...env, OS_CLOUD: 'prod' } },
      {},
      { name: 'prod' },
      { username: 'ann' },
    ],
    [
      'named in code, before OS_CLOUD',
      { ...prod(), env: { ...env, OS_CLOUD: 'prod' } },
      { cloud: 'envvars' },
      { name: 'envvars' },
      { username: 'eve' },
    ],
    [
      'under a name of its own',
      { env: { ...env, OS_CLOUD_NAME: 'mine' } },
      { cloud: 'mine' },
      { name: 'mine' },
      { username: 'eve' },
    ],
    ['region', { env: { ...env, OS_REGION_NAME: 'west' } }, {}, { region_name: 'west' }, {}],
    ['interface', { env: { ...env, OS_INTERFACE: 'internal' } }, {}, { interface: 'internal' }, {}],
    [
      'endpoint type, as Nova wrote it',
      { env: { ...env, OS_ENDPOINT_TYPE: 'internalURL' } },
      {},
      { interface: 'internal' },
      {},
    ],
    ['tenant', { env: { ...noProject, OS_TENANT_NAME: 't' } }, {}, {}, { project_name: 't' }],
    ['tenant loses', { env: { ...env, OS_TENANT_NAME: 't' } }, {}, {}, { project_name: 'env-project' }],
    ['insecure', { env: { ...env, OS_INSECURE: 'True' } }, {}, { verify: false }, {}],
    ['not insecure', { env: { ...env, OS_INSECURE: 'false' } }, {}, { verify: true }, {}],
    [
      'certificates',
      { env: { ...env, OS_CACERT: '~/ca.pem', OS_CERT: '~/c.pem', OS_KEY: '/k.pem' } },
      {},
      { cacert: '/home/me/ca.pem', cert: '/home/me/c.pem', key: '/k.pem' },
      {},
    ],
    [
      'empty variables',
      { env: { ...env, OS_PROJECT_ID: '', OS_CACERT: '', OS_REGION_NAME: '' } },
      {},
      { cacert: undefined, region_name: undefined },
      { project_name: 'env-project' },
    ],
    [
      'endpoint',
      { env: { ...env, OS_VOLUMEV3_ENDPOINT_OVERRIDE: 'http://cinder/v3' } },
      {},
      { endpoint_override: { 'block-storage': 'http://cinder/v3' } },
      {},
    ],
    [
      'variables of test tools are no cloud',
      { ...prod(), env: { OS_STDOUT_CAPTURE: '1', OS_TEST_TIMEOUT: '5', OS_LOG_CAPTURE: '1' } },
      {},
      { name: 'prod' },
      {},
    ],
    // Where openstacksdk makes a cloud of it, and fails:
    [
      'nor is a variable of anything else',
      { ...prod(), env: { OS_VERSION: '12' } },
      {},
      { name: 'prod' },
      {},
    ],
    [
      'the key of osprofiler is no profile',
      { env: { ...env, OS_PROFILE: 'hmac' } },
      {},
      { name: 'envvars' },
      {},
    ],
    [
      'a region of the code is not held against OS_REGION_NAME',
      { env: { ...env, OS_REGION_NAME: 'west' } },
      { region_name: 'east' },
      { region_name: 'east' },
      {},
    ],
    // As the openstack command does; the library of openstacksdk does not read it here:
    [
      'OS_REGION_NAME chooses beside OS_CLOUD',
      { ...prod({ regions: ['a', 'b'] }), env: { OS_CLOUD: 'prod', OS_REGION_NAME: 'b' } },
      {},
      { region_name: 'b' },
      {},
    ],
    [
      'but not for a cloud named in code',
      { ...prod({ regions: ['a', 'b'] }), env: { OS_REGION_NAME: 'b' } },
      { cloud: 'prod' },
      { region_name: 'a' },
      {},
    ],
  ];
  test.each(rows)('%s', (_name, machine, options, expected, auth) => {
    const entry = load(machine, options);
    expect(entry).toMatchObject(expected);
    expect(authOf(entry)).toMatchObject(auth);
  });

  test('a cloud of the same name', () => {
    const { error } = refusal(() => load({ ...prod(), env: { ...env, OS_CLOUD_NAME: 'prod' } }));
    expect(error.remedy).toContain('OS_CLOUD_NAME');
  });
  test('envvars without any', () => {
    expect(refusal(() => load(prod(), { cloud: 'envvars' })).error.remedy).toContain('none of them is set');
  });
});
