import { type Cloud, connect } from '@groundcrew/core';
import { releases, simulateCloud } from '@groundcrew/sim';
import { detectRelease, observe } from '@groundcrew/upgrade';
import { expect, test } from 'vitest';

// The maxima of each release: openstack/releases, and the services' own histories (nova/api/openstack/compute/rest_api_version_history.rst,
// cinder/api/openstack/rest_api_version_history.rst).
async function told(release: string) {
  const simulated = simulateCloud({ release });
  const cloud: Cloud = connect({
    auth: {
      auth_url: 'http://sim.test/identity/v3',
      username: 'admin',
      password: simulated.state.settings.password,
      project_name: 'admin',
      user_domain_name: 'Default',
      project_domain_name: 'Default',
    },
    region_name: simulated.state.settings.region,
    fetch: async (input, init) => simulated.handle(new Request(input, init)),
    clock: simulated.clock,
  });
  await using closing = cloud;
  return detectRelease((await observe(closing)).value.services);
}

test.each(releases.map(({ name }) => name))('sim and the table of series agree on %s', async (name) => {
  const found = await told(name);
  expect(found).toMatchObject({ verdict: 'uniform', candidates: expect.arrayContaining([name]) });
});
