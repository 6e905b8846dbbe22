import { z } from 'zod';
import {
  aDuration,
  aFunction,
  aPositiveDuration,
  aSignal,
  milliseconds,
  parseStrictly,
} from '@groundcrew/ground';
import { isByteStream } from './feed.ts';
import type { CommandOptions, CommandResult, Host, HostUploadOptions } from './host.ts';
import {
  CommandFailedError,
  commandFault,
  CommandInputError,
  CommandTimeoutError,
  FileNotFoundError,
  ProgramNotFoundError,
} from './host-errors.ts';
import { cutOf, type Redact, redactor, secretWords } from './redact.ts';
import { type ProcessEnd, type ProcessOptions, type ProcessStop, runProcess } from './run-process.ts';
import { IN_FOLDER, NOT_THERE, READ, WITH_ENV, WRITE } from './scripts.ts';

/** A transport of commands to a machine. */
export interface HostTransport {
  readonly name: string;
  /** The command that really runs here, and the means to know how it ended. */
  readonly carry: (command: readonly [string, ...string[]], timeout: number, stop: ProcessStop) => Carried;
}

export interface Carried {
  readonly argv: readonly [string, ...string[]];
  /** Reads the end of the command from that of what carried it. @throws HostUnreachableError */
  readonly read: (end: ProcessEnd) => ProcessEnd;
  /**
   * The marks that the other side writes on stderr around the command, and that are not of the command. @default
   * nothing
   */
  readonly marks?: Marks | undefined;
}

export interface Marks {
  /** Tells whether this line says that the command has ended. */
  isEnd(line: string): boolean;
  /** The line without them; `undefined` if nothing else was in it. */
  strip(line: string): string | undefined;
}

interface Ended extends Pick<ProcessEnd, 'exitCode' | 'killedBy' | 'stdout' | 'stderr'> {
  readonly redact: Redact;
}

/** Bytes: more than all marks of a carrier together. */
const MARGIN = 128;

/** The transport to a machine as a `Host`. All of it is POSIX: a shell, cat, chmod, mv; `sudo` only where it is asked for. */
export function shellHost(transport: HostTransport): Host {
  const { name } = transport;

  async function execute(
    command: readonly [string, ...string[]],
    options: CommandOptions,
  ): Promise<ProcessEnd & { readonly redact: Redact }> {
    const { signal, onLine, onStdout, env = {} } = options;
    const { timeout, keep, stop } = checked(options);
    const words = secretWords([
      ...(options.redact ?? []),
      ...Object.values(env).filter((entry) => typeof entry !== 'string'),
    ]);
    const redact = redactor(words);
    const shown = { host: name, command: command.map(redact) };
    const { command: dressed, stdin } = dress(command, options);
    const { argv, read, marks } = transport.carry(dressed, timeout, stop);
    const end = await runProcess(argv, {
      stdin,
      // The other machine has its own limit, and answers with it; this one is for a connection that hangs.
      timeout: timeout + (marks === undefined ? 0 : 5_000),
      signal,
      // As much more as it takes to see a secret, or the mark, as a whole at the beginning of what is kept.
      keep: keep + MARGIN + Math.max(0, ...words.map((word) => Buffer.byteLength(word))),
      clean: redact,
      onStdout,
      stop,
      isEnd: marks && ((line) => marks.isEnd(line)),
      onLine:
        onLine &&
        ((stream, line) => {
          const text = stream === 'stderr' && marks !== undefined ? marks.strip(line) : line;
          if (text !== undefined) onLine({ stream, text });
        }),
    }).catch((error: NodeJS.ErrnoException) => {
      if ((error.code === 'ENOENT' || error.code === 'EACCES') && error.syscall?.startsWith('spawn') === true)
        throw new ProgramNotFoundError(name, argv[0], { cause: error });
      if (error.code === 'E2BIG')
        throw new CommandInputError('command', 'longer than a command line may be: give it as stdin');
      throw error;
    });
    if (end.timedOut) throw new CommandTimeoutError(shown, timeout);
    const inner = read(end);
    if (inner.timedOut) throw new CommandTimeoutError(shown, timeout);
    const cuts = [cutOf(inner.stdout, keep, words), cutOf(inner.stderr, keep, words)] as const;
    return {
      ...inner,
      stdout: inner.stdout.subarray(cuts[0]),
      stderr: inner.stderr.subarray(cuts[1]),
      dropped: inner.dropped + cuts[0] + cuts[1],
      redact,
    };
  }

  const failed = (
    command: readonly string[],
    { exitCode, killedBy, stdout, stderr, redact }: Ended,
  ): CommandFailedError =>
    new CommandFailedError(
      { host: name, command: command.map(redact) },
      {
        exitCode,
        ...(killedBy === undefined ? {} : { signal: killedBy }),
        stdout: redact(stdout.toString('utf8')),
        stderr: redact(stderr.toString('utf8')),
      },
    );

  return {
    name,
    async run(command, options = {}): Promise<CommandResult> {
      const { expect = [0] } = options;
      const { redact, exitCode, killedBy, ...end } = await execute(command, options);
      if (exitCode === undefined || (expect !== 'any' && !expect.includes(exitCode)))
        throw failed(command, { ...end, exitCode, killedBy, redact });
      return {
        host: name,
        command: command.map(redact),
        exitCode,
        stdout: redact(end.stdout.toString('utf8')),
        stderr: redact(end.stderr.toString('utf8')),
        dropped: end.dropped,
        durationMs: end.duration,
      };
    },

    async upload(content, path, options: HostUploadOptions = {}) {
      const { mode = 0o600, owner = '', ...rest } = options;
      const bytes = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
      const argv = ['sh', '-c', WRITE, 'sh', path, mode.toString(8), owner, String(bytes)] as const;
      const end = await execute(argv, { ...rest, stdin: content });
      if (end.exitCode !== 0) throw failed(['upload', path], end);
    },

    async download(path, options = {}) {
      const end = await execute(['sh', '-c', READ, 'sh', path], { ...options, keep: Infinity });
      if (end.exitCode === NOT_THERE) throw new FileNotFoundError(name, path);
      if (end.exitCode !== 0) throw failed(['download', path], { ...end, stdout: Buffer.alloc(0) });
      return new Uint8Array(end.stdout);
    },
  };
}

