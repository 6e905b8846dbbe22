import { expect, test } from 'vitest';
import { connect } from '../../src/index.ts';
import { TestClock } from '../test-clock.ts';
import { cloudOfRoutes, tokenOf } from './cloud-of-routes.ts';

// gophercloud issue 3573; `_validate_token_access_rules` in `keystone/token/provider.py`.
const services = { network: '@/network/v2.0', identity: '@/identity/v3' };
const failed = {
  status: 404,
  body: { error: { code: 404, message: 'Failed to validate token', title: 'Not Found' } },
};

const restricted = () =>
  cloudOfRoutes(services, ({ method, url, headers }, base) => {
    if (url.startsWith('/network/v2.0/networks')) return { body: { networks: [] } };
    if (!url.startsWith('/identity/v3/auth/tokens') || method === 'POST') return undefined;
    const version = headers['openstack-identity-access-rules'];
    return typeof version === 'string' && Number(version) >= 1 ? { body: tokenOf(base, services) } : failed;
  });

test('a token of an application credential with access rules can be handed in', async () => {
  await using at = await restricted();
  const auth = { auth_url: `${at.base}/identity/v3`, token: 'gAAAA-restricted' };
  const cloud = connect({ env: {}, auth, clock: new TestClock(), retries: 0 });
  expect(await Array.fromAsync(cloud.network.networks.list())).toEqual([]);
});

test('and asked about, by who knows of access rules', async () => {
  await using at = await restricted();
  const { tokens } = at.cloud.identity;
  expect(await tokens.validate({ subject_token: 'gAAAA', access_rules: '1.0' })).toMatchObject({
    user: { id: 'u' },
  });
  await expect(tokens.validate({ subject_token: 'gAAAA' })).rejects.toMatchObject({ status: 404 });
});
