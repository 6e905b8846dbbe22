import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deviceOf, powerSwitch } from './power-switch.ts';
import { type Daemon, startDaemon, waitUntil } from './daemon.ts';
import { LabError } from './errors.ts';
import { ensurePackages } from './packages.ts';

/** One node of Pacemaker, in namespaces of its own. */
export interface PacemakerClusterNode {
  readonly name: string;
  /** The words before a command that is to run on the node. */
  readonly prefix: readonly string[];
  /** Runs a program on the node, and returns its standard output, whatever the exit code. */
  run(command: readonly [string, ...string[]]): Promise<string>;
  /** Takes the node's network away; `mend` gives it back. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Kills all processes of the node. */
  kill(): Promise<void>;
}

export interface PacemakerCluster extends AsyncDisposable {
  readonly nodes: readonly PacemakerClusterNode[];
  stop(): Promise<void>;
}

export interface PacemakerClusterOptions {
  /** @default 3 */
  readonly nodes?: number | undefined;
  /** Whether each node has a fencing device, which really kills it. @default false: fencing is on, without a device */
  readonly fencing?: boolean | undefined;
}

const run = promisify(execFile);
const WITHIN = 90_000;

/**
 * Starts real corosync and Pacemaker, without systemd: each node in namespaces of its own (network, mounts, processes, …) that
 * are wired to one bridge. It is ready when each node sees all others online, with quorum. Nothing outside the
 * namespaces is touched, and all of it ends with this process.
 *
 * @throws LabError with what the daemons printed, if it does not become ready
 */
export async function startPacemakerCluster({
  nodes: count = 3,
  fencing = false,
}: PacemakerClusterOptions = {}): Promise<PacemakerCluster> {
  await ensurePackages([
    'pacemaker',
    'pacemaker-cli-utils',
    'resource-agents',
    'corosync',
    'iproute2',
    'procps',
    'util-linux',
  ]);
  const directory = await mkdtemp(join(tmpdir(), 'groundcrew-pacemaker-'));
  const names = Array.from({ length: count }, (_, index) => `ctl-${index + 1}`);
  const config = join(directory, 'corosync.conf');
  await writeFile(config, corosyncConf(names));
  const power = fencing ? await powerSwitch(join(directory, 'power')) : undefined;
  const started: Daemon[] = [];
  const stop = async (): Promise<void> => {
    power?.stop();
    // The first process of a node's namespace takes all others with it.
    await Promise.all(started.map((daemon) => daemon.stop(1_000)));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const wires = await holder('ip link set lo up && ip link add br0 type bridge && ip link set br0 up');
    started.push(wires.daemon);
    const nodes: PacemakerClusterNode[] = [];
    for (const [index, name] of names.entries()) {
      const { daemon, pid, prefix } = await holder(
        nodeSetup(name) + (power === undefined ? '' : power.setup),
      );
      started.push(daemon);
      const wire = `v${index + 1}${randomBytes(3).toString('hex')}`;
      await run('ip', [
        'link',
        'add',
        'eth0',
        'netns',
        `${pid}`,
        'type',
        'veth',
        'peer',
        'name',
        wire,
        'netns',
        `${wires.pid}`,
      ]);
      const onNode = async (command: readonly [string, ...string[]]): Promise<string> => {
        const [program, ...args] = [...prefix, ...command];
        return (
          await run(program, args, { timeout: 20_000 }).catch((error: { stdout?: string }) => ({
            stdout: error.stdout ?? '',
          }))
        ).stdout;
      };
      const switched = async (state: 'up' | 'down'): Promise<void> => {
        const [program, ...args] = [...wires.prefix, 'ip', 'link', 'set', wire, state];
        await run(program, args);
      };
      await run('nsenter', ['-t', `${wires.pid}`, '-n', 'ip', 'link', 'set', wire, 'master', 'br0', 'up']);
      await run('nsenter', [
        '-t',
        `${pid}`,
        '-n',
        'ip',
        'addr',
        'add',
        `${addressOf(index)}/24`,
        'dev',
        'eth0',
      ]);
      await run('nsenter', ['-t', `${pid}`, '-n', 'ip', 'link', 'set', 'eth0', 'up']);
      power?.serve(name, () => daemon.stop(0));
      nodes.push({
        name,
        prefix,
        run: onNode,
        cut: () => switched('down'),
        mend: () => switched('up'),
        kill: () => daemon.stop(0),
      });
    }
    await Promise.all(
      nodes.map(async (node) => {
        const prefix = command(node.prefix);
        const corosync = await startDaemon([...prefix, 'corosync', '-f', '-c', config], {
          within: WITHIN,
          ready: async () =>
            (await node.run(['corosync-quorumtool', '-s'])).includes('Quorate:          Yes'),
        });
        started.push(corosync);
        started.push(await startDaemon([...prefix, 'pacemakerd', '-f'], { within: WITHIN }));
      }),
    );
    for (const node of nodes) {
      const online = async (): Promise<boolean> => {
        const seen = await node.run(['crm_mon', '-1', '--output-as=xml']);
        return seen.includes('with_quorum="true"') && seen.split(' online="true"').length - 1 === count;
      };
      await waitUntil(online, { within: WITHIN, what: `Pacemaker on ${node.name}` });
    }
    const [first] = nodes;
    if (power !== undefined)
      for (const name of names)
        await first?.run(['cibadmin', '--create', '--scope', 'resources', '--xml-text', deviceOf(name)]);
    return { nodes, stop, [Symbol.asyncDispose]: stop };
  } catch (cause) {
    const printed = started.map((daemon) => daemon.output().slice(-500)).join('\n');
    await stop();
    throw new LabError(`Pacemaker is not ready: ${printed}`, { cause });
  }
}

