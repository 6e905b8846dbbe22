import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { aPositiveDuration, type Duration, milliseconds, parseStrictly } from '@groundcrew/ground';
import type { Host } from './host.ts';
import { commandFault, CommandInputError, HostUnreachableError } from './host-errors.ts';
import { posixQuote } from './posix-quote.ts';
import type { ProcessEnd } from './run-process.ts';
import { shellHost } from './shell-host.ts';
import { SshMarks } from './ssh-marks.ts';

export interface SshHostOptions {
  /** The name under which OpenSSH knows it: a name, an address, or an alias of its configuration. */
  readonly host: string;
  /** The name in findings and journals. @default `host` */
  readonly name?: string | undefined;
  /** @default what OpenSSH's configuration says; likewise the others */
  readonly user?: string | undefined;
  readonly port?: number | undefined;
  readonly identityFile?: string | undefined;
  readonly configFile?: string | undefined;
  readonly knownHostsFile?: string | undefined;
  /**
   * Further options, `-o` as in `ssh_config`: `{ ProxyJump: 'bastion' }`. To share one connection among commands:
   * `{ ControlMaster: 'auto', ControlPath: '/run/user/1000/ssh-%C', ControlPersist: '60' }`; OpenSSH ends it.
   */
  readonly options?: { readonly [name: string]: string } | undefined;
  /** Rounded up to whole seconds, which is what OpenSSH takes. @default '10s' */
  readonly connectTimeout?: Duration | undefined;
  /** The client. @default 'ssh' */
  readonly program?: string | undefined;
}

/**
 * A machine behind the system's OpenSSH client: its configuration, its agent, its known hosts are honoured. It never
 * asks for anything, and never trusts a host that OpenSSH does not know.
 *
 * The time limit holds on the other machine, too (`timeout` of coreutils): a command ends when its time is up, even if the
 * connection broke. One whose connection breaks, or whose signal aborts, goes on until then. What the command moved
 * into a session of its own (`setsid`, a daemon) is not ended, nor waited for. The login shell over there must be a
 * POSIX one (sh, bash, dash, ksh, zsh), and have coreutils.
 *
 * @throws CommandInputError on an option that it does not know, or of another kind
 * @example
 * const controller = sshHost({ host: 'controller-1' });
 * await controller.run(['systemctl', 'reload', 'haproxy'], { sudo: true });
 */
export function sshHost(options: SshHostOptions): Host {
  parseStrictly(sshOptions, options, commandFault);
  const { host, name = host, program = 'ssh' } = options;
  // It would be taken for an option.
  if (host === '' || host.startsWith('-'))
    throw new CommandInputError('host', `${host} is no name of a host`);
  const client = [...flagsOf(options), '--', host];
  return shellHost({
    name,
    carry(command, timeout, { signal, grace }) {
      const marks = new SshMarks(randomBytes(8).toString('hex'));
      const limit = `timeout --signal=${signal} --kill-after=${Math.ceil(grace / 1000)}`;
      const limited = `${limit} ${Math.ceil(timeout / 1000)} ${command.map(posixQuote).join(' ')}`;
      return {
        argv: [program, ...client, marks.around(limited)],
        read: (end) => inner(end, { marks, host: name, timeout }),
        marks,
      };
    },
  });
}

const word = z.string().min(1).optional();

const sshOptions = z.strictObject({
  host: z.string(),
  name: word,
  user: word,
  port: z.int().min(1).max(65_535).optional(),
  identityFile: word,
  configFile: word,
  knownHostsFile: word,
  options: z.record(z.string().regex(/^\w+$/, 'not the name of an option'), z.string()).optional(),
  connectTimeout: aPositiveDuration.optional(),
  program: word,
});

/** The exit codes of `timeout` when it had to end the command, by SIGTERM and by SIGKILL. */
const OUT_OF_TIME = new Set([124, 137]);
/** OpenSSH's words for a connection that did not come about. */
const NEVER_THERE =
  /connect to host|resolve hostname|Permission denied|verification failed|kex_exchange|No route|Connection timed out/i;

function flagsOf({
  user,
  port,
  identityFile,
  configFile,
  knownHostsFile,
  options = {},
  connectTimeout = '10s',
}: SshHostOptions): string[] {
  const wanted: [string, string][] = [
    // OpenSSH takes the first value of an option: these hold whatever a configuration, or `options`, say.
    ['BatchMode', 'yes'],
    ['StrictHostKeyChecking', 'yes'],
    ['RemoteCommand', 'none'],
    ['ConnectTimeout', String(Math.ceil(milliseconds(connectTimeout) / 1000))],
    ['ServerAliveInterval', '5'],
    ['ServerAliveCountMax', '3'],
    ...(knownHostsFile === undefined ? [] : [['UserKnownHostsFile', knownHostsFile] as [string, string]]),
    ...Object.entries(options),
  ];
  return [
    '-T',
    ...(configFile === undefined ? [] : ['-F', configFile]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(identityFile === undefined ? [] : ['-i', identityFile]),
    ...wanted.flatMap(([key, value]) => ['-o', `${key}=${value}`]),
  ];
}

/** The command's own end; without it OpenSSH ended, and not the command. */
function inner(
  end: ProcessEnd,
  { marks, host, timeout }: { readonly marks: SshMarks; readonly host: string; readonly timeout: number },
): ProcessEnd {
  const { begun, exitCode, stderr } = marks.read(end.stderr);
  if (exitCode === undefined) {
    const text = stderr.toString('utf8');
    const said = text.trim().split(/\r?\n/).at(-1) ?? '';
    // Only what OpenSSH itself said: a command that began may have said the same before the connection broke.
    const never = !begun && NEVER_THERE.test(text);
    throw new HostUnreachableError(host, said === '' || begun ? 'the connection ended' : said, {
      mayHaveRun: !never,
    });
  }
  return {
    ...end,
    exitCode,
    killedBy: undefined,
    // A command may have these codes of its own.
    timedOut: OUT_OF_TIME.has(exitCode) && end.duration >= timeout,
    stderr,
  };
}
