import { createServer } from 'node:http';
import type { Host } from '@groundcrew/runbook';
import { virtualClock } from '@groundcrew/sim';
import { describe, expect, onTestFinished, test } from 'vitest';
import { commandDriver } from '../../src/fencing/command.ts';
import { fencer, isFresh } from '../../src/fencing/fencer.ts';
import { ipmiDriver } from '../../src/fencing/ipmi.ts';
import type { PowerDriver, PowerState } from '../../src/fencing/power-driver.ts';
import { redfishDriver } from '../../src/fencing/redfish.ts';

// What a board does not say is never `off`: a proof made of it starts every server of the machine a second time.

/** A machine on which commands answer so; `Error`: they fail. */
const machine = (answers: Readonly<Record<string, string | Error>>): Host & { readonly asked: string[] } => {
  const asked: string[] = [];
  return {
    name: 'there',
    asked,
    async run(command) {
      const words = command.join(' ');
      asked.push(words);
      const [, said = ''] = Object.entries(answers).find(([part]) => words.includes(part)) ?? [];
      if (said instanceof Error) throw said;
      return { host: 'there', command, exitCode: 0, stdout: said, stderr: '', dropped: 0, durationMs: 1 };
    },
    upload: async () => {},
    download: async () => new Uint8Array(),
  };
};
const ipmi = (answers: Readonly<Record<string, string | Error>>, guid?: string) => {
  const via = machine(answers);
  const board = { address: '10.1.0.1', username: 'u', password: 'p', ...(guid !== undefined && { guid }) };
  return { via, driver: ipmiDriver({ via, hosts: { h: board } }) };
};
const offline = new Error('Unable to establish IPMI v2 / RMCP+ session');

describe('IPMI', () => {
  test('a board that cannot be asked is unknown', async () => {
    const { driver } = ipmi({ status: offline });
    expect(await driver.read('h')).toEqual({
      state: 'unknown',
      statement: expect.stringContaining('Unable'),
    });
  });

  test('a board of another machine is unknown, and gets no order', async () => {
    const other = 'System GUID  : 2222-22\nTimestamp : 1';
    const { driver, via } = ipmi({ 'mc guid': other, 'power status': 'Chassis Power is off' }, '1111-11');
    expect(await driver.read('h')).toMatchObject({ state: 'unknown' });
    await expect(driver.off('h')).rejects.toThrow('the board is of another machine');
    expect(via.asked.join()).not.toContain('chassis');
  });

  test('a board that does not tell which machine it is of is unknown', async () => {
    const { driver } = ipmi({ 'mc guid': '', 'power status': 'Chassis Power is off' }, '1111-11');
    expect(await driver.read('h')).toMatchObject({ state: 'unknown' });
  });

  test('the board of the machine is believed, however its GUID is written', async () => {
    const mine = 'System GUID  : ABCD-EF01\n';
    const { driver } = ipmi({ 'mc guid': mine, 'power status': 'Chassis Power is off' }, 'abcdef01');
    expect(await driver.read('h')).toMatchObject({ state: 'off' });
  });

  test('an order that could not be given has failed; one that changes nothing has not', async () => {
    await expect(ipmi({ 'power off': offline }).driver.off('h')).rejects.toThrow('Unable');
    const already = new Error(
      'Set Chassis Power Control to Down/Off failed: Command not supported in present state',
    );
    await expect(ipmi({ 'power off': already }).driver.off('h')).resolves.toBe(undefined);
  });
});

describe('a command', () => {
  const driver = (answers: Readonly<Record<string, string | Error>>): PowerDriver =>
    commandDriver({
      via: machine(answers),
      status: ['pdu', 'status', '{host}'],
      off: ['pdu', 'off', '{host}'],
      on: ['pdu', 'on', '{host}'],
    });

  test('that fails is unknown', async () => {
    expect(await driver({ status: new Error('pdu: no route to host') }).read('h')).toEqual({
      state: 'unknown',
      statement: 'pdu: no route to host',
    });
  });

  test('that prints nothing, or another word, is unknown', async () => {
    expect(await driver({ status: '' }).read('h')).toMatchObject({ state: 'unknown' });
    expect(await driver({ status: 'offline' }).read('h')).toMatchObject({ state: 'unknown' });
    expect(await driver({ status: 'Off' }).read('h')).toMatchObject({ state: 'off' });
  });
});

test('Redfish: an order that the board refuses has failed', async () => {
  const system = {
    Id: '1',
    PowerState: 'On',
    Actions: { '#ComputerSystem.Reset': { target: '/redfish/v1/Systems/1/Actions/ComputerSystem.Reset' } },
  };
  const server = createServer((request, response) => {
    response.statusCode = request.method === 'POST' ? 400 : 200;
    response.end(JSON.stringify(request.method === 'POST' ? { error: { message: 'locked' } } : system));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const board = { url: `http://127.0.0.1:${port}`, username: 'u', password: 'p', systemId: '1' };
  await expect(redfishDriver({ hosts: { h: board } }).off('h')).rejects.toThrow('Reset ForceOff: 400 locked');
});

describe('a proof', () => {
  const scripted = (...states: PowerState[]): PowerDriver => {
    let at = 0;
    return {
      method: 'scripted',
      read: async () => ({
        state: states[Math.min(at++, states.length - 1)] ?? 'unknown',
        statement: 'said',
      }),
      off: async () => {},
      on: async () => {},
    };
  };

  test('is of its own host alone', async () => {
    const clock = virtualClock();
    const proof = await fencer({ drivers: [scripted('off')], clock }).off('guard-a');
    expect(isFresh(proof, 'guard-a', clock.now(), '60s')).toBe(true);
    expect(isFresh(proof, 'guard-b', clock.now(), '60s')).toBe(false);
  });

  test('by readings alone fails at the first reading of on: nobody was asked to cut the power', async () => {
    const fence = fencer({ drivers: [scripted('on', 'off', 'off', 'off')], clock: virtualClock() });
    await expect(fence.confirmOff('guard-c')).rejects.toMatchObject({ code: 'fence-not-off' });
  });

  test('that was made while the machine was being turned on is none', async () => {
    const clock = virtualClock();
    const proving = fencer({ drivers: [scripted('off')], clock });
    const made: Awaited<ReturnType<typeof proving.confirmOff>>[] = [];
    const slow: PowerDriver = {
      ...scripted('off'),
      on: async (host) => void made.push(await proving.confirmOff(host)),
    };
    await fencer({ drivers: [slow], clock }).on('guard-d');
    expect(made.map((proof) => isFresh(proof, 'guard-d', clock.now(), '60s'))).toEqual([false]);
  });

  test('is not made of answers that cannot be read; the evidence says so', async () => {
    const odd = { ...scripted('off'), read: async () => ({ state: 'OFF', statement: 'off' }) as never };
    const attempt = fencer({ drivers: [odd], clock: virtualClock(), timeout: '5s' }).confirmOff('guard-e');
    await expect(attempt).rejects.toMatchObject({
      code: 'fence-no-reading',
      because: expect.arrayContaining([
        expect.objectContaining({ statement: 'unknown: its driver gave no reading that can be read' }),
      ]),
    });
  });
});
