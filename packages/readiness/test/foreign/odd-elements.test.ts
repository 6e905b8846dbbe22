// A `null` among the images took all behind it away, and with them the hidden ones, whose list was never read.
import { connect } from '@groundcrew/core';
import { odd, simulateCloud } from '@groundcrew/sim';
import { expect, test } from 'vitest';
import { readInventory } from '@groundcrew/monitoring';

test.each(['image', 'compute', 'network', 'blockStorage'])(
  'one element of %s that does not decode is a gap, and the others are read',
  async (service) => {
    await using simulated = simulateCloud({ scenario: 'unhealthy' });
    const { connectOptions } = await simulated.listen({ speed: 0 });
    await using cloud = connect({ ...connectOptions, clock: simulated.clock });
    await cloud.image.images.create({
      name: 'hidden',
      disk_format: 'raw',
      container_format: 'bare',
      os_hidden: true,
    });
    const whole = await readInventory(cloud);
    const fault = simulated.fault({ match: { service, method: 'GET' }, reply: odd('null-element') });
    const partial = await readInventory(cloud);
    expect(fault.struck).toBeGreaterThan(0);
    const ids = (inventory: typeof whole) =>
      Object.entries(inventory).map(([part, { value }]) => [part, value.map(({ id }: { id: string }) => id)]);
    expect(ids(partial)).toEqual(ids(whole));
    const gaps = Object.values(partial).flatMap((part) => part.gaps);
    expect(gaps.length).toBeGreaterThan(0);
    expect(whole.images.value.map(({ name }) => name)).toContain('hidden');
  },
);
