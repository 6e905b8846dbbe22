import { type Cloud, connect } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cases, mend, mended, play } from './cases.ts';

const simulated = simulateCloud({ seed: 4, release: 'zed' });
let cloud: Cloud;
beforeAll(async () => {
  const { connectOptions } = await simulated.listen({ port: 0 });
  cloud = connect({ ...connectOptions, clock: simulated.clock });
});
afterAll(async () => {
  await cloud?.close();
  await simulated.close();
});

test.each(cases)('$id: $title', async (scenario) => {
  const { told } = await play(scenario, cloud, `case ${scenario.id}`);
  expect(told).toEqual(scenario.findings);
});

test('the fix is one that Neutron takes: nothing is open, and whom to keep is let in, once', async () => {
  expect(await mend(cloud, 'mend')).toEqual(mended);
});
