import { execFileSync } from 'node:child_process';

const DAY = 86_400;

/**
 * What differs, in the work tree, from the newest commit that is at least 24 hours older than the last one: a commit that is
 * younger may not have been through a run of all suites yet. By the dates of commits alone, so that a commit that passed is
 * asked for the same on whatever day it is run again.
 *
 * @returns paths from the root of the repository; `undefined` where that cannot be known: in a shallow clone, without a commit
 * of that age, without git
 */
export function changedFiles(repository: string): string[] | undefined {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd: repository,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 2 ** 26,
    });
  try {
    if (git('rev-parse', '--is-shallow-repository').trim() !== 'false') return undefined;
    const last = Number(git('show', '--no-patch', '--format=%ct', 'HEAD'));
    const base = git('rev-list', '-1', `--min-age=${last - DAY}`, 'HEAD').trim();
    if (base === '') return undefined;
    // Without renames: the old place of a file has changed, too.
    const tracked = git('diff', '--name-only', '--no-renames', '-z', base);
    const untracked = git('ls-files', '--others', '--exclude-standard', '-z');
    return `${tracked}${untracked}`.split('\0').filter((file) => file !== '');
  } catch (error) {
    // No git, no repository, or one without a commit. Anything else is a fault of this script.
    if (error instanceof Error && ('status' in error || 'code' in error)) return undefined;
    throw error;
  }
}
