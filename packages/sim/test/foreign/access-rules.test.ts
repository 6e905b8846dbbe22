import { connect, isHttpError, observeList } from '@groundcrew/core';
import { expect, test } from 'vitest';
import { simulateCloud } from '../../src/index.ts';

// gophercloud 3573; what the lab's Keystone and Neutron (Zed) answer, of services that were told their `service_type`.
test('a credential with access rules may do what they say, and nothing else', async () => {
  await using simulated = simulateCloud();
  const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
  const admin = connect({ ...connectOptions, clock: simulated.clock });
  const user_id = (await admin.token())?.user?.id ?? '';
  const { id, secret } = await admin.identity.applicationCredentials.create({
    user_id,
    name: 'reads networks',
    access_rules: [
      { service: 'network', path: '/v2.0/networks', method: 'GET' },
      { service: 'compute', path: '/v2.1/os-keypairs/{name}', method: 'GET' },
    ],
  });
  const limited = connect({
    auth: {
      auth_url: connectOptions.auth.auth_url,
      application_credential_id: id,
      application_credential_secret: secret,
    },
    clock: simulated.clock,
  });
  expect((await observeList('networks', limited.network.networks.list())).completeness).toBe('complete');
  const status = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 200,
      (error: unknown) => (isHttpError(error) ? error.status : error),
    );
  expect(await status(limited.network.networks.list()[Symbol.asyncIterator]().next())).toBe(200);
  expect(await status(limited.network.networks.create({ name: 'x' }))).toBe(401);
  expect(await status(limited.network.subnets.list()[Symbol.asyncIterator]().next())).toBe(401);
  expect(await status(limited.compute.servers.list()[Symbol.asyncIterator]().next())).toBe(401);
  expect(await status(limited.compute.keypairs.get({ id: 'x' }))).toBe(404);

  // The token is valid to whoever knows of access rules, and none to others.
  const token = (await limited.token())?.value.reveal() ?? '';
  const validate = (more: object) =>
    status(admin.identity.tokens.validate({ subject_token: token, ...more }));
  expect(await validate({})).toBe(404);
  expect(await validate({ access_rules: '1.0' })).toBe(200);
});
