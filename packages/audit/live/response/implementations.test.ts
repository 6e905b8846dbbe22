import type { Cloud } from '@groundcrew/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { played, roundTrips } from '../../test/response/round-trips.ts';
import { labCloud } from '../lab-cloud.ts';

// Every response on real services, as on the simulated cloud: done, seen, undone, and as it was.
let cloud: Cloud;
beforeAll(async () => {
  cloud = await labCloud();
}, 1_800_000);
afterAll(async () => {
  for await (const { id } of cloud.network.securityGroups.list({ name: 'groundcrew-quarantine' }))
    await cloud.network.securityGroups.delete({ id });
  await cloud.close();
});

test.each(roundTrips)('$title', async (trip) => {
  expect(await played(trip, cloud)).toEqual(trip.during);
});
