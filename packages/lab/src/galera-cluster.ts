import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitUntil } from './daemon.ts';
import { LabError } from './errors.ts';
import { freePorts } from './free-port.ts';
import { argumentsOf, isAlive, pidsIn, programOf, signalProcess } from './own-processes.ts';
import { ensurePackages } from './packages.ts';

type Command = readonly [string, ...string[]];

/** One MariaDB node of a cluster on loopback ports. */
export interface GaleraClusterNode {
  readonly name: string;
  /** The directory of its data, which is MariaDB's working directory. */
  readonly dataDirectory: string;
  readonly socket: string;
  readonly errorLog: string;
  /** A loopback address of its own, on which it answers SQL as well as on 127.0.0.1. */
  readonly address: string;
  readonly ports: {
    readonly sql: number;
    readonly group: number;
    readonly ist: number;
    readonly sst: number;
  };
  /** The commands for a tool. Each returns after its effect, `start` and `bootstrap` at the launch. */
  readonly commands: {
    readonly start: Command;
    readonly bootstrap: Command;
    readonly stop: Command;
    readonly recover: Command;
  };
  /** The id of the server's process; `undefined` if it does not run. */
  pid(): number | undefined;
  /** Starts the node as a joiner, or with `bootstrap` as the first. Resolves when it is Synced. */
  start(options?: { readonly bootstrap?: boolean }): Promise<void>;
  /** Sends SIGTERM, on which the node leaves the cluster in an orderly way. */
  shutDown(): Promise<void>;
  /** Sends SIGKILL to the server and to its state transfer. Resolves when they have ended. */
  kill(): Promise<void>;
  /** Sends SIGSTOP. */
  freeze(): void;
  /** Sends SIGCONT. */
  thaw(): void;
  /** Runs a query over the node's own socket, and returns the rows as text. Rejects after 10 s without an answer. */
  query(sql: string): Promise<string[][]>;
  /** Reads a `wsrep_` status variable; `undefined` if the node does not answer. */
  status(variable: string): Promise<string | undefined>;
}

export interface GaleraCluster extends AsyncDisposable {
  readonly nodes: readonly GaleraClusterNode[];
  /** The account with all rights, over TCP on 127.0.0.1. */
  readonly user: string;
  readonly password: string;
  readonly directory: string;
  /** Kills all processes and removes the data. */
  stop(): Promise<void>;
}

export interface GaleraClusterOptions {
  /** @default 3 */
  readonly nodes?: number | undefined;
  /** Lines that are added to the section `[mariadbd]` of each node. */
  readonly settings?: readonly string[] | undefined;
}

const run = promisify(execFile);
const USER = 'lab';
const PASSWORD = 'galera';
const WITHIN = 90_000;
/** The timers of Galera, about half of their defaults: the time until a silent peer is removed, and so may return. */
const TIMERS =
  'evs.keepalive_period=PT0.5S;evs.suspect_timeout=PT2.5S;evs.inactive_timeout=PT7S;evs.install_timeout=PT7S';

const live = new Set<string>();
process.once('exit', () => {
  for (const directory of live) for (const pid of pidsIn(directory)) signalProcess(pid, 'SIGKILL');
});

/**
 * Starts real MariaDB nodes that replicate through Galera on 127.0.0.1, one after the other; about ten seconds for
 * three. They run as `mysql`, with data in a temporary directory, and end with this process.
 *
 * @throws LabError with the end of a node's error log, if it does not become Synced
 * @example
 * await using cluster = await startGaleraCluster({ nodes: 3 });
 * await cluster.nodes[0].query('CREATE DATABASE shop');
 */
