import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Daemon, type Lab, type Namespace, startDaemon } from '@groundcrew/lab';

/** One more Keystone: the lab's programs, database and keys, in a network of its own. */
export interface KeystoneReplica {
  readonly namespace: Namespace;
  /** Where drop-in settings go: oslo.config reads them after the file itself. */
  readonly settings: string;
  /** Starts it, or starts it again; what is put before it runs in the namespace. */
  readonly restart: readonly [string, ...string[]];
  /** Holds the pid of its master. */
  readonly pidFile: string;
  readonly log: string;
}

/** The lab's database as a file, which is the same in every network namespace. */
export const databaseFile = (directory: string): Promise<Daemon> =>
  startDaemon(
    ['socat', `UNIX-LISTEN:${join(directory, 'database.sock')},fork,mode=600`, 'TCP:127.0.0.1:3306'],
    { ready: async () => existsSync(join(directory, 'database.sock')) },
  );

/**
 * Prepares a Keystone beside the lab's. The database is reached through `databaseFile`, on the port where the
 * lab's configuration expects it; the bus and the cache are left out.
 */
export async function keystoneReplica(
  lab: Lab,
  namespace: Namespace,
  directory: string,
): Promise<KeystoneReplica> {
  const home = join(directory, namespace.name);
  const database = join(directory, 'database.sock');
  const [program, ...prefix] = namespace.prefix;
  await startDaemon([
    program,
    ...prefix,
    'socat',
    `TCP-LISTEN:3306,bind=127.0.0.1,reuseaddr,fork`,
    `UNIX-CONNECT:${database}`,
  ]);
  const drop = join(home, 'keystone.conf.d');
  await mkdir(drop, { recursive: true });
  const labDirectory = dirname(lab.cloudsYaml);
  const original = await readFile(join(labDirectory, 'lab/etc/keystone/keystone.conf'), 'utf8');
  const own = original
    .replaceAll(/^driver = messagingv2$/gm, 'driver = noop')
    .replace(/(\[cache\]\nenabled = )true/, '$1false');
  const config = join(home, 'keystone.conf');
  await writeFile(config, own, { mode: 0o600 });
  const pidFile = join(home, 'keystone.pid');
  const log = join(home, 'keystone.log');
  const script = join(home, 'restart-keystone');
  await writeFile(
    script,
    `#!/bin/sh
pid=$(cat ${pidFile} 2>/dev/null)
if [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = uwsgi ]; then
    kill -s KILL -- "-$pid"
    while kill -s 0 -- "-$pid" 2>/dev/null; do sleep 0.1; done
fi
rm -f ${pidFile}
export PYTHONPATH=${join(labDirectory, 'py')} PYTHONWARNINGS=ignore LC_ALL=C.UTF-8 MALLOC_ARENA_MAX=2
setsid uwsgi --plugin python3 --http-socket ${namespace.address}:5000 --wsgi-file /usr/bin/keystone-wsgi-public \\
    --master --processes 2 --threads 1 --lazy-apps --enable-threads --thunder-lock --die-on-term --no-orphans \\
    --buffer-size 65535 --listen 100 --add-header 'Connection: close' --disable-logging \\
    --pyargv '--config-file ${config} --config-dir ${drop} --log-file ${log}' \\
    >>${log}.uwsgi 2>&1 </dev/null &
echo $! >${pidFile}
`,
    { mode: 0o755 },
  );
  return { namespace, settings: join(drop, '50-groundcrew.conf'), restart: [script], pidFile, log };
}
