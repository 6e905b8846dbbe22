import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Daemon, startDaemon, waitUntil } from './daemon.ts';
import { LabError } from './errors.ts';
import { freePorts } from './free-port.ts';
import { isAlive, programOf, signalProcess } from './own-processes.ts';
import { ensurePackages } from './packages.ts';

type Command = readonly [string, ...string[]];

/** One RabbitMQ node of a cluster on loopback ports. */
export interface RabbitClusterNode {
  /** The name of the Erlang node: `rabbit-1@127.0.0.1`. */
  readonly name: string;
  /** The directory of its database: queues, the nodes that ran, … */
  readonly dataDirectory: string;
  readonly pidFile: string;
  readonly log: string;
  readonly ports: { readonly amqp: number; readonly management: number; readonly distribution: number };
  /** The commands for a tool. `start` returns at the launch; `ctl` needs the arguments of `rabbitmqctl`. */
  readonly commands: { readonly start: Command; readonly stop: Command; readonly ctl: Command };
  /** The id of its process; `undefined` if it does not run. */
  pid(): number | undefined;
  /** Starts the node. Resolves when the node reports that it runs. */
  start(): Promise<void>;
  /** Launches the node, which may wait for others. */
  launch(): Promise<void>;
  /** Stops the node in an orderly way. */
  shutDown(): Promise<void>;
  /** Sends SIGKILL. Resolves when the process has ended. */
  kill(): Promise<void>;
  /** Sends SIGSTOP. */
  freeze(): void;
  /** Sends SIGCONT. */
  thaw(): void;
  /** Runs `rabbitmqctl`, and returns its output. */
  ctl(...args: readonly string[]): Promise<string>;
  /** Separates the node from the others in both directions, as a network partition does. Clients still reach it. */
  isolate(): Promise<void>;
  /** Ends the partition. */
  heal(): Promise<void>;
  /** Calls the management API of the node. Rejects without an answer, or with one that is no 2xx. */
  api(path: string, options?: { readonly method?: string; readonly body?: object }): Promise<unknown>;
}

export interface RabbitCluster extends AsyncDisposable {
  readonly nodes: readonly RabbitClusterNode[];
  /** An administrator's account for AMQP and the management API. */
  readonly user: string;
  readonly password: string;
  readonly directory: string;
  /** Kills all processes and removes the data. */
  stop(): Promise<void>;
}

export interface RabbitClusterOptions {
  /** @default 3 */
  readonly nodes?: number | undefined;
  /** `cluster_partition_handling`. @default 'pause_minority' */
  readonly partitions?: 'pause_minority' | 'ignore' | 'autoheal' | undefined;
}

const run = promisify(execFile);
const USER = 'lab';
const PASSWORD = 'rabbit';
const PROGRAMS = '/usr/lib/rabbitmq/bin';
const WITHIN = 120_000;
const HOST = '127.0.0.1';

const live = new Set<RabbitClusterNode>();
process.once('exit', () => {
  for (const node of live) {
    const pid = node.pid();
    if (pid !== undefined) signalProcess(pid, 'SIGKILL');
  }
});

/**
 * Starts real RabbitMQ nodes in one cluster on 127.0.0.1, with a port mapper (epmd) of their own and a management API each.
 * They end with this process.
 *
 * @throws LabError with the end of a node's log, if it does not run in time
 * @example
 * await using cluster = await startRabbitCluster({ nodes: 3 });
 * await cluster.nodes[0].api('queues/%2F/q', { method: 'PUT', body: { arguments: { 'x-queue-type': 'quorum' } } });
 */
