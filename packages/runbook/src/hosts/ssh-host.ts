import { randomBytes } from 'node:crypto';
import type { Host } from '../host.ts';
import { CommandInputError, HostUnreachableError } from './host-errors.ts';
import { posixQuote } from './posix-quote.ts';
import type { ProcessEnd } from './run-process.ts';
import { shellHost } from './shell-host.ts';

export interface SshHostOptions {
  /** As OpenSSH knows it: a name, an address, or an alias of its configuration. */
  readonly host: string;
  /** As findings and journals name it. @default `host` */
  readonly name?: string | undefined;
  /** @default what OpenSSH's configuration says; likewise the others */
  readonly user?: string | undefined;
  readonly port?: number | undefined;
  readonly identityFile?: string | undefined;
  readonly configFile?: string | undefined;
  readonly knownHostsFile?: string | undefined;
  /** Further options, `-o` as in `ssh_config`: `{ ProxyJump: 'bastion' }`. */
  readonly options?: { readonly [name: string]: string } | undefined;
  /** Seconds. @default 10 */
  readonly connectTimeout?: number | undefined;
  /** The client. @default 'ssh' */
  readonly program?: string | undefined;
}

/**
 * A machine behind the system's OpenSSH client: its configuration, its agent, its known hosts are honoured. It never
 * asks for anything, and never trusts a host that OpenSSH does not know.
 *
 * The time limit holds on the far side, too (`timeout` of coreutils): a command ends when its time is up, even if the
 * connection broke. One whose connection breaks, or whose signal aborts, goes on until then.
 *
 * @example
 * const controller = sshHost({ host: 'controller-1' });
 * await controller.run(['systemctl', 'reload', 'haproxy'], { sudo: true });
 */
export function sshHost(options: SshHostOptions): Host {
  const { host, name = host, program = 'ssh' } = options;
  // It would be taken for an option.
  if (host === '' || host.startsWith('-'))
    throw new CommandInputError('host', `${host} is no name of a host`);
  const client = [...flagsOf(options), '--', host];
  return shellHost({
    name,
    carry(command, timeout) {
      const word = randomBytes(8).toString('hex');
      const script = `${LIMIT} ${Math.ceil(timeout)} ${command.map(posixQuote).join(' ')}; printf '%s %s\\n' ${word} $? >&2`;
      return { argv: [program, ...client, script], read: (end) => inner(end, { word, host: name, timeout }) };
    },
  });
}

const LIMIT = 'timeout --kill-after=2';
/** What `timeout` answers when it had to end the command, by SIGTERM and by SIGKILL. */
const OUT_OF_TIME = new Set([124, 137]);

function flagsOf({
  user,
  port,
  identityFile,
  configFile,
  knownHostsFile,
  options = {},
  connectTimeout = 10,
}: SshHostOptions): string[] {
  const wanted: [string, string][] = [
    ['BatchMode', 'yes'],
    ['ConnectTimeout', String(connectTimeout)],
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

/** The command's own end, which the far side wrote last; without it OpenSSH ended, and not the command. */
function inner(
  end: ProcessEnd,
  { word, host, timeout }: { readonly word: string; readonly host: string; readonly timeout: number },
): ProcessEnd {
  const text = end.stderr.toString('latin1');
  const match = new RegExp(`${word} (\\d+)\\n$`).exec(text);
  if (match === null) {
    const said = end.stderr.toString('utf8').trim().split('\n').at(-1) ?? '';
    const never =
      /connect to host|resolve hostname|Permission denied|verification failed|kex_exchange|No route/i.test(
        text,
      );
    throw new HostUnreachableError(host, said === '' ? 'the connection ended' : said, { mayHaveRun: !never });
  }
  const exitCode = Number(match[1]);
  return {
    ...end,
    exitCode,
    killedBy: undefined,
    // A command may have these codes of its own.
    timedOut: OUT_OF_TIME.has(exitCode) && end.duration >= timeout * 1000,
    stderr: end.stderr.subarray(0, match.index),
  };
}
