import { connect } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import { afterAll, expect, test } from 'vitest';
import { cases, play } from './cases.ts';

const simulated = simulateCloud({ seed: 4, release: 'zed' });
afterAll(() => simulated.close());

test.each(cases)('$id: $title', async (one) => {
  const { connectOptions } = await simulated.listen({ port: 0 });
  await using cloud = connect({ ...connectOptions, clock: simulated.clock });
  const { told } = await play(one, cloud, `case ${one.id}`);
  expect(told).toEqual(one.findings);
});
