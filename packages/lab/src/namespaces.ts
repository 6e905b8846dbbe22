import { execFile, execFileSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { waitUntil } from './daemon.ts';
import { ensurePackages } from './packages.ts';
import { signalProcess } from './own-processes.ts';

/** A network namespace, which has its own interfaces, addresses, ports, firewall and sysctls, as a machine has. */
export interface Namespace {
  /** The name as given: `lb-1`. */
  readonly name: string;
  /** The kernel's name of the namespace: `gc-1f2e3d-lb-1`. */
  readonly id: string;
  /** The address on the common network. */
  readonly address: string;
  /** The interface that has the address. */
  readonly interface: string;
  /** The words before a command that is to run in the namespace: `ip netns exec ID`. */
  readonly prefix: readonly ['ip', 'netns', 'exec', string];
  /** Runs a command in the namespace to its end. Rejects with its output if it fails. */
  run(command: readonly [string, ...string[]]): Promise<string>;
  /** The ids of all processes in the namespace. */
  pids(): Promise<number[]>;
}

export interface Namespaces extends AsyncDisposable {
  readonly all: readonly Namespace[];
  /** The namespace with this name. @throws TypeError if there is none */
  of(name: string): Namespace;
  /** An unused address of the network, for a virtual address. */
  spare(number: number): string;
  /** The length of the network's prefix. */
  readonly prefixLength: number;
  /** Kills the processes in the namespaces, and removes these. */
  stop(): Promise<void>;
}

export interface NamespacesOptions {
  /** The sysctls to set in each: `{ 'net.ipv4.ip_nonlocal_bind': '1' }`. */
  readonly sysctls?: Readonly<Record<string, string>> | undefined;
}

/** The program of iproute2. */
const IPROUTE = 'ip';
const execute = promisify(execFile);

const live = new Set<string>();
process.once('exit', () => {
  for (const id of live) {
    try {
      const pids = execFileSync(IPROUTE, ['netns', 'pids', id], { encoding: 'utf8' });
      for (const pid of pids.split('\n').filter((line) => line !== '')) signalProcess(Number(pid), 'SIGKILL');
      execFileSync(IPROUTE, ['netns', 'del', id]);
    } catch {
      // It is gone already, or cannot be removed.
    }
  }
});

/**
 * Makes network namespaces that are joined by a switch, which is in a namespace of its own: nothing of the machine's own
 * network is touched or reached. They end with this process, unless it is killed.
 *
 * @example
 * await using net = await createNamespaces(['lb-1', 'lb-2', 'client']);
 * await net.of('client').run(['ping', '-c', '1', net.of('lb-1').address]);
 */
export async function createNamespaces(
  names: readonly string[],
  { sysctls = {} }: NamespacesOptions = {},
): Promise<Namespaces> {
  await ensurePackages(['iproute2', 'procps']);
  const run = randomBytes(3).toString('hex');
  // Nothing routes to the network, so that any will do. It differs from run to run, so that leftovers of another run
  // are not taken for this one's.
  const network = `10.${randomInt(64, 128)}.${randomInt(1, 255)}`;
  const hub = `gc-${run}-switch`;
  const all = names.map((name, at) => namespace(name, `gc-${run}-${name}`, `${network}.${at + 11}`));
  const made: string[] = [];

  const stop = async (): Promise<void> => {
    for (const id of made.splice(0)) {
      await killAllIn(id);
      await ip('netns', 'del', id).catch(() => undefined);
      live.delete(id);
    }
  };
  try {
    for (const id of [hub, ...all.map((member) => member.id)]) {
      await ip('netns', 'add', id);
      made.push(id);
      live.add(id);
      await ip('-n', id, 'link', 'set', 'lo', 'up');
    }
    await ip('-n', hub, 'link', 'add', 'br0', 'type', 'bridge');
    await ip('-n', hub, 'link', 'set', 'br0', 'up');
    for (const [at, { id, address }] of all.entries()) {
      const port = `p${at}`;
      await ip('-n', hub, 'link', 'add', port, 'type', 'veth', 'peer', 'name', INTERFACE, 'netns', id);
      await ip('-n', hub, 'link', 'set', port, 'master', 'br0', 'up');
      await ip('-n', id, 'addr', 'add', `${address}/${PREFIX}`, 'dev', INTERFACE);
      await ip('-n', id, 'link', 'set', INTERFACE, 'up');
      const settings = Object.entries(sysctls).map(([name, value]) => `${name}=${value}`);
      if (settings.length > 0) await ip('netns', 'exec', id, 'sysctl', '-q', '-w', ...settings);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    all,
    of(name) {
      const found = all.find((member) => member.name === name);
      if (found === undefined) throw new TypeError(`no namespace ${name}`);
      return found;
    },
    spare: (number) => `${network}.${200 + number}`,
    prefixLength: PREFIX,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

const INTERFACE = 'v0';
const PREFIX = 24;

function namespace(name: string, id: string, address: string): Namespace {
  const prefix = ['ip', 'netns', 'exec', id] as const;
  return {
    name,
    id,
    address,
    interface: INTERFACE,
    prefix,
    run: (command) => ip('netns', 'exec', id, ...command),
    pids: () => pidsIn(id),
  };
}

async function ip(...words: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute(IPROUTE, words, { maxBuffer: 16 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Error(`ip ${words.join(' ')}: ${said}`, { cause: error });
  }
}

async function pidsIn(id: string): Promise<number[]> {
  const text = await ip('netns', 'pids', id);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

/** The ids of the processes in a namespace. All of them were started by the maker of the namespace. */
async function killAllIn(id: string): Promise<void> {
  await waitUntil(
    async () => {
      const pids = await pidsIn(id).catch(() => []);
      for (const pid of pids) signalProcess(pid, 'SIGKILL');
      return pids.length === 0;
    },
    { within: 10_000, what: `the end of what runs in ${id}` },
  ).catch(() => undefined);
}
