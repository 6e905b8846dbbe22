import type { Host } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { type BoardFault, simulateBmcs, type SimulatedBmcs, virtualClock } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import { commandDriver } from '../../src/fencing/command.ts';
import { fencer } from '../../src/fencing/fencer.ts';
import { ipmiDriver } from '../../src/fencing/ipmi.ts';
import type { PowerDriver } from '../../src/fencing/power-driver.ts';
import type { RedfishBoard } from '../../src/fencing/redfish-client.ts';
import { redfishDriver } from '../../src/fencing/redfish.ts';

interface Rack {
  readonly bmcs: SimulatedBmcs;
  readonly driver: PowerDriver;
  readonly board: RedfishBoard;
}

async function rack(differs: Partial<RedfishBoard> = {}, hosts = ['compute-1']): Promise<Rack> {
  const bmcs = simulateBmcs({ hosts });
  const { url, close } = await bmcs.listen();
  onTestFinished(close);
  const board = { url, username: 'admin', password: 'password', ...differs };
  return { bmcs, board, driver: redfishDriver({ hosts: { 'compute-1': board }, timeout: '1s' }) };
}

test('Redfish: off, on, and no order that changes nothing', async () => {
  const { bmcs, driver } = await rack();
  expect(await driver.read('compute-1')).toEqual({ state: 'on', statement: 'PowerState: On' });
  await driver.off('compute-1');
  await driver.off('compute-1');
  expect(await driver.read('compute-1')).toEqual({ state: 'off', statement: 'PowerState: Off' });
  await driver.on('compute-1');
  expect(bmcs.board('compute-1').orders).toEqual(['ForceOff', 'On']);
});

test('Redfish: of several systems one must be named', async () => {
  const { driver } = await rack({}, ['compute-1', 'compute-2']);
  expect((await driver.read('compute-1')).statement).toContain('its board has 2 systems');
  const named = await rack({ systemId: 'compute-2' }, ['compute-1', 'compute-2']);
  await named.driver.off('compute-1');
  expect([named.bmcs.board('compute-1').power, named.bmcs.board('compute-2').power]).toEqual(['On', 'Off']);
});

test.each<[BoardFault, string]>([
  ['forgets-password', '401'],
  ['garbage', 'JSON'],
  ['mute', 'abort'],
])('Redfish: a board that is %s is unknown, with the reason', async (fault, reason) => {
  const { bmcs, driver } = await rack({ systemId: 'compute-1' });
  bmcs.fault('compute-1', fault);
  const { state, statement } = await driver.read('compute-1');
  expect(state).toBe('unknown');
  expect(statement).toContain(reason);
  expect(statement).not.toContain('password');
  await expect(driver.off('compute-1')).rejects.toMatchObject({ code: 'board', host: 'compute-1' });
});

test('Redfish: a board that is wired to another machine is not believed, and gets no order', async () => {
  const { bmcs, driver } = await rack({ identity: { serialNumber: 'SN000001' } });
  expect((await driver.read('compute-1')).state).toBe('on');
  bmcs.fault('compute-1', 'other-machine');
  expect(await driver.read('compute-1')).toMatchObject({ state: 'unknown' });
  await expect(driver.off('compute-1')).rejects.toThrow('wired to another machine');
  expect(bmcs.board('compute-1').orders).toEqual([]);
});

test('a host without a board; a board that is not there', async () => {
  const { driver } = await rack({ url: 'http://127.0.0.1:1' });
  expect((await driver.read('constructor')).statement).toBe('constructor: no board is configured for it');
  expect(await driver.read('compute-1')).toMatchObject({ state: 'unknown' });
});

test.each<[BoardFault, string]>([
  ['lies', 'fence-not-off'],
  ['off-then-on', 'fence-not-off'],
  ['stuck', 'fence-no-reading'],
])('a board that %s gives no proof', async (fault, code) => {
  const clock = virtualClock();
  const bmcs = simulateBmcs({ hosts: ['compute-1'], clock });
  const { url, close } = await bmcs.listen();
  onTestFinished(close);
  bmcs.fault('compute-1', fault);
  const driver = redfishDriver({ hosts: { 'compute-1': { url, username: 'admin', password: 'password' } } });
  await expect(fencer({ drivers: [driver], clock }).off('compute-1')).rejects.toMatchObject({ code });
  // Healed, the same fencer proves it.
  bmcs.fault('compute-1', undefined);
  await expect(fencer({ drivers: [driver], clock }).off('compute-1')).resolves.toMatchObject({
    method: 'redfish',
  });
});

test('a command: words are words, and only on or off is an answer', async () => {
  const driver = commandDriver({
    via: localHost(),
    status: ['sh', '-c', 'case $1 in *one*) echo OFF;; *) echo maybe;; esac', 'sh', '{host}'],
    off: ['true', '{host}'],
    on: ['false', '{host}'],
  });
  expect(await driver.read('one; rm -rf /')).toEqual({ state: 'off', statement: 'OFF' });
  expect(await driver.read('two')).toEqual({ state: 'unknown', statement: 'maybe' });
  await driver.off('one');
  await expect(driver.on('one')).rejects.toMatchObject({ code: 'command-failed' });
});

/** A host that answers every command with this, and remembers what it was asked. */
function saying(stdout: string): Host & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    name: 'there',
    asked,
    async run(command, options) {
      asked.push(JSON.stringify({ command, ...options }));
      return { host: 'there', command, exitCode: 0, stdout, stderr: '', dropped: 0, durationMs: 1 };
    },
    upload: async () => {},
    download: async () => new Uint8Array(),
  };
}

test.each([
  ['Chassis Power is off\n', 'off'],
  ['Chassis Power is on\n', 'on'],
  ['Chassis Power is off or so\n', 'unknown'],
  ['', 'unknown'],
])('IPMI: %j is %s', async (said, state) => {
  const via = saying(said);
  const driver = ipmiDriver({ via, hosts: { h: { address: '10.1.0.1', username: 'u', password: 'hush' } } });
  expect((await driver.read('h')).state).toBe(state);
  await driver.off('h');
  expect(via.asked[1]).toContain('"chassis","power","off"');
  expect(via.asked.join('')).not.toContain('hush');
});
