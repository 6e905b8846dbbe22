import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { LabCommandFailed } from './errors.ts';

/** The options with which the `lab` command runs. */
export interface LabCommandOptions {
  /** The directory of the lab's state. @default the command's own: `/var/tmp/groundcrew-lab` */
  readonly directory?: string | undefined;
  /** Added to every port, so that a lab can run beside another one. @default the command's own: 0 */
  readonly portOffset?: number | undefined;
  /** The program. @default the one of this package */
  readonly executable?: string | undefined;
  /** Ends the command. Daemons that it started already go on running. */
  readonly signal?: AbortSignal | undefined;
  /** The time limit in milliseconds. @default 60 000; 30 minutes for bringing a lab up, which may install packages */
  readonly timeout?: number | undefined;
  /** Called with each line that the command reports while it works. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

export interface LabCommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** The last lines of what it reported. */
  readonly report: string;
}

const OWN_EXECUTABLE = fileURLToPath(new URL('../lab', import.meta.url));
const KEPT_LINES = 20;

/** Runs `lab ARGUMENTS`. Rejects only if the command did not run to its end; the caller evaluates the exit code. */
export async function runLab(
  command: readonly string[],
  {
    directory,
    portOffset,
    executable = OWN_EXECUTABLE,
    signal,
    timeout = 60_000,
    onProgress,
  }: LabCommandOptions,
): Promise<LabCommandResult> {
  const deadline = AbortSignal.timeout(timeout);
  const child = spawn(executable, command, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...(directory === undefined ? {} : { LAB_DIR: directory }),
      ...(portOffset === undefined ? {} : { LAB_PORT_OFFSET: String(portOffset) }),
    },
    signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const reported: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    reported.push(line);
    if (reported.length > KEPT_LINES) reported.shift();
    onProgress?.(line);
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    const because = deadline.aborted ? `not done within ${timeout} ms` : 'it could not be run';
    throw new LabCommandFailed(command, null, because, { cause });
  });
  if (exitCode === null) throw new LabCommandFailed(command, null, 'ended by a signal');
  return { exitCode, stdout, report: reported.join('\n') };
}

/** Runs a command that must succeed, and returns its output. */
export async function askLab(command: readonly string[], options: LabCommandOptions): Promise<string> {
  const { exitCode, stdout, report } = await runLab(command, options);
  if (exitCode !== 0) throw new LabCommandFailed(command, exitCode, report || `exit code ${exitCode}`);
  return stdout;
}
