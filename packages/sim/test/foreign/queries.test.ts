import { expect, test } from 'vitest';
import { simulateCloud } from '../../src/index.ts';
import { Client } from '../client.ts';

/*
 * Which query parameters a list refuses, as the lab did: the sweep (`live/sweep.test.ts`) asks every list on both clouds,
 * these are one of each kind.
 */

const NOBODY = '11111111-1111-4111-8111-111111111111';

test('Nova looks at pages from the version on in which a list has them, and has no schema for some', async () => {
  const client = await new Client(simulateCloud()).login();
  const status = async (path: string, version: string) =>
    (await client.nova('GET', path, undefined, version)).status;
  expect([await status('os-keypairs?limit=x', '2.1'), await status('os-keypairs?limit=x', '2.35')]).toEqual([
    200, 400,
  ]);
  expect([
    await status(`os-migrations?marker=${NOBODY}`, '2.58'),
    await status(`os-migrations?marker=${NOBODY}`, '2.59'),
  ]).toEqual([200, 400]);
  expect([
    await status('os-aggregates?bogus=1', '2.93'),
    await status('os-services?bogus=1', '2.93'),
  ]).toEqual([200, 400]);
  expect(await status('flavors?sort_key=bogus', '2.1')).toBe(400);
  expect(await status('flavors?sort_key=name', '2.1')).toBe(200);
});

test('Neutron takes no notice of a marker without a limit, nor of anything where it has no pages', async () => {
  const client = await new Client(simulateCloud()).login();
  const status = async (path: string) => (await client.neutron('GET', path)).status;
  expect([
    await status(`networks?marker=${NOBODY}`),
    await status(`networks?limit=1&marker=${NOBODY}`),
  ]).toEqual([200, 404]);
  // Also where there is nothing to sort.
  expect([await status('trunks?sort_key=bogus'), await status('trunks?sort_key=name')]).toEqual([400, 200]);
  expect([await status('agents?limit=x'), await status('agents?sort_key=bogus')]).toEqual([200, 200]);
  expect([await status('agents?bogus=1'), await status('extensions?bogus=1')]).toEqual([400, 200]);
});

test('Cinder and Placement', async () => {
  const client = await new Client(simulateCloud()).login();
  const cinder = async (path: string, version = '3.70') =>
    (await client.cinder('GET', path, undefined, version)).status;
  expect([await cinder('clusters?bogus=1'), await cinder('messages?bogus=1')]).toEqual([400, 200]);
  expect([await cinder('attachments?limit=x'), await cinder(`attachments?marker=${NOBODY}`)]).toEqual([
    400, 404,
  ]);
  expect([await cinder('groups?sort_key=bogus'), await cinder('groups?sort_key=name')]).toEqual([400, 200]);
  const placement = async (path: string) => (await client.placement('GET', path)).status;
  expect([await placement('usages'), await placement('usages?project_id=x')]).toEqual([400, 200]);
  expect(await placement('allocation_candidates')).toBe(400);
  expect([await placement('resource_classes?bogus=1'), await placement('traits?bogus=1')]).toEqual([
    200, 400,
  ]);
});