interface Holder {
  readonly daemon: Daemon;
  /** The id of the first process in the namespaces. */
  readonly pid: number;
  readonly prefix: readonly [string, ...string[]];
}

/** Makes namespaces that exist as long as one process in them. */
async function holder(setup: string): Promise<Holder> {
  const unshare = [
    'unshare',
    '-n',
    '-m',
    '-u',
    '-i',
    '-p',
    '--fork',
    '--mount-proc',
    '--kill-child',
  ] as const;
  // The shell prints its last line when everything is mounted. From then on it is the init of the namespace. While it
  // waits for a child, a shell also reaps the zombies of other parents, which an agent would take for running processes.
  const daemon = await startDaemon(
    [...unshare, 'sh', '-e', '-c', `${setup}\necho set up\nwhile :; do sleep 1; done`],
    { within: WITHIN },
  );
  await waitUntil(async () => daemon.output().includes('set up'), {
    within: WITHIN,
    what: 'namespaces',
    given: () => daemon.running(),
  });
  const children = await readFile(`/proc/${daemon.pid}/task/${daemon.pid}/children`, 'utf8');
  const pid = Number(children.trim().split(' ')[0]);
  return { daemon, pid, prefix: ['nsenter', '-t', `${pid}`, '-n', '-m', '-u', '-i', '-p'] };
}

const command = (prefix: readonly string[]): [string, ...string[]] => prefix as [string, ...string[]];

/** Every directory that the daemons share through the file system is the node's own. */
const nodeSetup = (name: string): string => `
ip link set lo up
hostname ${name}
for dir in /run /var/lib/corosync /var/lib/pacemaker /var/log/pacemaker /var/log/corosync /dev/shm; do
  mkdir -p $dir; mount -t tmpfs tmpfs $dir
done
mkdir -p /run/corosync /run/crm /var/lib/pacemaker/blackbox /var/lib/pacemaker/cib /var/lib/pacemaker/cores /var/lib/pacemaker/pengine
chown -R hacluster:haclient /run/crm /var/lib/pacemaker /var/log/pacemaker`;

const addressOf = (index: number): string => `10.99.0.${index + 1}`;

const corosyncConf = (names: readonly string[]): string => `totem {
  version: 2
  cluster_name: lab
  transport: knet
  crypto_cipher: none
  crypto_hash: none
  token: 2000
}
nodelist {
${names.map((name, index) => `  node {\n    ring0_addr: ${addressOf(index)}\n    name: ${name}\n    nodeid: ${index + 1}\n  }`).join('\n')}
}
quorum {
  provider: corosync_votequorum
}
logging {
  to_stderr: yes
  to_syslog: no
  to_logfile: no
}
`;
