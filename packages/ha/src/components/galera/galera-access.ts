import { InputError } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook';
import type { GaleraTarget } from './observe-galera.ts';

type Command = readonly [string, ...string[]];

/** Commands that are run on a node. Each returns when it has had its effect; a server goes on in the background. */
export interface GaleraCommands {
  /** @default `systemctl start mariadb` */
  readonly start: Command;
  /** Begins a cluster with this node. @default `galera_new_cluster`, which is Debian's and MariaDB's */
  readonly bootstrap: Command;
  /** Stops the server in order, so that it writes its position down. @default `systemctl stop mariadb` */
  readonly stop: Command;
  /** Prints `WSREP: Recovered position: …`. @default `mariadbd --user=mysql --wsrep-recover --disable-log-error` */
  readonly recover: Command;
}

/** The ways to reach one node: its machine, its data and its SQL. */
export interface GaleraAccess {
  /** The machine that the node runs on; its name is the node's. */
  readonly host: Host;
  /** @default `/var/lib/mysql` */
  readonly dataDirectory?: string | undefined;
  /** The node itself, not a load balancer. */
  readonly sql: GaleraTarget;
  readonly commands?: Partial<GaleraCommands> | undefined;
  /** Root's rights are needed: for its files, and to see its processes. @default as who one is */
  readonly sudo?: boolean | undefined;
}

export const dataDirectoryOf = ({ dataDirectory = '/var/lib/mysql' }: GaleraAccess): string => {
  if (!/^\/[^\0\n]*[^/\0\n]$/.test(dataDirectory))
    throw new InputError(`dataDirectory: ${JSON.stringify(dataDirectory)} is no absolute path`, {
      field: 'dataDirectory',
      operation: 'readGaleraNode',
    });
  return dataDirectory;
};

export const commandsOf = ({ commands }: GaleraAccess): GaleraCommands => ({
  start: commands?.start ?? ['systemctl', 'start', 'mariadb'],
  bootstrap: commands?.bootstrap ?? ['galera_new_cluster'],
  stop: commands?.stop ?? ['systemctl', 'stop', 'mariadb'],
  recover: commands?.recover ?? ['mariadbd', '--user=mysql', '--wsrep-recover', '--disable-log-error'],
});
