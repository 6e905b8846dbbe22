import { type Cloud, connect } from '@groundcrew/core';
import { simulateCloud, status } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  encryption,
  guardCreate,
  observePlacement,
  type PlacementSnapshot,
  residency,
  schedulerRules,
} from '../../src/placement.ts';

// A request is judged before it is sent, by what Nova, Glance and Keystone say of it.
const simulated = simulateCloud({ seed: 6, release: 'zed', scenario: 'site' });
let cloud: Cloud;
let seen: PlacementSnapshot;
let request: { name: string; flavorRef: string; imageRef: string };
const rules = [...schedulerRules, residency()];

beforeAll(async () => {
  const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
  cloud = connect({ ...connectOptions, clock: simulated.clock });
  const flavors = await Array.fromAsync(cloud.compute.flavors.list());
  const [image] = await Array.fromAsync(cloud.image.images.list());
  const flavor = flavors.toSorted((a, b) => a.ram - b.ram)[0];
  request = { name: 'new', flavorRef: flavor?.id ?? '', imageRef: image?.id ?? '' };
  const snapshot = await observePlacement(cloud);
  seen = {
    ...snapshot,
    locations: snapshot.locations.map((location) => ({
      ...location,
      labels: { ...location.labels, residency: location.zone === 'rack-a' ? 'eu' : 'us' },
    })),
  };
});
afterAll(async () => {
  await cloud.close();
  await simulated.close();
});
const judge = (snapshot: PlacementSnapshot = seen, unknown?: 'admit') =>
  guardCreate(cloud, { snapshot: () => snapshot, rules, unknown });
const eu = () => ({ ...request, metadata: { residency: 'eu' } });

test('what may run anywhere is let pass; what may run in one zone is sent there', async () => {
  expect(await judge()(request)).toEqual({ admitted: true, add: {} });
  expect(await judge()(eu())).toEqual({ admitted: true, add: { availability_zone: 'rack-a' } });
});

test('a zone in which it may not run is refused, with what is nearest', async () => {
  expect(await judge()({ ...eu(), availability_zone: 'rack-b' })).toMatchObject({
    admitted: false,
    refusal: { code: 'audit.no-legal-place' },
  });
  expect(await judge()({ ...eu(), availability_zone: 'rack-a:host' })).toEqual({ admitted: true, add: {} });
});

test('where Nova could choose a wrong host in the right zone, that is said', async () => {
  const [odd] = seen.locations.filter(({ zone, up, enabled }) => zone === 'rack-a' && up && enabled);
  const snapshot = {
    ...seen,
    locations: seen.locations.map((location) =>
      location.host === odd?.host ? { ...location, labels: { residency: 'us' } } : location,
    ),
  };
  expect(await judge(snapshot)(eu())).toMatchObject({
    admitted: false,
    refusal: {
      code: 'audit.place-unknown',
      reason: expect.stringContaining(odd?.host ?? 'rack-a') as string,
    },
  });
  expect(await judge(snapshot, 'admit')(eu())).toEqual({
    admitted: true,
    add: { availability_zone: 'rack-a' },
  });
});

test.each([
  ['a flavor that is not there', { flavorRef: 'nope' }],
  ['an image that is not there', { imageRef: 'nope' }],
  ['no image', { imageRef: '' }],
  ['a group that is not there', { 'os:scheduler_hints': { group: 'nope' } }],
])('%s is unknown: refused, or let pass by policy', async (_, odd) => {
  expect(await judge()({ ...request, ...odd })).toMatchObject({
    admitted: false,
    refusal: { code: 'audit.place-unknown' },
  });
  expect(await judge(seen, 'admit')({ ...request, ...odd })).toMatchObject({ admitted: true });
});

test('with block devices it is not known what is encrypted', async () => {
  const must = guardCreate(cloud, { snapshot: () => seen, rules: [encryption()] });
  const one = { ...request, metadata: { encryption: 'required' } };
  expect(await must({ ...one, block_device_mapping_v2: [{ boot_index: 0 }] })).toMatchObject({
    admitted: false,
    refusal: { code: 'audit.place-unknown' },
  });
});

test('a project whose tags may not be read is not one without labels', async () => {
  const denied = simulated.fault({ match: { method: 'GET', path: /projects\// }, reply: status(403) });
  onTestFinished(() => denied.stop());
  expect(await judge()(request)).toMatchObject({
    admitted: false,
    refusal: { code: 'audit.place-unknown' },
  });
});