export async function startRabbitCluster({
  nodes: count = 3,
  partitions = 'pause_minority',
}: RabbitClusterOptions = {}): Promise<RabbitCluster> {
  await ensurePackages(['rabbitmq-server']);
  const directory = await mkdtemp(join(tmpdir(), 'groundcrew-rabbit-'));
  const [mapper = 0, ...ports] = await freePorts(1 + count * 3);
  const names = Array.from({ length: count }, (_, index) => `rabbit-${index + 1}@${HOST}`);
  const nodes = names.map((name, index) => {
    const [amqp = 0, management = 0, distribution = 0] = ports.slice(index * 3, index * 3 + 3);
    return clusterNode(name, directory, { peers: names, mapper, ports: { amqp, management, distribution } });
  });
  let epmd: Daemon | undefined;
  const cluster: RabbitCluster = {
    nodes,
    user: USER,
    password: PASSWORD,
    directory,
    async stop() {
      await Promise.all(nodes.map((node) => node.kill()));
      for (const node of nodes) live.delete(node);
      await epmd?.stop();
      await rm(directory, { recursive: true, force: true });
    },
    [Symbol.asyncDispose]: () => cluster.stop(),
  };
  try {
    // All nodes need the cookie, and no other user may read it.
    await writeFile(join(directory, '.erlang.cookie'), COOKIE, { mode: 0o400 });
    await writeFile(join(directory, 'plugins'), '[rabbitmq_management].\n');
    await mkdir(join(directory, 'log'));
    for (const node of nodes)
      await writeFile(`${homeOf(directory, node.name)}.conf`, settingsOf(node, names, partitions));
    epmd = await startDaemon(['epmd', '-address', HOST, '-port', String(mapper)]);
    for (const node of nodes) live.add(node);
    // The nodes start one after the other. Nodes that start together hold an election with random delays, or fail over
    // the other's feature flags.
    for (const node of nodes) await node.start();
  } catch (cause) {
    await cluster.stop();
    throw cause;
  }
  return cluster;
}

const COOKIE = 'groundcrew-lab';

const homeOf = (directory: string, name: string): string => join(directory, name);

const settingsOf = (
  { ports }: RabbitClusterNode,
  peers: readonly string[],
  partitions: NonNullable<RabbitClusterOptions['partitions']>,
): string =>
  [
    `listeners.tcp.1 = ${HOST}:${ports.amqp}`,
    `management.tcp.ip = ${HOST}`,
    `management.tcp.port = ${ports.management}`,
    `default_user = ${USER}`,
    `default_pass = ${PASSWORD}`,
    `cluster_partition_handling = ${partitions}`,
    'cluster_formation.peer_discovery_backend = classic_config',
    'cluster_formation.randomized_startup_delay_range.min = 0',
    'cluster_formation.randomized_startup_delay_range.max = 1',
    ...peers.map((name, index) => `cluster_formation.classic_config.nodes.${index + 1} = ${name}`),
    'vm_memory_high_watermark.absolute = 400MB',
    'disk_free_limit.absolute = 50MB',
    // Seconds after which a silent peer is down; 60 by default.
    'net_ticktime = 8',
    'log.file = node.log',
    'log.file.level = info',
    '',
  ].join('\n');

