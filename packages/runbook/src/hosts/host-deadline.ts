import {
  aPositiveDuration,
  aSignal,
  type Duration,
  milliseconds,
  optionsSchema,
  parseStrictly,
} from '@groundcrew/ground';
import { z } from 'zod';
import { commandFault, CommandInputError } from './host-errors.ts';
import type { Host } from './host.ts';

export interface DeadlineOptions {
  /** The time from now until the host runs the command. */
  readonly after: Duration;
  /** `true` runs it as root, a name as that user, by `sudo -n`. @default as the user of the connection */
  readonly sudo?: boolean | string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const deadlineOptions = optionsSchema<DeadlineOptions>({
  after: aPositiveDuration,
  sudo: z.union([z.boolean(), z.string().min(1)]).optional(),
  signal: aSignal.optional(),
});

/** A command that waits on a host for its time. */
export interface HostDeadline {
  /** Id of the process that waits; it leads a process group of its own. */
  readonly pid: number;
  /** Calls it off. It may be done again and again, and where the time is over it has no effect. */
  cancel(options?: Pick<DeadlineOptions, 'signal' | 'sudo'>): Promise<void>;
}

/**
 * Leaves on a host a process that runs a command when the time is over, whatever becomes of us, or of the way to that host. So a
 * change is undone even if whoever made it was killed: arm the undoing before the change, and cancel it once it was undone
 * otherwise. It does not outlive a restart of the host.
 *
 * @throws CommandInputError on an option that it does not know, or of another kind; what `host.run` throws
 * @example
 * const deadline = await armDeadline(host, ['nft', 'delete', 'table', 'inet', 'drill'], { after: '1m', sudo: true });
 * // … make the change, and undo it …
 * await deadline.cancel();
 */
export async function armDeadline(
  host: Host,
  command: readonly [string, ...string[]],
  options: DeadlineOptions,
): Promise<HostDeadline> {
  parseStrictly(deadlineOptions, options, commandFault);
  const { after, ...rest } = options;
  const words = ['sh', '-c', WAIT, 'sh', String(milliseconds(after) / 1_000), ...command] as const;
  const { stdout } = await host.run(words, rest);
  const pid = Number(stdout.trim());
  if (!Number.isInteger(pid) || pid < 2)
    throw new CommandInputError('command', `${host.name} told no process id of what waits there`);
  return {
    pid,
    cancel: async (own = rest) => {
      // The whole group: the shell, and the sleep that it waits for.
      await host.run(['kill', '-s', 'KILL', '--', `-${pid}`], { ...own, expect: 'any' });
    },
  };
}

/**
 * Calls off all deadlines on a host whose command has this word among its arguments, whoever armed them: a program that goes on with
 * the work of one that was killed does not know their processes. None is no failure.
 *
 * @param word - of letters, digits, `_`, `.` and `-`, at least eight, as the id of a run is
 * @throws CommandInputError on another word, or an option that it does not know; what `host.run` throws
 * @example await cancelDeadlines(host, run.id, { sudo: true });
 */
export async function cancelDeadlines(
  host: Host,
  word: string,
  options: Omit<DeadlineOptions, 'after'> = {},
): Promise<void> {
  parseStrictly(cancelOptions, options, commandFault);
  if (!/^[\w.-]{8,256}$/.test(word))
    throw new CommandInputError('word', 'must be of letters, digits, `_`, `.` and `-`, at least eight');
  const pattern = `^sh -c sleep "[$]0"; exec .* ${word.replaceAll('.', '[.]')}( |$)`;
  await host.run(['sh', '-c', CANCEL, 'sh', pattern], { ...options, expect: 'any' });
}

const cancelOptions = optionsSchema<Omit<DeadlineOptions, 'after'>>({
  sudo: z.union([z.boolean(), z.string().min(1)]).optional(),
  signal: aSignal.optional(),
});

/** Each is the leader of a group, with the sleep that it waits for. */
const CANCEL = `for pid in $(pgrep -f -- "$1"); do kill -s KILL -- "-$pid"; done`;

/** Waits in a session of its own: the end of the process that started it does not end it. */
const WAIT = `seconds=$1; shift
setsid sh -c 'sleep "$0"; exec "$@"' "$seconds" "$@" </dev/null >/dev/null 2>&1 &
echo $!`;
