import type { StepContext } from '@groundcrew/runbook';
import { candidatesIn, DPKG_FORMAT, installedIn, upstreamOf } from './dpkg-words.ts';
import type { HostShell } from './host-shell.ts';
import { UpgradeRunError } from './run-error.ts';

/** A package on a host. */
export interface PackageVersion {
  readonly name: string;
  /** `undefined` if it is not installed, or only half. */
  readonly installed: string | undefined;
  /** What `apt-get install` would install; `undefined` if its sources have none. */
  readonly candidate: string | undefined;
}

const C = { LC_ALL: 'C' };

/**
 * What is installed and what would be. `dpkg-query` tells what is installed as a whole; `apt-cache policy` would call a package that is
 * unpacked and not configured installed, too.
 *
 * @throws UpgradeRunError if apt tells nothing of a package
 */
export async function packageVersions(
  shell: HostShell,
  host: string,
  names: readonly string[],
  { signal }: Pick<StepContext, 'signal'>,
): Promise<PackageVersion[]> {
  const how = { env: C, signal, expect: 'any' } as const;
  // Exit 1 if one of them is not known to dpkg: the others are told all the same.
  const { stdout: there } = await shell.asRoot(
    host,
    ['dpkg-query', '--show', `--showformat=${DPKG_FORMAT}`, '--', ...names],
    how,
  );
  const installed = installedIn(there);
  const { stdout: policy, exitCode } = await shell.asRoot(host, ['apt-cache', 'policy', '--', ...names], how);
  if (exitCode !== 0)
    throw new UpgradeRunError(
      'upgrade.packages-unread',
      `apt-cache policy on ${host} ended with exit ${exitCode}`,
      'Run apt-get update there, and see what it says.',
    );
  const candidates = candidatesIn(policy);
  return names.map((name) => ({ name, installed: installed.get(name), candidate: candidates.get(name) }));
}

/** The upstream major of a Debian version: 33 of `2:33.0.2-1~bpo12+1`; `undefined` of what begins with no number. */
function majorIn(version: string | undefined): number | undefined {
  const major = version === undefined ? undefined : upstreamOf(version)?.split('.')[0];
  return major === undefined ? undefined : Number(major);
}

/** Whether a package is of the release, or of a newer one: distributions mix them. */
export const isOfMajor = (version: string | undefined, major: number | null): boolean =>
  version !== undefined && (major === null || (majorIn(version) ?? 0) >= major);

export const versionsText = (versions: readonly PackageVersion[]): string =>
  versions.map(({ name, installed }) => `${name} ${installed ?? '(not installed)'}`).join(', ');
