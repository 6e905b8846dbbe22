import type { CommandOptions, Host } from '@groundcrew/runbook/hosts';

/** A file or folder that is replaced as a whole, by one beside it: both moves are of a name only. */
export interface Replacement {
  readonly path: string;
  /** What is to take its place. */
  readonly fresh: string;
  /** Where what was there goes. */
  readonly aside: string;
}

/** The names of a run: another run has others, and so never takes what an earlier one left for its own. */
export const replacementOf = (path: string, mark: string): Replacement => ({
  path,
  fresh: `${path}.restoring-${mark}`,
  aside: `${path}.before-${mark}`,
});

/**
 * $1: the path; $2: what takes its place; $3: where it goes. Killed between the two moves, the next call does the second one. Where both
 * the path and its old content aside are there, both moves were made: nothing is ever removed but what was to take the place.
 */
const REPLACE = `is() { [ -e "$1" ] || [ -L "$1" ]; }
if is "$3" && is "$1"; then rm -rf --one-file-system -- "$2"; exit 0; fi
is "$2" || { echo "$2 is not there" >&2; exit 1; }
if is "$1"; then mv -T -- "$1" "$3" || exit 1; fi
mv -T -- "$2" "$1"`;

/**
 * $1: the path; $2: where what has taken its place goes, until what was there, $3, is back. Where nothing was, what has come stays: to remove
 * it would be to remove what nobody has aside.
 */
const PUT_BACK = `is() { [ -e "$1" ] || [ -L "$1" ]; }
if ! is "$3"; then rm -rf --one-file-system -- "$2"; exit; fi
if is "$1"; then rm -rf --one-file-system -- "$2" && mv -T -- "$1" "$2" || exit 1; fi
mv -T -- "$3" "$1" && rm -rf --one-file-system -- "$2"`;

type Runner = Pick<Host, 'run'>;

/** Puts the fresh one into its place. */
export const replacePath = (
  host: Runner,
  { path, fresh, aside }: Replacement,
  options: CommandOptions,
): Promise<unknown> => host.run(['sh', '-c', REPLACE, 'sh', path, fresh, aside], options);

/** Puts what was there before back, if anything was. */
export const putBack = (
  host: Runner,
  { path, fresh, aside }: Replacement,
  options: CommandOptions,
): Promise<unknown> => host.run(['sh', '-c', PUT_BACK, 'sh', path, fresh, aside], options);

/** Whether a path is there. */
export async function isThere(host: Runner, path: string, options: CommandOptions): Promise<boolean> {
  const { exitCode } = await host.run(['test', '-e', path], { ...options, expect: [0, 1] });
  return exitCode === 0;
}

/** Whether both moves were made. Where nothing was before nobody can tell, and it is done again. */
export const isReplaced = async (
  host: Runner,
  { path, aside }: Replacement,
  options: CommandOptions,
): Promise<boolean> => (await isThere(host, aside, options)) && (await isThere(host, path, options));
