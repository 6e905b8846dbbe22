import { connect } from '@groundcrew/core';
import { expect, test } from 'vitest';
import { simulateCloud } from '../src/index.ts';

test('a host is not forced up before it has deleted what was evacuated', async () => {
  await using simulated = simulateCloud({ scenario: 'small' });
  const { connectOptions } = await simulated.listen();
  await using cloud = connect({ ...connectOptions, clock: simulated.clock });
  const nova = cloud.compute.at('2.74');
  const { id: flavorRef } = await nova.flavors.find('m1.nano');
  const { id: imageRef } = await cloud.image.images.find('cirros');
  const wanted = { name: 'x', flavorRef, imageRef, networks: 'none', host: 'compute-2' } as const;
  const { id } = await nova.servers.create(wanted);
  await nova.servers.waitFor(id, 'ACTIVE');
  const [service] = await Array.fromAsync(nova.services.list({ host: 'compute-2', binary: 'nova-compute' }));
  const host = { id: service?.id ?? '' };
  simulated.hosts.kill('compute-2');
  await nova.services.update({ ...host, forced_down: true });
  await nova.servers.evacuate({ id });
  await simulated.clock.advance('20s');
  await expect(nova.services.update({ ...host, forced_down: false })).rejects.toThrow(
    'Unable to force up host compute-2',
  );
  simulated.hosts.revive('compute-2');
  await expect(nova.services.update({ ...host, forced_down: false })).rejects.toMatchObject({ status: 400 });
  await simulated.clock.advance('5s');
  await expect(nova.services.update({ ...host, forced_down: false })).resolves.toMatchObject({
    forced_down: false,
  });
  const [migration] = await Array.fromAsync(nova.migrations.list({ instance_uuid: id }));
  expect(migration?.status).toBe('completed');
});
