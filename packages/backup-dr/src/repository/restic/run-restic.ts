import { isGroundcrewError } from '@groundcrew/ground';
import type { CommandOptions, CommandResult, Host, Revealable } from '@groundcrew/runbook';
import { RepositoryError } from '../repository-error.ts';
import { failureOf } from './failures.ts';

/** What every run of restic has in common. */
export interface ResticSetting {
  readonly host: Host;
  readonly program: string;
  readonly repository: string;
  readonly password: Revealable;
  readonly env: Readonly<Record<string, string | Revealable>>;
  readonly cache: string | false | undefined;
  /** Parts of the place that are secrets, as in `rest:https://user:secret@host/`. */
  readonly secrets: readonly string[];
}

export interface ResticRun extends Pick<CommandOptions, 'stdin' | 'onStdout' | 'onLine' | 'signal' | 'keep'> {
  /** Whether it takes restic's lock. @default true */
  readonly lock?: boolean | undefined;
}

/**
 * Runs restic, and resolves if it succeeded. The first word of the arguments is the action, which errors name; ids and paths of
 * streams are no secrets.
 *
 * @throws RepositoryError; what the streams and listeners of the options throw; the signal's reason
 */
export async function runRestic(
  setting: ResticSetting,
  words: readonly [string, ...string[]],
  { lock = true, ...options }: ResticRun = {},
): Promise<CommandResult> {
  const { host, program, repository, password, env, cache, secrets } = setting;
  const flags = [
    '--password-file',
    '/dev/fd/3',
    ...(lock ? [] : ['--no-lock']),
    ...(cache === undefined ? [] : cache === false ? ['--no-cache'] : ['--cache-dir', cache]),
  ];
  const [action] = words;
  const { exitCode, ...result } = await host
    .run(['sh', '-c', SCRIPT, 'sh', program, ...words, ...flags], {
      ...options,
      // The place is no argument either: it may hold a password.
      env: { ...env, RESTIC_REPOSITORY: repository, GROUNDCREW_RESTIC_PASSWORD: password },
      redact: secrets,
      expect: 'any',
      // As long as a volume takes; the longest that a host allows.
      timeout: '24d',
      // At SIGTERM restic before 0.17 leaves its lock behind (`cmd/restic/cleanup.go`).
      stop: { signal: 'SIGINT', grace: '15s' },
    })
    .catch((error: unknown) => {
      throw killedBySignal(error) ? failureOf(action, { exitCode: undefined, stderr: '' }) : error;
    });
  if (exitCode !== 0) throw failureOf(action, { exitCode, stderr: result.stderr });
  return { exitCode, ...result };
}

/** A signal that nobody of us sent is told as a failed command without an exit code. */
const killedBySignal = (error: unknown): boolean =>
  isGroundcrewError(error) &&
  error.code === 'command-failed' &&
  (error as { exitCode?: number | undefined }).exitCode === undefined;

/**
 * Hands the password over by a pipe that only restic reads: it is no argument, which `ps` shows to all; no variable of restic's
 * environment, which its helpers (`ssh`, `rclone`) would inherit; and no file, which a kill would leave behind. The environment of
 * this shell has it until restic takes the shell's place. Variables of the caller's own environment that name another password
 * would contradict it.
 */
const SCRIPT = `password=$GROUNDCREW_RESTIC_PASSWORD
unset GROUNDCREW_RESTIC_PASSWORD RESTIC_PASSWORD RESTIC_PASSWORD_COMMAND RESTIC_PASSWORD_FILE RESTIC_REPOSITORY_FILE
exec 3<<END
$password
END
unset password
exec "$@"`;

/** The version in what `restic version` prints: `restic 0.14.0 compiled with go1.19.8 on linux/amd64`. */
export function versionIn(text: string): string | undefined {
  return /\brestic (\d{1,4}\.\d{1,4}\.\d{1,4})\b/.exec(text)?.[1];
}

/** Whether a version is this one or a newer one: 0.14 is the oldest that tells, and does, all that is asked for. */
export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ofMajor = 0, ofMinor = 0] = version.split('.').map(Number);
  return ofMajor > major || (ofMajor === major && ofMinor >= minor);
}

export const tooOld = (version: string): RepositoryError =>
  new RepositoryError('engine-too-old', `restic ${version} is older than 0.14`, {
    remedy: 'Install restic 0.14 or newer.',
  });
