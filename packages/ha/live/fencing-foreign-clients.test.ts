import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ensurePackages, type IpmiSim, startIpmiSim } from '@groundcrew/lab';
import { localHost } from '@groundcrew/runbook/hosts';
import { simulateBmcs } from '@groundcrew/sim';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fencer } from '../src/fencing/fencer.ts';
import { ipmiDriver } from '../src/fencing/ipmi.ts';
import { redfishDriver } from '../src/fencing/redfish.ts';

// Others' clients and our drivers look at the same boards, and must see the same, before and after each has acted.

beforeAll(() =>
  ensurePackages([
    'ipmitool',
    'freeipmi-tools',
    'openipmi',
    'redfishtool',
    'python3-sushy',
    'python3-sushy-cli',
  ]),
);

const said = async (program: string, ...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(program, args, { timeout: 60_000 });
  return stdout.trim();
};

describe('IPMI', () => {
  let sim: IpmiSim;
  beforeAll(async () => {
    sim = await startIpmiSim({ hosts: ['compute-1', 'compute-2'] });
  });
  afterAll(() => sim[Symbol.asyncDispose]());

  const clients = () => {
    const { address, port, username, password } = sim.board('compute-1').account;
    const lanplus = [
      '-I',
      'lanplus',
      '-H',
      address,
      '-p',
      String(port),
      '-U',
      username,
      '-P',
      password,
      '-C',
      '3',
    ];
    const free = [
      '-D',
      'LAN_2_0',
      '-h',
      `${address}:${port}`,
      '-u',
      username,
      '-p',
      password,
      '-I',
      '3',
      '-l',
      'ADMIN',
    ];
    return {
      ipmitool: (...words: string[]) => said('ipmitool', ...lanplus, 'chassis', 'power', ...words),
      freeipmi: (word: string) => said('ipmipower', ...free, '-W', 'opensesspriv', word),
    };
  };

  test('ipmitool, FreeIPMI and our driver agree, whoever switches', async () => {
    const { ipmitool, freeipmi } = clients();
    const driver = ipmiDriver({
      via: localHost(),
      hosts: { 'compute-1': sim.board('compute-1').account, 'compute-2': sim.board('compute-2').account },
    });
    const all = async (): Promise<string[]> => [
      await ipmitool('status'),
      await freeipmi('--stat'),
      (await driver.read('compute-1')).state,
      await sim.board('compute-1').power(),
    ];
    const on = ['Chassis Power is on', '127.0.0.1: on', 'on', 'on'];
    const off = ['Chassis Power is off', '127.0.0.1: off', 'off', 'off'];
    expect(await all()).toEqual(on);
    expect(await fencer({ drivers: [driver], interval: '200ms' }).off('compute-1')).toMatchObject({
      method: 'ipmi',
    });
    expect(await all()).toEqual(off);
    expect(await driver.read('compute-2')).toMatchObject({ state: 'on' });
    await ipmitool('on');
    expect(await all()).toEqual(on);
    await freeipmi('--off');
    expect(await all()).toEqual(off);
    await driver.on('compute-1');
    expect(await all()).toEqual(on);
  });

  test('a wrong password is no reading, and never shows', async () => {
    const board = { ...sim.board('compute-1').account, password: 'not-the-one' };
    const reading = await ipmiDriver({ via: localHost(), hosts: { 'compute-1': board } }).read('compute-1');
    expect(reading.state).toBe('unknown');
    expect(JSON.stringify(reading)).not.toContain('not-the-one');
  });
});

describe('Redfish', () => {
  test('redfishtool, sushy, its command line and our driver agree, whoever switches', async () => {
    const bmcs = simulateBmcs({ hosts: ['compute-1'] });
    const { url, close } = await bmcs.listen();
    try {
      const driver = redfishDriver({
        hosts: { 'compute-1': { url, username: 'admin', password: 'password' } },
      });
      const host = url.replace('http://', '');
      const tool = (...words: string[]): Promise<string> =>
        said(
          'redfishtool',
          '-r',
          host,
          '-u',
          'admin',
          '-p',
          'password',
          '-A',
          'Basic',
          '-S',
          'Never',
          'Systems',
          ...words,
        );
      const account = [
        '--username',
        'admin',
        '--password',
        'password',
        '--service-endpoint',
        `${url}/redfish/v1/`,
      ];
      const sushycli = async (): Promise<string> => {
        const table = await said('sushycli', 'system', 'power', 'show', ...account, '-f', 'value');
        return table.replace('PowerState.', '').toLowerCase();
      };
      const sushy = (program: string): Promise<string> => said('/usr/bin/python3', '-c', program, url);
      const all = async (): Promise<unknown[]> => [
        (JSON.parse(await tool('get')) as { PowerState: string }).PowerState,
        await sushy(SUSHY_READ),
        await sushycli(),
        (await driver.read('compute-1')).state,
      ];
      expect(await all()).toEqual(['On', 'on', 'on', 'on']);
      await fencer({ drivers: [driver], interval: '200ms' }).off('compute-1');
      expect(await all()).toEqual(['Off', 'off', 'off', 'off']);
      await tool('reset', 'On');
      expect(await all()).toEqual(['On', 'on', 'on', 'on']);
      await sushy(SUSHY_OFF);
      expect(await all()).toEqual(['Off', 'off', 'off', 'off']);
      await driver.on('compute-1');
      expect(await all()).toEqual(['On', 'on', 'on', 'on']);
      expect(bmcs.board('compute-1').orders).toEqual(['ForceOff', 'On', 'ForceOff', 'On']);
    } finally {
      await close();
    }
  });
});

const SUSHY = `
import sys, sushy
root = sushy.Sushy(sys.argv[1] + '/redfish/v1/', username='admin', password='password')
system = root.get_system('/redfish/v1/Systems/compute-1')
`;
const SUSHY_READ = `${SUSHY}
print(getattr(system.power_state, 'value', system.power_state).lower())`;
const SUSHY_OFF = `${SUSHY}
system.reset_system(sushy.RESET_FORCE_OFF)`;