function clusterNode(
  name: string,
  directory: string,
  {
    peers,
    mapper,
    ports,
  }: {
    readonly peers: readonly string[];
    readonly mapper: number;
    readonly ports: RabbitClusterNode['ports'];
  },
): RabbitClusterNode {
  const home = homeOf(directory, name);
  const dataDirectory = join(directory, 'db', name);
  const pidFile = `${home}.pid`;
  const log = join(directory, 'log', name, 'node.log');
  const environment = [
    `HOME=${directory}`,
    `RABBITMQ_NODENAME=${name}`,
    'RABBITMQ_USE_LONGNAME=true',
    `RABBITMQ_MNESIA_BASE=${join(directory, 'db')}`,
    `RABBITMQ_LOG_BASE=${join(directory, 'log', name)}`,
    `RABBITMQ_PID_FILE=${pidFile}`,
    `RABBITMQ_CONFIG_FILE=${home}.conf`,
    'RABBITMQ_CONF_ENV_FILE=/dev/null',
    `RABBITMQ_ENABLED_PLUGINS_FILE=${join(directory, 'plugins')}`,
    `RABBITMQ_DIST_PORT=${ports.distribution}`,
    `ERL_EPMD_PORT=${mapper}`,
    `ERL_EPMD_ADDRESS=${HOST}`,
    // Three nodes share the machine: an idle scheduler must not spin.
    'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+sbwt none +sbwtdcpu none +sbwtdio none +S 1:1 -kernel inet_dist_use_interface {127,0,0,1}',
    'RABBITMQ_CTL_ERL_ARGS=+sbwt none +S 1:1',
  ];
  const ctl: Command = ['env', ...environment, `${PROGRAMS}/rabbitmqctl`];
  const pid = (): number | undefined => {
    const written = pidIn(pidFile);
    return written !== undefined && isAlive(written) && programOf(written) === 'beam.smp'
      ? written
      : undefined;
  };
  const others = `[list_to_atom(N) || N <- [${peers
    .filter((peer) => peer !== name)
    .map((peer) => `"${peer}"`)
    .join(', ')}]]`;
  const node: RabbitClusterNode = {
    name,
    dataDirectory,
    pidFile,
    log,
    ports,
    commands: {
      start: [
        'env',
        ...environment,
        'sh',
        '-c',
        'exec setsid -f "$@" </dev/null >/dev/null 2>&1',
        'sh',
        `${PROGRAMS}/rabbitmq-server`,
      ],
      stop: [...ctl, 'shutdown'] as readonly string[] as Command,
      ctl,
    },
    pid,
    async launch() {
      const [command, ...args] = node.commands.start;
      await rm(pidFile, { force: true });
      await run(command, args);
      await waitUntil(async () => pid() !== undefined, { within: 30_000, what: `${name}: a process` });
    },
    async start() {
      await node.launch();
      try {
        await waitUntil(() => runs(node), {
          within: WITHIN,
          what: `${name}: running`,
          given: () => pid() !== undefined,
        });
      } catch (cause) {
        const text = await readFile(log, 'utf8').catch(() => '');
        throw new LabError(`${name} does not run: ${text.slice(-3_000) || String(cause)}`, { cause });
      }
    },
    async shutDown() {
      const running = pid();
      if (running === undefined) return;
      signalProcess(running, 'SIGCONT');
      signalProcess(running, 'SIGTERM');
      await waitUntil(async () => !isAlive(running), { within: 60_000, what: `${name}: its end` });
    },
    async kill() {
      const running = pid();
      if (running === undefined) return;
      signalProcess(running, 'SIGKILL');
      await waitUntil(async () => !isAlive(running), { within: 20_000, what: `${name}: its end` });
    },
    freeze() {
      const running = pid();
      if (running !== undefined) signalProcess(running, 'SIGSTOP');
    },
    thaw() {
      const running = pid();
      if (running !== undefined) signalProcess(running, 'SIGCONT');
    },
    async ctl(...args) {
      const [command, ...rest] = ctl;
      const { stdout } = await run(command, [...rest, '-q', ...args], {
        timeout: 60_000,
        maxBuffer: 64 * 1024 * 1024,
      });
      return stdout;
    },
    // A peer with a wrong cookie is refused at every attempt, from either side. This needs no root's rights over the
    // network, and without a rule that could outlive the test.
    async isolate() {
      await node.ctl(
        'eval',
        `[begin erlang:set_cookie(N, cut), erlang:disconnect_node(N) end || N <- ${others}].`,
      );
    },
    async heal() {
      await node.ctl('eval', `[erlang:set_cookie(N, '${COOKIE}') || N <- ${others}].`);
    },
    async api(path, { method = 'GET', body } = {}) {
      const response = await fetch(`http://${HOST}:${ports.management}/api/${path}`, {
        method,
        signal: AbortSignal.timeout(10_000),
        headers: {
          authorization: `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`,
          'content-type': 'application/json',
          connection: 'close',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok)
        throw new LabError(`${method} ${path} of ${name}: ${response.status} ${text.slice(0, 300)}`);
      return text === '' ? undefined : JSON.parse(text);
    },
  };
  return node;
}

/** Tells whether the node reports that it runs. */
async function runs(node: RabbitClusterNode): Promise<boolean> {
  const nodes = await node.api('nodes').catch(() => undefined);
  return (
    Array.isArray(nodes) &&
    nodes.some((entry: unknown) => isNode(entry) && entry.name === node.name && entry.running === true)
  );
}

const isNode = (value: unknown): value is { readonly name: unknown; readonly running: unknown } =>
  typeof value === 'object' && value !== null && 'name' in value && 'running' in value;

function pidIn(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8').trim());
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
