import { expect, test } from 'vitest';
import { simulateCloud } from '../src/index.ts';
import { Client, parts } from './client.ts';

/*
 * A cell that does not answer, as the lab told it when a cell was mapped to a port on which nobody listens. What both
 * clouds say of it is in `live/down-cell.test.ts`.
 */

async function site() {
  const cloud = simulateCloud();
  const client = await new Client(cloud).login('demo');
  const admin = await new Client(cloud).login();
  const { flavor, image, network } = await parts(client);
  const ids: string[] = [];
  for (const host of ['compute-1', 'compute-2']) {
    const { body } = await admin.nova('POST', 'servers', {
      server: {
        name: `on-${host}`,
        flavorRef: flavor,
        imageRef: image,
        networks: [{ uuid: network }],
        availability_zone: `nova:${host}`,
      },
    });
    ids.push(body.server.id);
  }
  await cloud.clock.advance('1m');
  cloud.cells.lose('compute-2');
  return { cloud, admin, up: ids[0] ?? '', down: ids[1] ?? '', flavor, image };
}

const sorted = (value: object) => Object.keys(value).toSorted();

test('its servers are told with a few keys from 2.69 on, and left out before or of a list with a filter', async () => {
  const { admin, down, up } = await site();
  const list = async (query: string, version: string) =>
    (await admin.nova('GET', `servers${query}`, undefined, version)).body.servers as { id: string }[];
  expect((await list('', '2.68')).map(({ id }) => id)).toEqual([up]);
  const [first, second] = await list('', '2.69');
  expect([first?.id, second?.id]).toEqual([down, up]);
  expect(sorted(first ?? {})).toEqual(['id', 'links', 'status']);
  const [detail] = await list('/detail', '2.69');
  expect(detail).toMatchObject({ id: down, status: 'UNKNOWN' });
  expect(sorted(detail ?? {})).toEqual(['created', 'id', 'links', 'status', 'tenant_id']);
  for (const query of ['?name=on', '?status=ACTIVE', '?limit=5', '?sort_key=uuid', '/detail?host=compute-2'])
    expect((await list(query, '2.69')).map(({ id }) => id)).not.toContain(down);
  // What Nova does not know as a filter is none.
  expect((await list('?bogus=1', '2.69')).map(({ id }) => id)).toContain(down);
});

test('one is shown by its id from 2.69 on; nothing else may be asked of it', async () => {
  const { cloud, admin, down, up } = await site();
  expect((await admin.nova('GET', `servers/${down}`, undefined, '2.68')).status).toBe(500);
  const { server } = (await admin.nova('GET', `servers/${down}`, undefined, '2.69')).body;
  expect(server).toMatchObject({
    status: 'UNKNOWN',
    flavor: { original_name: 'm1.tiny' },
    'OS-EXT-AZ:availability_zone': 'nova',
    'OS-EXT-STS:power_state': 0,
  });
  expect(server).not.toHaveProperty('server_groups');
  expect((await admin.nova('GET', `servers/${down}`, undefined, '2.71')).body.server.server_groups).toEqual(
    [],
  );
  for (const [method, path, body] of [
    ['PUT', '', { server: { name: 'x' } }],
    ['DELETE', '', undefined],
    ['GET', '/metadata', undefined],
    ['GET', '/os-interface', undefined],
    ['POST', '/action', { 'os-stop': null }],
  ] as const)
    expect((await admin.nova(method, `servers/${down}${path}`, body)).status).toBe(500);
  expect((await admin.nova('GET', `servers/${up}`)).body.server.status).toBe('ACTIVE');
  cloud.cells.regain();
  expect((await admin.nova('GET', `servers/${down}`)).body.server.status).toBe('ACTIVE');
});

test('its hosts are unknown from 2.69 on; hypervisors and usage fail; no server is put there', async () => {
  const { cloud, admin, flavor, image } = await site();
  const services = async (version: string, query = '') =>
    (await admin.nova('GET', `os-services${query}`, undefined, version)).body.services as { host: string }[];
  expect((await services('2.68')).map(({ host }) => host)).not.toContain('compute-2');
  expect(await services('2.69', '?host=compute-2')).toEqual([
    { binary: 'nova-compute', host: 'compute-2', status: 'UNKNOWN' },
  ]);
  for (const path of ['os-hypervisors', 'os-hypervisors/detail', 'os-simple-tenant-usage'])
    expect((await admin.nova('GET', path)).status).toBe(500);
  expect((await admin.nova('GET', 'os-availability-zone/detail')).text).not.toContain('compute-2');
  const { body } = await admin.nova('POST', 'servers', {
    server: {
      name: 's',
      flavorRef: flavor,
      imageRef: image,
      networks: 'none',
      availability_zone: 'nova:compute-2',
    },
  });
  await cloud.clock.advance('1m');
  expect((await admin.nova('GET', `servers/${body.server.id}`)).body.server.status).toBe('ERROR');
});
