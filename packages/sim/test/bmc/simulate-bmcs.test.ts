import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import {
  type BoardFault,
  simulateBmcs,
  simulateCloud,
  type SimulateBmcsOptions,
  virtualClock,
} from '../../src/index.ts';
import { isHostRunning } from '../../src/services/compute/hosts.ts';

const AUTHORIZATION = `Basic ${btoa('admin:password')}`;

async function rack(options: Partial<SimulateBmcsOptions> = {}) {
  const bmcs = simulateBmcs({ hosts: ['compute-1', 'compute-10'], ...options });
  const listening = await bmcs.listen();
  onTestFinished(() => listening.close());
  const { url } = listening;
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}/redfish/v1${path}`, { headers: { Authorization: AUTHORIZATION }, ...init });
  const state = async (host = 'compute-1'): Promise<unknown> =>
    ((await (await ask(`/Systems/${host}`)).json()) as { PowerState: unknown }).PowerState;
  const reset = async (type: unknown, host = 'compute-1'): Promise<number> => {
    const body = JSON.stringify({ ResetType: type });
    return (await ask(`/Systems/${host}/Actions/ComputerSystem.Reset`, { method: 'POST', body })).status;
  };
  return { bmcs, url, ask, state, reset };
}

test('power takes its time, and the machine follows it, looked at or not', async () => {
  const clock = virtualClock('2026-01-01T00:00:00Z', { mode: 'hand' });
  const seen: string[] = [];
  const { state, reset } = await rack({
    clock,
    delay: 3_000,
    onPower: (host, power) => seen.push(`${host} ${power}`),
  });
  expect(await reset('ForceOff')).toBe(204);
  expect(await state()).toBe('PoweringOff');
  await clock.advance('2s');
  expect(seen).toEqual([]);
  await clock.advance('1s');
  expect(seen).toEqual(['compute-1 Off']);
  expect([await state(), await state('compute-10')]).toEqual(['Off', 'On']);
  await reset('On');
  await clock.advance('3s');
  expect(seen).toEqual(['compute-1 Off', 'compute-1 On']);
});

test.each<[BoardFault, unknown[]]>([
  ['lies', ['On', 'On']],
  ['off-then-on', ['Off', 'On']],
  ['stuck', ['PoweringOff', 'PoweringOff']],
])('a board that %s', async (fault, states) => {
  const clock = virtualClock('2026-01-01T00:00:00Z', { mode: 'hand' });
  const { bmcs, state, reset } = await rack({ clock });
  bmcs.fault('compute-1', fault);
  expect(await reset('ForceOff')).toBe(204);
  const at = await state();
  await clock.advance('10s');
  expect([at, await state()]).toEqual(states);
});

test('a fault is of one board, whatever its name begins with', async () => {
  const { bmcs, ask, state } = await rack();
  bmcs.fault('compute-1', 'forgets-password');
  expect((await ask('/Systems/compute-1')).status).toBe(401);
  expect(await state('compute-10')).toBe('On');
});

test('without an account it says its version, and nothing else', async () => {
  const { ask } = await rack();
  const none = { headers: {} };
  expect((await ask('/', none)).status).toBe(200);
  for (const path of ['/Systems', '/Systems/compute-1', '/Chassis/compute-1', '/SessionService'])
    expect((await ask(path, none)).status).toBe(401);
});

test('a session: opened, used, closed', async () => {
  const { ask } = await rack();
  const login = (Password: string): Promise<Response> =>
    ask('/SessionService/Sessions', {
      method: 'POST',
      headers: {},
      body: JSON.stringify({ UserName: 'admin', Password }),
    });
  expect((await login('wrong')).status).toBe(401);
  const opened = await login('password');
  expect(opened.status).toBe(201);
  const headers = { 'X-Auth-Token': opened.headers.get('x-auth-token') ?? '' };
  const path = (opened.headers.get('location') ?? '').replace('/redfish/v1', '');
  expect((await ask('/Systems', { headers })).status).toBe(200);
  expect((await ask(path, { method: 'DELETE', headers })).status).toBe(204);
  expect((await ask('/Systems', { headers })).status).toBe(401);
});

test('what is no order is refused', async () => {
  const { reset, ask, bmcs } = await rack();
  expect([await reset('Explode'), await reset(undefined), await reset('ForceOff', 'compute-2')]).toEqual([
    400, 400, 404,
  ]);
  expect((await ask('/Systems/compute-1/Actions/ComputerSystem.Reset')).status).toBe(405);
  expect(bmcs.board('compute-1').orders).toEqual([]);
});

test('rubbish, and a client that goes away, end nobody else', async () => {
  const { ask, url, state } = await rack();
  expect((await ask('/Systems/%E0%A4%A')).status).toBe(404);
  expect((await ask('/Systems/constructor')).status).toBe(404);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(
    'POST /redfish/v1/SessionService/Sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc',
  );
  await once(socket, 'ready');
  await state();
  socket.destroy();
  await once(socket, 'close');
  expect(await state()).toBe('On');
});

test('a machine of the simulated cloud dies with its power, and comes back with it', async () => {
  const cloud = simulateCloud({ scenario: 'small' });
  const host = 'compute-2';
  const { reset } = await rack({
    hosts: [host],
    clock: cloud.clock,
    onPower: (name, power) => (power === 'Off' ? cloud.hosts.kill(name) : cloud.hosts.revive(name)),
  });
  const working = (): boolean => isHostRunning(cloud.state, host);
  expect(working()).toBe(true);
  await reset('ForceOff', host);
  expect(working()).toBe(false);
  await reset('On', host);
  expect(working()).toBe(true);
});
