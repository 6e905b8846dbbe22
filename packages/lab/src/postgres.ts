import { execFile } from 'node:child_process';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Daemon, startDaemon, waitUntil } from './daemon.ts';
import { LabError } from './errors.ts';
import { freePorts } from './free-port.ts';
import { ensurePackages } from './packages.ts';

/** A real PostgreSQL server on loopback. Its data is removed when it is disposed of. */
export interface Postgres extends AsyncDisposable {
  /** The URL of its only database, for its superuser. A restart does not change it. */
  readonly url: string;
  readonly port: number;
  /** Sends SIGKILL to the server and to all its backends, which leaves the data as a power failure does. */
  kill(): Promise<void>;
  /** Stops the server in an orderly way: it ends every session and writes all data. */
  stop(): Promise<void>;
  /** Starts it again on the same data. Does nothing if it runs. */
  start(): Promise<void>;
}

/**
 * Starts Debian's PostgreSQL; it ends with this process. It writes through to the disk as a real one does, so that what
 * was committed before `kill()` is there after `start()`.
 */
export async function startPostgres(): Promise<Postgres> {
  await ensurePackages(['postgresql']);
  const bin = await programs();
  const folder = await mkdtemp(path.join(tmpdir(), 'postgres-'));
  const data = path.join(folder, 'data');
  const owner = await ownerOf(folder);
  const [port = 0] = await freePorts(1);
  const program = (name: string): string => path.join(bin, name);
  const initialise = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await promisify(execFile)(program('initdb'), initialise, { ...owner, cwd: folder });
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'shared_buffers=32MB',
    'max_connections=100',
  ];
  const command = [program('postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const ready = async (): Promise<boolean> => {
    try {
      await promisify(execFile)(program('pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]);
      return true;
    } catch {
      return false;
    }
  };
  let daemon: Daemon | undefined;
  const server: Postgres = {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    port,
    async start() {
      if (daemon?.running()) return;
      daemon = await startDaemon(command as [string, ...string[]], { ...owner, cwd: folder, ready });
    },
    async stop() {
      await daemon?.stop();
    },
    async kill() {
      const killed = daemon;
      if (killed === undefined) return;
      // Each backend leads a session of its own, which a signal to the server's group does not reach.
      const backends = await childrenOf(killed.pid);
      killed.signal('SIGKILL');
      for (const pid of backends) end(pid);
      await waitUntil(async () => !killed.running() && !(await isAnyAlive(backends)), {
        within: 20_000,
        what: 'the end of PostgreSQL',
      });
    },
    async [Symbol.asyncDispose]() {
      await daemon?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await server.start();
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return server;
}

/** The directory of the newest installed version, whose programs are not on the PATH. */
async function programs(): Promise<string> {
  const root = '/usr/lib/postgresql';
  const versions = (await readdir(root)).filter((name) => /^\d+$/.test(name)).map(Number);
  const newest = Math.max(...versions);
  if (!Number.isFinite(newest)) throw new LabError(`${root} holds no PostgreSQL`);
  return path.join(root, String(newest), 'bin');
}

/** The user that runs the server. PostgreSQL refuses root, so that the user of its package takes root's place. */
async function ownerOf(folder: string): Promise<{ readonly uid?: number; readonly gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all([idOf('-u'), idOf('-g')]);
  await chown(folder, uid, gid);
  return { uid, gid };
}

const idOf = async (flag: '-u' | '-g'): Promise<number> =>
  Number((await promisify(execFile)('id', [flag, 'postgres'])).stdout);

async function childrenOf(pid: number): Promise<number[]> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'pid=', '--ppid', String(pid)]);
    return stdout.split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Tells whether a process runs. A zombie does not count. */
async function isAnyAlive(pids: readonly number[]): Promise<boolean> {
  if (pids.length === 0) return false;
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', pids.join(',')]);
    return stdout.split('\n').some((state) => state !== '' && !state.startsWith('Z'));
  } catch {
    return false;
  }
}
