import type { Cloud } from '@groundcrew/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forward, forwarded } from '../../test/security-groups/forward.ts';
import { take, taken } from '../../test/security-groups/take.ts';
import { cases, mend, mended, play } from '../../test/security-groups/cases.ts';
import { labCloud } from '../lab-cloud.ts';

// The same cases as on the simulated cloud, on real Neutron.
let cloud: Cloud;
beforeAll(async () => {
  cloud = await labCloud();
}, 1_800_000);
afterAll(() => cloud?.close());

test.each(cases)('$id: $title', async (scenario) => {
  const { told } = await play(scenario, cloud, `case-${scenario.id}-${process.pid}`);
  expect(told).toEqual(scenario.findings);
});

test('what is forwarded comes through, and nothing else', async () => {
  expect(await forward(cloud, `forward-${process.pid}`)).toEqual(forwarded);
});

test('what leads to a virtual address leads to who may take it', async () => {
  expect(await take(cloud, `take-${process.pid}`)).toEqual(taken);
});

test('the fix is one that Neutron takes: nothing is open, and whom to keep is let in, once', async () => {
  expect(await mend(cloud, `mend-${process.pid}`)).toEqual(mended);
});
