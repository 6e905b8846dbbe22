import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { hang, odd, type OddAnswer, oddAnswers, simulateCloud } from '../src/index.ts';
import { Client } from './client.ts';

const cloud = simulateCloud();
const client = await new Client(cloud).login();

/** What a list of Neutron's, and one thing of Keystone's, become. */
async function strike(kind: OddAnswer, path: string) {
  const fault = cloud.fault({ match: { method: 'GET' }, reply: odd(kind) });
  try {
    return await client.send('GET', path);
  } finally {
    fault.stop();
  }
}

test.each([
  ['empty', 200, ''],
  ['no-content', 204, ''],
  ['null', 200, 'null'],
  ['empty-object', 200, '{}'],
  ['null-list', 200, '{"networks":null}'],
  ['number-list', 200, '{"networks":5}'],
] as const)('%s', async (kind, status, text) => {
  expect(await strike(kind, '/network/v2.0/networks')).toMatchObject({ status, text });
});

test('elements: null among them, of other types, stripped, of a cell that is down, unruly', async () => {
  const clean = (await client.neutron('GET', 'networks')).body.networks;
  const elements = async (kind: OddAnswer) => (await strike(kind, '/network/v2.0/networks')).body.networks;
  expect(await elements('null-element')).toEqual([null, ...clean]);
  expect((await elements('other-types'))[0]).toMatchObject({
    id: { text: clean[0].id },
    shared: [clean[0].shared],
    subnets: 'text',
  });
  expect(Object.keys((await elements('stripped'))[0])).toEqual(
    expect.arrayContaining(['id', 'name', 'project_id']),
  );
  expect((await elements('stripped'))[0]).not.toHaveProperty('shared');
  expect((await elements('down-cell'))[0]).toMatchObject({ id: clean[0].id, status: 'UNKNOWN' });
  expect((await elements('control-characters'))[0].name).toContain('\u001B[2J');
  expect(await elements('half')).toHaveLength(Math.floor(clean.length / 2));
});

test('a page that leads to itself, in the way of each service', async () => {
  const body = async (path: string) => (await strike('page-loop', path)).body;
  expect((await body('/network/v2.0/networks')).networks_links[0].href).toMatch(/\/networks$/);
  expect((await body('/image/v2/images')).next).toMatch(/\/images$/);
  expect((await body('/identity/v3/projects')).links.next).toMatch(/\/projects$/);
});

test('texts that are none: cut off, HTML, deep, compressed', async () => {
  expect((await strike('cut-off', '/network/v2.0/networks')).body).toBeUndefined();
  expect((await strike('huge-html', '/network/v2.0/networks')).text.length).toBeGreaterThan(200_000);
  expect((await strike('deep', '/network/v2.0/networks')).text).toContain('[[[[[');
  const fault = cloud.fault({ match: {}, reply: odd('bomb') });
  const response = await cloud.handle(
    new Request('http://sim.test/network/v2.0/networks', { headers: { 'X-Auth-Token': client.token } }),
  );
  fault.stop();
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect(bytes.length).toBeLessThan(200_000);
  expect(gunzipSync(bytes)).toHaveLength(128 * 1024 * 1024);
});

test.each(oddAnswers)(
  '%s leaves a refusal as it is, and strikes one thing as well as a list',
  async (kind) => {
    const path = '/identity/v3/projects/no-such';
    const refused = await client.send('GET', path);
    expect(refused.status).toBe(404);
    expect((await strike(kind, path)).text).toBe(refused.text);
    const mine = (await client.send('GET', '/identity/v3/projects')).body.projects[0].id as string;
    const reply = await client.send('GET', `/identity/v3/projects/${mine}`);
    // Half of a list and its next page are things of lists.
    const alike = (await strike(kind, `/identity/v3/projects/${mine}`)).text === reply.text;
    expect(alike).toBe(kind === 'half' || kind === 'page-loop');
  },
);

test('hang: nothing comes until the client gives up', async () => {
  const fault = cloud.fault({ match: { path: '/networks' }, reply: hang() });
  const giveUp = new AbortController();
  const request = new Request('http://sim.test/network/v2.0/networks', {
    headers: { 'X-Auth-Token': client.token },
    signal: giveUp.signal,
  });
  const answer = cloud.handle(request);
  giveUp.abort(new Error('enough'));
  await expect(answer).rejects.toThrow('enough');
  expect(fault.struck).toBe(1);
});
