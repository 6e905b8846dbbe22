import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ensurePackages, type IpmiSim, type Sshd, startIpmiSim, startSshd } from '@groundcrew/lab';
import { localHost, sshHost } from '@groundcrew/runbook/hosts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandDriver } from '../src/fencing/command.ts';
import { fencer, isFresh } from '../src/fencing/fencer.ts';
import { type IpmiBoard, ipmiDriver } from '../src/fencing/ipmi.ts';

// Boards are seldom reached from where a controller runs: ipmitool runs on a machine that reaches them.

let sim: IpmiSim;
let sshd: Sshd;
beforeAll(async () => {
  await ensurePackages(['ipmitool']);
  [sim, sshd] = await Promise.all([startIpmiSim({ hosts: ['compute-1', 'compute-2'] }), startSshd()]);
});
afterAll(async () => {
  await Promise.all([sim[Symbol.asyncDispose](), sshd[Symbol.asyncDispose]()]);
});

const boards = (differs: Partial<IpmiBoard> = {}): { [host: string]: IpmiBoard } =>
  Object.fromEntries(
    ['compute-1', 'compute-2'].map((host) => {
      const { address, port, username, password } = sim.board(host).account;
      return [host, { address, port, username, password, cipherSuite: 3, ...differs }];
    }),
  );

const jump = () => {
  const { port, user, identityFile, knownHostsFile } = sshd;
  const way = { port, user, identityFile, knownHostsFile, configFile: 'none' };
  return sshHost({ host: '127.0.0.1', name: 'jump', ...way });
};

test('off and on by way of another machine, and the proof ends when it is turned on', async () => {
  const fence = fencer({ drivers: [ipmiDriver({ via: jump(), hosts: boards() })], interval: '200ms' });
  const proof = await fence.off('compute-1');
  expect([await sim.board('compute-1').power(), await sim.board('compute-2').power()]).toEqual(['off', 'on']);
  expect(isFresh(proof, 'compute-1', Date.now(), '60s')).toBe(true);
  await fence.on('compute-1');
  expect(await sim.board('compute-1').power()).toBe('on');
  expect(isFresh(proof, 'compute-1', Date.now(), '60s')).toBe(false);
});

test('a board says who it is; one of another machine gets no order', async () => {
  const { address, port, username, password } = sim.board('compute-1').account;
  const flags = ['-I', 'lanplus', '-H', address, '-p', String(port), '-U', username, '-E', '-C', '3'];
  const { stdout } = await promisify(execFile)('ipmitool', [...flags, 'mc', 'guid'], {
    env: { ...process.env, IPMI_PASSWORD: password },
  });
  const guid = /System GUID\s*:\s*(\S+)/.exec(stdout)?.[1] ?? '';
  const driver = ipmiDriver({ via: localHost(), hosts: boards({ guid }) });
  expect(await driver.read('compute-1')).toMatchObject({ state: 'on' });
  expect(await driver.read('compute-2')).toMatchObject({
    state: 'unknown',
    statement: expect.stringContaining('of another machine'),
  });
  await expect(driver.off('compute-2')).rejects.toMatchObject({ code: 'board' });
  expect(await sim.board('compute-2').power()).toBe('on');
});

test('a dead board, and a second way to the power', async () => {
  const dead = ipmiDriver({ via: localHost(), hosts: boards({ port: 9 }), timeout: '3s' });
  const { address, port, username, password } = sim.board('compute-2').account;
  const flags = ['-I', 'lanplus', '-H', address, '-p', String(port), '-U', username, '-E', '-C', '3'];
  const word = (what: string) =>
    ['env', `IPMI_PASSWORD=${password}`, 'ipmitool', ...flags, 'chassis', 'power', what] as const;
  // A tool of the operator's own, that knows the hosts by their names.
  const tool = (what: string): readonly [string, ...string[]] => [
    'sh',
    '-c',
    '[ "$1" = compute-2 ] || exit 1; shift; "$@" | sed "s/Chassis Power is //"',
    'pdu',
    '{host}',
    ...word(what),
  ];
  const pdu = commandDriver({
    via: localHost(),
    status: tool('status'),
    off: tool('off'),
    on: tool('on'),
    method: 'pdu',
  });
  const fence = fencer({ drivers: [dead, pdu], interval: '200ms', timeout: '10s' });
  const proof = await fence.off('compute-2');
  expect(proof.method).toBe('pdu');
  expect(proof.because.some(({ source }) => source === 'ipmi compute-2')).toBe(true);
  expect(await sim.board('compute-2').power()).toBe('off');
  await expect(fence.off('compute-3')).rejects.toMatchObject({ code: 'fence-no-reading' });
});
