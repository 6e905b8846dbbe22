import {
  aPositiveDuration,
  anObjectWith,
  type Duration,
  messageOf,
  optionsSchema,
  parseArguments,
  Secret,
} from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook/hosts';
import { z } from 'zod';
import { pulled } from '../repository/pulled.ts';
import type { ControlPlanePart } from './control-plane-part.ts';
import { withScratch } from './scratch-folder.ts';
import { provenCopy } from './proven-copy.ts';

export interface MariadbOptions {
  readonly host: Pick<Host, 'run' | 'name' | 'upload'>;
  /** @default 'mariadb' */
  readonly name?: string | undefined;
  /** @default '/run/mysqld/mysqld.sock' */
  readonly socket?: string | undefined;
  /** @default what the server's configuration says */
  readonly datadir?: string | undefined;
  /** Who has the rights RELOAD, PROCESS, LOCK TABLES and BINLOG MONITOR. @default who one is, by the socket */
  readonly user?: string | undefined;
  readonly password?: Secret | string | undefined;
  /** As root, or as the user of that name: mariadb-backup reads the files of the server. @default as who one is */
  readonly sudo?: boolean | string | undefined;
  /** A folder of the host with room for all databases, where the copy is tried. @default '/var/tmp' */
  readonly scratch?: string | undefined;
  /** Until copying, and until trying the copy, is given up. @default '4h' */
  readonly timeout?: Duration | undefined;
}

const aPath = z.string().startsWith('/', 'must be an absolute path');
const mariadbOptions = optionsSchema<MariadbOptions>({
  host: anObjectWith<MariadbOptions['host']>('a Host', 'run', 'name', 'upload'),
  name: z
    .string()
    .regex(/^[a-z\d][a-z\d-]{0,40}$/, 'must be a short name in lower case')
    .optional(),
  socket: aPath.optional(),
  datadir: aPath.optional(),
  user: z.string().min(1).optional(),
  password: z.union([z.string(), z.instanceof(Secret)]).optional(),
  sudo: z.union([z.boolean(), z.string().min(1)]).optional(),
  scratch: aPath.optional(),
  timeout: aPositiveDuration.optional(),
});

/**
 * All databases of a MariaDB server at one position, by `mariadb-backup`, streamed; the server goes on. As a part of it the copy is
 * read back out of the repository, prepared, and started in a server of its own that listens on a socket only: what comes of it are the
 * tables with their checksums, which a restored server must have. A copy that does not start is a gap, and the point is partial.
 *
 * @throws InputError naming the field
 * @example mariadb({ host: sshHost({ host: 'controller-1' }), sudo: true })
 */
export function mariadb(options: MariadbOptions): ControlPlanePart {
  parseArguments('mariadb', mariadbOptions, options);
  const { host, name = 'mariadb' } = options;
  return {
    name,
    kind: 'database',
    host: host.name,
    async store({ writer, engine, progress }) {
      progress('copying the databases');
      const stream = await withCredentials(options, (defaults) =>
        writer.put(`${name}.mbstream`, copyOf(options, defaults, writer.signal), {
          tags: { host: host.name, part: name },
        }),
      );
      progress('trying the copy');
      try {
        const facts = await withScratch(options, writer.signal, (folder) =>
          provenCopy({
            ...options,
            folder,
            content: engine.get(stream, { signal: writer.signal }),
            signal: writer.signal,
            progress,
          }),
        );
        return { facts, gaps: [] };
      } catch (error) {
        writer.signal.throwIfAborted();
        const why = `the copy was stored, and could not be started: ${messageOf(error)}`;
        return { facts: undefined, gaps: [{ what: `${name} of ${host.name}`, why }] };
      }
    },
  };
}

/** The output of mariadb-backup, which keeps its temporary files in a folder of its own. */
const copyOf = (
  options: MariadbOptions,
  defaults: readonly string[],
  outer: AbortSignal,
): AsyncIterable<Uint8Array> =>
  pulled(
    (hand, signal) =>
      withScratch(options, signal, async (folder) => {
        const { host, sudo, socket = '/run/mysqld/mysqld.sock', datadir, user, timeout = '4h' } = options;
        await host.run(
          [
            'mariadb-backup',
            // It must be the first.
            ...defaults,
            '--backup',
            '--stream=xbstream',
            '--galera-info',
            `--target-dir=${folder}`,
            `--socket=${socket}`,
            ...(datadir === undefined ? [] : [`--datadir=${datadir}`]),
            ...(user === undefined ? [] : [`--user=${user}`]),
          ],
          { ...(sudo === undefined ? {} : { sudo }), signal, timeout, onStdout: hand },
        );
      }),
    outer,
  );

/** A password in a file that only its owner reads, for as long as it is needed: on a command line everybody sees it. */
async function withCredentials<T>(
  options: MariadbOptions,
  work: (defaults: readonly string[]) => Promise<T>,
): Promise<T> {
  const { host, password, sudo } = options;
  if (password === undefined) return work([]);
  const text = password instanceof Secret ? password.reveal() : password;
  return withScratch(options, undefined, async (folder) => {
    const file = `${folder}/client.cnf`;
    const quoted = `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
    await host.upload(`[client]\npassword=${quoted}\n[mariadb-backup]\npassword=${quoted}\n`, file, {
      ...(sudo === undefined ? {} : { sudo }),
      redact: [text],
    });
    return work([`--defaults-extra-file=${file}`]);
  });
}
