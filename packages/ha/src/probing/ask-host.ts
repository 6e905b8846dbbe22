import { aSudo, someNames } from '../option-parts.ts';
import { messageOf, optionsSchema, parseArguments } from '@groundcrew/ground';
import { type CommandResult, type Host, RunbookError } from '@groundcrew/runbook';
import * as z from 'zod';
import { type CheckedOptions, checkOptions, type CheckOptions, UnreadError } from './ask.ts';

/** Options of a check that runs commands on a host. */
export interface HostCommandOptions extends CheckOptions {
  /** Runs commands as root, or as that user, by `sudo -n`. @default as the user who is logged in */
  readonly sudo?: boolean | string | undefined;
  /** Words before the program: `['docker', 'exec', 'ovn_nb_db']` where it runs in a container. @default none */
  readonly prefix?: readonly string[] | undefined;
}

/** Parts of the schemas of targets that are asked by commands on a host. */
export const commandParts = { sudo: aSudo.optional(), prefix: someNames.optional() };

const hostOptions = optionsSchema<HostCommandOptions>({ ...checkOptions, ...commandParts });

/** The options of a command that a target may have. */
export type CommandParts = Pick<HostCommandOptions, 'sudo' | 'prefix'>;

/**
 * The options of a check, apart from how its commands are run.
 *
 * @throws InputError on an option that there is not
 */
export function checkedHostOptions(
  operation: string,
  options: HostCommandOptions,
): { readonly command: CommandParts; readonly check: CheckedOptions } {
  const { sudo, prefix, ...check } = parseArguments(operation, hostOptions, options) as CommandParts &
    CheckedOptions;
  return {
    command: { ...(sudo === undefined ? {} : { sudo }), ...(prefix === undefined ? {} : { prefix }) },
    check,
  };
}

/**
 * Runs a command whose exit code, whatever it is, belongs to the answer.
 *
 * @throws UnreadError if it could not be run: a host is anybody's, and so are its errors
 */
export async function runOn(
  host: Host,
  [program, ...args]: readonly [string, ...string[]],
  { sudo, prefix = [], timeout, signal }: CommandParts & CheckedOptions & { readonly signal: AbortSignal },
): Promise<CommandResult> {
  const [first, ...more] = [...prefix, program];
  try {
    const result = await host.run([first, ...more, ...args], {
      signal,
      expect: 'any',
      keep: 8 * 1024 * 1024,
      // The signal comes first; this is for a host that does not heed it.
      timeout: timeout + 5_000,
      ...(sudo === undefined ? {} : { sudo }),
    });
    const wrong = Result.safeParse(result).error?.issues[0];
    if (wrong !== undefined)
      throw new UnreadError(
        'failed',
        `${host.name} did not tell how ${program} ended: ${wrong.path.join('.')}: ${wrong.message}`,
      );
    // What is kept is the end. Its beginning may be what the answer hangs on.
    if (result.dropped > 0)
      throw new UnreadError('cut', `${program} printed more than could be kept on ${host.name}`);
    return result;
  } catch (error) {
    if (signal.aborted || error instanceof RunbookError || error instanceof UnreadError) throw error;
    throw new UnreadError('failed', `${program} could not be run on ${host.name}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** A host is anybody's: what it hands back is looked at before it is read. */
const Result = z.looseObject({
  exitCode: z.int(),
  stdout: z.string(),
  stderr: z.string(),
  dropped: z.number().nonnegative(),
});
