import { type ArgumentFault, durationWords } from '@groundcrew/ground';
import { RunbookError } from '../errors.ts';

interface CommandFacts {
  readonly host: string;
  /** Redacted. */
  readonly command: readonly string[];
}

/** A command that ended with an exit code which was not expected. */
export class CommandFailedError extends RunbookError {
  readonly code = 'command-failed';
  readonly host: string;
  readonly command: readonly string[];
  /** `undefined` if a signal ended it. */
  readonly exitCode: number | undefined;
  /** The end of it, redacted. */
  readonly stdout: string;
  /** The end of it, redacted. */
  readonly stderr: string;

  constructor(
    { host, command }: CommandFacts,
    end: {
      readonly exitCode: number | undefined;
      readonly signal?: string;
      readonly stdout: string;
      readonly stderr: string;
    },
  ) {
    const how =
      end.exitCode === undefined ? `ended by ${end.signal ?? 'a signal'}` : `exit code ${end.exitCode}`;
    const last = end.stderr.trim().split('\n').at(-1) ?? '';
    super(`${command.join(' ')} on ${host}: ${how}${last === '' ? '' : `: ${last}`}`);
    this.host = host;
    this.command = command;
    this.exitCode = end.exitCode;
    this.stdout = end.stdout;
    this.stderr = end.stderr;
  }
}

/** A command that took longer than it may; it was killed. */
export class CommandTimeoutError extends RunbookError {
  readonly code = 'command-timeout';
  readonly host: string;
  readonly command: readonly string[];
  readonly timeoutMs: number;

  constructor({ host, command }: CommandFacts, timeoutMs: number) {
    super(`${command.join(' ')} on ${host}: not done within ${durationWords(timeoutMs)}`, {
      remedy: 'It may have had an effect: look before it is run again.',
    });
    this.host = host;
    this.command = command;
    this.timeoutMs = timeoutMs;
  }
}

/** A host that could not be reached: the command did not begin, or its end is not known. */
export class HostUnreachableError extends RunbookError {
  readonly code = 'host-unreachable';
  readonly host: string;
  /** True if the command may have begun. */
  readonly mayHaveRun: boolean;

  constructor(
    host: string,
    why: string,
    options: { readonly mayHaveRun: boolean; readonly cause?: unknown },
  ) {
    super(`${host}: ${why}`, { remedy: `Try it by hand: ssh ${host} true`, cause: options.cause });
    this.host = host;
    this.mayHaveRun = options.mayHaveRun;
  }
}

/** A program that is not there, or may not be run. */
export class ProgramNotFoundError extends RunbookError {
  readonly code = 'program-not-found';
  readonly host: string;
  readonly program: string;

  constructor(host: string, program: string, options: { readonly cause?: unknown } = {}) {
    super(`${host} has no program ${program} that may be run`, {
      remedy: `Install it on ${host}.`,
      ...options,
    });
    this.host = host;
    this.program = program;
  }
}

/** A file that is not there. */
export class FileNotFoundError extends RunbookError {
  readonly code = 'file-not-found';
  readonly host: string;
  readonly path: string;

  constructor(host: string, path: string) {
    super(`${host} has no file ${path}`);
    this.host = host;
    this.path = path;
  }
}

/** Makes the error that `parseStrictly` throws. */
export const commandFault = ({ field, message }: ArgumentFault): CommandInputError =>
  new CommandInputError(field, message);

/** Options that cannot be carried out; nothing was run. */
export class CommandInputError extends RunbookError {
  readonly code = 'command-input';
  readonly field: string;

  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.field = field;
  }
}
