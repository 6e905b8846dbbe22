import type { CommandOptions, CommandResult, Host, UploadOptions } from '../host.ts';
import {
  CommandFailedError,
  CommandInputError,
  CommandTimeoutError,
  FileNotFoundError,
  ProgramNotFoundError,
} from './host-errors.ts';
import { type Redact, redactor } from './redact.ts';
import { type ProcessEnd, runProcess } from './run-process.ts';

/** How commands get to a machine. */
export interface Way {
  readonly name: string;
  /** What is really run here, and what it takes to know how it ended. */
  readonly carry: (command: readonly [string, ...string[]], timeout: number) => Carried;
}

export interface Carried {
  readonly argv: readonly [string, ...string[]];
  /** Reads the end of the command from that of what carried it. @throws HostUnreachableError */
  readonly read: (end: ProcessEnd) => ProcessEnd;
}

/** The way to a machine as a `Host`. All of it is POSIX: a shell, cat, chmod, mv; `sudo` only where it is asked for. */
export function shellHost(way: Way): Host {
  const { name } = way;

  async function execute(
    command: readonly [string, ...string[]],
    options: CommandOptions,
  ): Promise<ProcessEnd & { readonly redact: Redact }> {
    const { timeout = 60, signal, onLine, keep = 1024 * 1024, env = {} } = options;
    if (!(timeout > 0))
      throw new CommandInputError('timeout', `${timeout} is not a positive number of seconds`);
    const redact = redactor([
      ...(options.redact ?? []),
      ...Object.values(env).filter((one) => typeof one !== 'string'),
    ]);
    const shown = { host: name, command: command.map(redact) };
    const { command: dressed, stdin } = dress(command, options);
    const { argv, read } = way.carry(dressed, timeout);
    const end = await runProcess(argv, {
      stdin,
      // The far side has its own limit, and answers with it; this one is for a connection that hangs.
      timeout: timeout * 1000 + (argv === dressed ? 0 : 5_000),
      signal,
      keep,
      onLine: onLine && ((stream, text) => onLine({ stream, text: redact(text) })),
    }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'EACCES')
        throw new ProgramNotFoundError(name, argv[0], { cause: error });
      throw error;
    });
    if (end.timedOut) throw new CommandTimeoutError(shown, timeout);
    const inner = read(end);
    if (inner.timedOut) throw new CommandTimeoutError(shown, timeout);
    return { ...inner, redact };
  }

  const host: Host = {
    name,
    async run(command, options = {}): Promise<CommandResult> {
      const { expect = [0] } = options;
      const { redact, exitCode, killedBy, ...end } = await execute(command, options);
      const stdout = redact(end.stdout.toString('utf8'));
      const stderr = redact(end.stderr.toString('utf8'));
      const shown = command.map(redact);
      if (exitCode === undefined || (expect !== 'any' && !expect.includes(exitCode)))
        throw new CommandFailedError(
          { host: name, command: shown },
          { exitCode, ...(killedBy === undefined ? {} : { signal: killedBy }), stdout, stderr },
        );
      return {
        host: name,
        command: shown,
        exitCode,
        stdout,
        stderr,
        dropped: end.dropped,
        duration: end.duration,
      };
    },

    async upload(content, path, options: UploadOptions = {}) {
      const { mode = 0o600, owner = '', ...rest } = options;
      const argv = ['sh', '-c', WRITE, 'sh', path, mode.toString(8), owner] as const;
      await host.run(argv, { ...rest, stdin: content });
    },

    async download(path, options = {}) {
      const end = await execute(['sh', '-c', READ, 'sh', path], { keep: Infinity, ...options });
      if (end.exitCode === NOT_THERE) throw new FileNotFoundError(name, path);
      if (end.exitCode !== 0)
        throw new CommandFailedError(
          { host: name, command: ['cat', path] },
          { exitCode: end.exitCode, stdout: '', stderr: end.redact(end.stderr.toString('utf8')) },
        );
      return new Uint8Array(end.stdout);
    },
  };
  return host;
}

const NOT_THERE = 44;
const READ = `[ -e "$1" ] || exit ${NOT_THERE}; exec cat -- "$1"`;

/** As a whole: a new file beside it, made durable, takes its place. Whatever fails leaves the old one. */
const WRITE = `umask 077
new=$(mktemp -- "$1.XXXXXXXX") || exit 1
trap 'rm -f -- "$new"' EXIT
cat >"$new" && chmod -- "$2" "$new" && { [ -z "$3" ] || chown -- "$3" "$new"; } && sync -- "$new" && mv -f -- "$new" "$1"`;

/** Reads the environment from its input, line by line, then becomes the command, which has the rest of the input. */
const WITH_ENV = `while IFS= read -r pair && [ -n "$pair" ]; do export "$pair"; done; exec "$@"`;
const IN_FOLDER = `cd -- "$1" && shift && exec "$@"`;

/** Puts folder, environment and sudo around a command, so that they hold on any machine. */
function dress(
  command: readonly [string, ...string[]],
  { stdin = '', env = {}, cwd, sudo }: CommandOptions,
): { command: [string, ...string[]]; stdin: string | Uint8Array } {
  let dressed: [string, ...string[]] = [...command];
  if (command.some((word) => word.includes('\0'))) throw new CommandInputError('command', 'a null byte');
  if (cwd !== undefined) dressed = ['sh', '-c', IN_FOLDER, 'sh', cwd, ...dressed];
  const pairs = Object.entries(env).map(([name, value]) =>
    pair(name, typeof value === 'string' ? value : value.reveal()),
  );
  if (pairs.length > 0) dressed = ['sh', '-c', WITH_ENV, 'sh', ...dressed];
  if (sudo !== undefined && sudo !== false)
    dressed = ['sudo', '-n', ...(typeof sudo === 'string' ? ['-u', sudo] : []), '--', ...dressed];
  if (pairs.length === 0) return { command: dressed, stdin };
  return {
    command: dressed,
    stdin: Buffer.concat([Buffer.from(`${pairs.join('\n')}\n\n`), Buffer.from(stdin)]),
  };
}

function pair(name: string, value: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new CommandInputError(`env.${name}`, 'not the name of a variable');
  if (/[\n\0]/.test(value)) throw new CommandInputError(`env.${name}`, 'a value of more than one line');
  return `${name}=${value}`;
}