export async function startGaleraCluster({
  nodes: count = 3,
  settings = [],
}: GaleraClusterOptions = {}): Promise<GaleraCluster> {
  await ensurePackages(['mariadb-server', 'galera-4', 'rsync']);
  const directory = await mkdtemp(join(tmpdir(), 'groundcrew-galera-'));
  // The program of another user must reach the data.
  await chmod(directory, 0o755);
  const ports = await freePorts(count * 4);
  const names = Array.from({ length: count }, (_, index) => `db-${index + 1}`);
  const peers = names.map((_, index) => `127.0.0.1:${ports[index * 4 + 1]}`).join(',');
  const nodes = names.map((name, index) => {
    const [sql = 0, group = 0, ist = 0, sst = 0] = ports.slice(index * 4, index * 4 + 4);
    return clusterNode(name, directory, `127.0.0.${11 + index}`, { sql, group, ist, sst });
  });
  const cluster: GaleraCluster = {
    nodes,
    user: USER,
    password: PASSWORD,
    directory,
    async stop() {
      await Promise.all(nodes.map((node) => node.kill()));
      for (const { dataDirectory } of nodes) live.delete(dataDirectory);
      await rm(directory, { recursive: true, force: true });
    },
    [Symbol.asyncDispose]: () => cluster.stop(),
  };
  try {
    for (const [index, node] of nodes.entries()) {
      await prepare(node, directory, { peers, settings, first: index === 0 });
      live.add(node.dataDirectory);
      await node.start({ bootstrap: index === 0 });
      if (index === 0)
        await node.query(
          `CREATE USER ${USER}@'127.0.0.1' IDENTIFIED BY '${PASSWORD}'; GRANT ALL ON *.* TO ${USER}@'127.0.0.1'`,
        );
    }
  } catch (cause) {
    await cluster.stop();
    throw cause;
  }
  return cluster;
}

async function prepare(
  node: GaleraClusterNode,
  directory: string,
  {
    peers,
    settings,
    first,
  }: { readonly peers: string; readonly settings: readonly string[]; readonly first: boolean },
): Promise<void> {
  const home = join(directory, node.name);
  await mkdir(node.dataDirectory, { recursive: true });
  const { uid, gid } = await mysqlUser();
  await chown(home, uid, gid);
  await chown(node.dataDirectory, uid, gid);
  const { sql, group, ist, sst } = node.ports;
  const lines = [
    '[mariadbd]',
    'user=mysql',
    `datadir=${node.dataDirectory}`,
    `socket=${node.socket}`,
    `pid-file=${join(home, 'mariadbd.pid')}`,
    `log-error=${node.errorLog}`,
    `port=${sql}`,
    `bind-address=127.0.0.1,${node.address}`,
    'skip-name-resolve',
    'performance_schema=OFF',
    'binlog_format=ROW',
    'default_storage_engine=InnoDB',
    'innodb_autoinc_lock_mode=2',
    'innodb_buffer_pool_size=16M',
    'innodb_log_file_size=16M',
    'wsrep_on=ON',
    'wsrep_provider=/usr/lib/galera/libgalera_smm.so',
    'wsrep_cluster_name=lab',
    `wsrep_cluster_address=gcomm://${peers}`,
    `wsrep_node_name=${node.name}`,
    `wsrep_node_address=127.0.0.1:${group}`,
    'wsrep_sst_method=rsync',
    `wsrep_sst_receive_address=127.0.0.1:${sst}`,
    `wsrep_provider_options="gmcast.listen_addr=tcp://127.0.0.1:${group};ist.recv_addr=127.0.0.1:${ist};${TIMERS};gcache.size=16M"`,
    ...settings,
  ];
  await writeFile(configurationOf(home), `${lines.join('\n')}\n`);
  if (!first) return;
  await run('mariadb-install-db', [
    '--no-defaults',
    '--user=mysql',
    `--datadir=${node.dataDirectory}`,
    '--skip-test-db',
    '--auth-root-authentication-method=normal',
  ]);
}