const revealable = z.custom(
  (value) => typeof value === 'string' || (typeof value === 'object' && value !== null && 'reveal' in value),
  'must be text, or something that can be revealed',
);

/** The longest time that timers can count: a longer limit is none. */
const LONGEST = milliseconds('24d');

const aTimeout = aDuration.pipe(z.number().positive().max(LONGEST));

/** A slip in `timeout` or `redact` must not run a command without it. */
const commandOptions = z.strictObject({
  stdin: z
    .union([
      z.string(),
      z.instanceof(Uint8Array),
      z.custom<AsyncIterable<Uint8Array>>(
        (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
        'must be text, bytes, or a stream of bytes',
      ),
    ])
    .optional(),
  env: z.record(z.string(), revealable).optional(),
  cwd: z.string().min(1).optional(),
  timeout: aTimeout.optional(),
  // Its range is checked below.

  keep: z.unknown().optional(),
  signal: aSignal.optional(),
  sudo: z.union([z.boolean(), z.string().min(1)]).optional(),
  onLine: aFunction.optional(),
  onStdout: aFunction.optional(),
  stop: z
    .strictObject({ signal: z.enum(['SIGTERM', 'SIGINT']).optional(), grace: aPositiveDuration.optional() })
    .optional(),
  redact: z.array(revealable).optional(),
  expect: z.union([z.literal('any'), z.array(z.int())]).optional(),
});

function checked(options: CommandOptions): { timeout: number; keep: number; stop: ProcessStop } {
  const { timeout = milliseconds('1m') } = parseStrictly(commandOptions, options, commandFault);
  const { keep = 1024 * 1024 } = options;
  if (!(keep >= 0)) throw new CommandInputError('keep', `${keep} is not a number of bytes`);
  const { signal = 'SIGTERM', grace = '2s' } = options.stop ?? {};
  return { timeout, keep, stop: { signal, grace: milliseconds(grace) } };
}

/** Puts folder, environment and sudo around a command, so that they hold on any machine. */
function dress(
  command: readonly [string, ...string[]],
  { stdin = '', env = {}, cwd, sudo }: CommandOptions,
): { command: [string, ...string[]]; stdin: ProcessOptions['stdin'] } {
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
  const head = Buffer.from(`${pairs.join('\n')}\n\n`);
  return {
    command: dressed,
    stdin: isByteStream(stdin) ? after(head, stdin) : Buffer.concat([head, Buffer.from(stdin)]),
  };
}

/** A stream that begins with something else. */
async function* after(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* rest;
}

function pair(name: string, value: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new CommandInputError(`env.${name}`, 'not the name of a variable');
  if (/[\n\0]/.test(value)) throw new CommandInputError(`env.${name}`, 'a value of more than one line');
  return `${name}=${value}`;
}
