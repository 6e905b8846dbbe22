import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Daemon, startDaemon } from './daemon.ts';
import { freePorts } from './free-port.ts';
import { ensurePackages } from './packages.ts';

/** The address and account of a board, as `ipmiDriver` takes them. */
export interface IpmiAccount {
  readonly address: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** The only cipher suite of the board, which it does not report. */
  readonly cipherSuite: 3;
}

/** One simulated board. */
export interface IpmiBoard {
  readonly account: IpmiAccount;
  /** Tells whether the machine has power, as `ipmitool chassis power status` does. */
  power(): Promise<'on' | 'off'>;
  /** Changes the power without the board, as a colleague at the machine would. */
  set(power: 'on' | 'off'): Promise<void>;
}

export interface IpmiSim extends AsyncDisposable {
  /** The board of a host. @throws Error if the host was not named */
  board(host: string): IpmiBoard;
}

export interface IpmiSimOptions {
  readonly hosts: readonly string[];
  /** A command that runs with `on` or `off` when an order changes a machine's power. */
  readonly onPower?: ((host: string) => readonly [string, ...string[]]) | undefined;
}

const USER = { username: 'admin', password: 'fence-me', cipherSuite: 3 } as const;

/**
 * Starts OpenIPMI's `ipmi_sim` for each host: a board that speaks IPMI 2.0 over loopback, and keeps its power in a file.
 */
export async function startIpmiSim({ hosts, onPower }: IpmiSimOptions): Promise<IpmiSim> {
  await ensurePackages(['openipmi', 'ipmitool']);
  const folder = await mkdtemp(path.join(tmpdir(), 'ipmi-'));
  const ports = await freePorts(hosts.length);
  const boards = new Map<string, IpmiBoard>();
  const daemons: Daemon[] = [];
  for (const [at, host] of hosts.entries()) {
    const home = path.join(folder, host);
    const board = boardIn(home, ports[at] ?? 0);
    boards.set(host, board);
    await mkdir(path.join(home, 'state'), { recursive: true });
    await board.set('on');
    await writeFile(path.join(home, 'chassis'), chassisScript(path.join(home, 'power'), onPower?.(host)), {
      mode: 0o755,
    });
    await writeFile(
      path.join(home, 'lan.conf'),
      lanConf(host, board.account.port, path.join(home, 'chassis')),
    );
    await writeFile(path.join(home, 'machine.emu'), MACHINE);
    const command = [
      'ipmi_sim',
      '-n',
      '-c',
      `${home}/lan.conf`,
      '-f',
      `${home}/machine.emu`,
      '-s',
      `${home}/state`,
    ] as const;
    daemons.push(await startDaemon([...command], { ready: () => answers(board) }));
  }
  return {
    board(host) {
      const found = boards.get(host);
      if (found === undefined) throw new Error(`no board of ${host} is simulated`);
      return found;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(daemons.map((daemon) => daemon.stop()));
      await rm(folder, { recursive: true });
    },
  };
}

const boardIn = (home: string, port: number): IpmiBoard => ({
  account: { address: '127.0.0.1', port, ...USER },
  power: async () => ((await readFile(path.join(home, 'power'), 'utf8')).trim() === '1' ? 'on' : 'off'),
  set: (power) => writeFile(path.join(home, 'power'), power === 'on' ? '1\n' : '0\n'),
});

/** The script by which `ipmi_sim` reads and changes the power (OpenIPMI, `lanserv/README.ipmi_sim`: chassis_control). */
const chassisScript = (file: string, onPower: readonly string[] | undefined): string => `#!/bin/sh
# $1: get, set or check; then names and, of set, values
case $1 in
get)
    shift
    for what; do [ "$what" = power ] && printf 'power:%s\\n' "$(cat '${file}')" || printf '%s:0\\n' "$what"; done ;;
set)
    shift
    while [ $# -gt 1 ]; do
        if [ "$1" = power ]; then
            was=$(cat '${file}')
            echo "$2" >'${file}'
            [ "$was" = "$2" ] || { [ "$2" = 1 ] && word=on || word=off; ${onPower === undefined ? ':' : `${onPower.map((word) => `'${word}'`).join(' ')} "$word" >/dev/null 2>&1`}; }
        fi
        shift 2
    done ;;
esac
exit 0
`;

const lanConf = (host: string, port: number, chassis: string): string => `name "${host}"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 ${port}
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid ${Buffer.from(host.padEnd(16, '-').slice(-16)).toString('hex')}
  endlan
  chassis_control "${chassis}"
  user 1 false "" "" user 10 none md2 md5 straight
  user 2 true "${USER.username}" "${USER.password}" admin 10 none md2 md5 straight
`;

const MACHINE = `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
sel_enable 0x20 1000 0x0a
mc_enable 0x20
`;

const answers = async ({ account: { address, port, username, password } }: IpmiBoard): Promise<boolean> => {
  const flags = [
    '-I',
    'lanplus',
    '-H',
    address,
    '-p',
    String(port),
    '-U',
    username,
    '-E',
    '-R',
    '1',
    '-N',
    '1',
  ];
  const options = { env: { ...process.env, IPMI_PASSWORD: password }, timeout: 5_000 };
  const { stdout } = await promisify(execFile)(
    'ipmitool',
    [...flags, 'chassis', 'power', 'status'],
    options,
  ).catch(() => ({ stdout: '' }));
  return stdout.startsWith('Chassis Power is');
};