function clusterNode(
  name: string,
  directory: string,
  address: string,
  ports: GaleraClusterNode['ports'],
): GaleraClusterNode {
  const home = join(directory, name);
  const dataDirectory = join(home, 'data');
  const errorLog = join(home, 'error.log');
  const socket = join(home, 'mariadbd.sock');
  const program = ['mariadbd', `--defaults-file=${configurationOf(home)}`] as const;
  // As Debian's service does, this passes the recovered position, so that a killed node asks only for what it missed.
  // A daemon must not hold the pipes of the process that started it.
  const launch = (...more: readonly string[]): Command => [
    'sh',
    '-c',
    'position=$(galera_recovery "$2" 2>/dev/null) || exit 1; exec setsid -f "$@" $position </dev/null >/dev/null 2>&1',
    'sh',
    ...program,
    ...more,
  ];
  const pids = (): number[] => pidsIn(dataDirectory);
  const server = (): number | undefined =>
    pids().find((pid) => programOf(pid) === 'mariadbd' && isAlive(pid) && serves(pid));
  const node: GaleraClusterNode = {
    name,
    dataDirectory,
    socket,
    errorLog,
    address,
    ports,
    commands: {
      start: launch(),
      bootstrap: launch('--wsrep-new-cluster'),
      stop: ['mariadb-admin', '--no-defaults', `--socket=${socket}`, '--user=root', 'shutdown'],
      recover: [...program, '--wsrep-recover', '--disable-log-error'],
    },
    pid: server,
    async start({ bootstrap = false } = {}) {
      const [command, ...args] = bootstrap ? node.commands.bootstrap : node.commands.start;
      await run(command, args);
      try {
        await waitUntil(async () => server() !== undefined, { within: 10_000, what: `${name}: a process` });
        await waitUntil(async () => (await node.status('local_state_comment')) === 'Synced', {
          within: WITHIN,
          what: `${name}: Synced`,
          given: () => server() !== undefined,
        });
      } catch (cause) {
        const log = await readFile(errorLog, 'utf8').catch(() => '');
        throw new LabError(`${name} is not Synced: ${log.slice(-3_000) || String(cause)}`, { cause });
      }
    },
    async shutDown() {
      const pid = server();
      if (pid === undefined) return;
      signalProcess(pid, 'SIGCONT');
      signalProcess(pid, 'SIGTERM');
      await waitUntil(async () => !isAlive(pid), { within: 60_000, what: `${name}: its end` });
    },
    async kill() {
      for (const pid of pids()) signalProcess(pid, 'SIGKILL');
      await waitUntil(async () => pids().every((pid) => !isAlive(pid)), {
        within: 20_000,
        what: `${name}: its end`,
      });
    },
    freeze() {
      for (const pid of pids()) signalProcess(pid, 'SIGSTOP');
    },
    thaw() {
      for (const pid of pids()) signalProcess(pid, 'SIGCONT');
    },
    async query(sql) {
      const args = ['--no-defaults', '-N', '-B', `--socket=${socket}`, '--user=root', '-e', sql];
      const { stdout } = await run('mariadb', args, { timeout: 10_000, maxBuffer: 64 * 1024 * 1024 });
      const text = stdout.trimEnd();
      return text === '' ? [] : text.split('\n').map((line) => line.split('\t'));
    },
    status: (variable) =>
      node.query(`SHOW GLOBAL STATUS LIKE 'wsrep\\_${variable}'`).then(
        (rows) => rows[0]?.[1],
        () => undefined,
      ),
  };
  return node;
}

/**
 * Tells whether a process is the server. One that only recovers its position ends by itself; one that is about to end has
 * no arguments any more.
 */
const serves = (pid: number): boolean => {
  const words = argumentsOf(pid);
  return words.length > 1 && !words.some((word) => /^--wsrep[-_]recover/.test(word));
};

const configurationOf = (home: string): string => join(home, 'mariadbd.cnf');

/** The user of Debian's package, who owns its directory. */
async function mysqlUser(): Promise<{ uid: number; gid: number }> {
  const { uid, gid } = await stat('/var/lib/mysql');
  return { uid, gid };
}
