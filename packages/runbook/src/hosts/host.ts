import type { Duration } from '@groundcrew/ground';

/** A machine on which commands run: this one, or one behind SSH. */
export interface Host {
  /** The name in findings and journals. */
  readonly name: string;
  /**
   * Runs a program with its arguments; no shell takes part, on either side, so that nothing needs quoting.
   *
   * @throws CommandFailedError on an exit code that was not expected, CommandTimeoutError, HostUnreachableError
   * @example
   * const { stdout } = await host.run(['haproxy', '-c', '-f', '/etc/haproxy/haproxy.cfg']);
   */
  run(command: readonly [string, ...string[]], options?: CommandOptions): Promise<CommandResult>;
  /** Writes a file as a whole: readers see the old one or the new one. Default mode 0600. */
  upload(content: string | Uint8Array, path: string, options?: HostUploadOptions): Promise<void>;
  /** The whole of it. @throws FileNotFoundError */
  download(path: string, options?: DownloadOptions): Promise<Uint8Array>;
}

export interface CommandOptions {
  /**
   * Fed to it, then closed; closed early if the runner dies or the connection breaks. Of a stream a piece is asked for when the one
   * before was read; what the stream throws ends the command, without closing its input before, and is thrown.
   *
   * @default nothing
   */
  readonly stdin?: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** Added to its environment. Over SSH it travels on standard input, never on a command line that `ps` shows. */
  readonly env?: { readonly [name: string]: string | Revealable } | undefined;
  readonly cwd?: string | undefined;
  /** Until it is killed, with its process group; at most 24 days. @default '1m' */
  readonly timeout?: Duration | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Runs it as root, or as the user of that name, by `sudo -n`. @default as who one is */
  readonly sudo?: boolean | string | undefined;
  /** Each line as it comes, redacted; what this throws ends the command, and is thrown. */
  readonly onLine?: ((line: OutputLine) => void) | undefined;
  /**
   * Standard output as bytes, as they come and not redacted: no more is read before what this returns has settled, so that the command
   * goes no faster than they are taken. `stdout` of the result is empty then, and `onLine` has the lines of standard error alone.
   * What this throws ends the command, and is thrown.
   */
  readonly onStdout?: ((bytes: Uint8Array) => void | Promise<void>) | undefined;
  /**
   * How it is ended when its time is up, the signal aborts, or something throws. Programs that clean up at an interrupt only need
   * `SIGINT`, and time for it; then it is killed.
   *
   * @default `SIGTERM`, and '2s'
   */
  readonly stop?: CommandStop | undefined;
  /** Texts that must never show in results, lines and errors; the values of `env` that can be revealed are added. */
  readonly redact?: readonly (string | Revealable)[] | undefined;
  /** Exit codes that are an answer, not a failure. @default [0] */
  readonly expect?: readonly number[] | 'any' | undefined;
  /** Bytes of each stream that are kept, the last ones. @default 1 MiB */
  readonly keep?: number | undefined;
}

export interface CommandStop {
  /** @default 'SIGTERM' */
  readonly signal?: 'SIGTERM' | 'SIGINT' | undefined;
  /** Between asking and killing. Over SSH rounded up to whole seconds. @default '2s' */
  readonly grace?: Duration | undefined;
}

/** A `Secret` of `@groundcrew/core` is one. */
export interface Revealable {
  reveal(): string;
}

export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface CommandResult {
  readonly host: string;
  readonly command: readonly string[];
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Bytes at the beginning that `keep` left out, of both streams. */
  readonly dropped: number;
  readonly durationMs: number;
}

export interface HostUploadOptions extends Omit<CommandOptions, 'stdin' | 'onStdout' | 'expect' | 'keep'> {
  /** @default 0o600 */
  readonly mode?: number | undefined;
  /** `user` or `user:group`. @default who writes it */
  readonly owner?: string | undefined;
}

export type DownloadOptions = Omit<CommandOptions, 'stdin' | 'onStdout' | 'expect' | 'keep'>;
