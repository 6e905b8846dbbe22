import type { Refusal, StepContext, StepHandlers } from '@groundcrew/runbook';
import type { z } from 'zod';
import type { installPackages } from '../actions.ts';
import type { UpgradeStepReport } from '../step-report.ts';
import { holdsRestarts, withHeldRestarts } from './held-restarts.ts';
import type { HostShell } from './host-shell.ts';
import { installCommand, type ComponentNaming, packagesOf } from './naming.ts';
import { isOfMajor, packageVersions, type PackageVersion, versionsText } from './package-versions.ts';

type Input = z.output<typeof installPackages.input>;

const ENV = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };

/** Replaces the files of a service on a host, and restarts nothing. */
export function packageHandlers(
  shell: HostShell,
  naming: ComponentNaming,
): StepHandlers<Input, UpgradeStepReport> {
  const read = ({ host, components }: Input, context: Pick<StepContext, 'signal'>) =>
    packageVersions(shell, host, packagesOf(naming, components), context);

  return {
    async precondition(input, context) {
      return obstacleIn(await read(input, context), input);
    },
    async done(input, context) {
      const versions = await read(input, context);
      if (await holdsRestarts(shell, input.host, context.signal)) return undefined;
      return versions.every((one) => isThere(one, input)) ? reportOf('unchanged', versions) : undefined;
    },
    async perform(input, context) {
      const { host } = input;
      const { signal } = context;
      await withHeldRestarts(shell, host, signal, async () => {
        // What a dpkg that was killed left half installed: apt-get refuses to do anything before it is ended.
        const { stdout } = await shell.asRoot(host, ['dpkg', '--audit'], { signal, env: ENV, expect: 'any' });
        if (stdout.trim() !== '')
          await shell.asRoot(host, ['dpkg', '--force-confold', '--configure', '--pending'], {
            signal,
            env: ENV,
          });
        await shell.asRoot(host, installCommand(packagesOf(naming, input.components)), { signal, env: ENV });
      });
      return reportOf('changed', await read(input, context));
    },
    // apt-get exits 0 where its sources have nothing newer.
    async verify(input, _report, context) {
      const versions = await read(input, context);
      const old = versions.filter((one) => !isThere(one, input));
      if (old.length === 0) return undefined;
      return {
        code: 'upgrade.old-package',
        reason: `after the install ${input.host} has ${versionsText(old)}`,
        remedy:
          'See apt-cache policy there: its sources may lack the new release, or a pin may hold the old one.',
      };
    },
  };
}

const isThere = ({ installed, candidate }: PackageVersion, { major }: Input): boolean =>
  isOfMajor(installed, major) && (major !== null || installed === candidate);

function obstacleIn(versions: readonly PackageVersion[], { host, major }: Input): Refusal | undefined {
  const missing = versions.filter(({ candidate }) => candidate === undefined);
  if (missing.length > 0)
    return {
      code: 'upgrade.no-package',
      reason: `${host} knows no package ${missing.map(({ name }) => name).join(', ')}`,
      remedy: 'Run apt-get update there; or say by `packages` what the package of the component is called.',
    };
  const old = versions.filter(
    ({ installed, candidate }) => !isOfMajor(installed, major) && !isOfMajor(candidate, major),
  );
  if (old.length === 0) return undefined;
  return {
    code: 'upgrade.no-candidate',
    reason: `the sources of ${host} offer ${old.map(({ name, candidate }) => `${name} ${candidate}`).join(', ')}, not ${major}`,
    remedy: 'Add the new release to its sources, and run apt-get update.',
  };
}

const reportOf = (
  outcome: 'changed' | 'unchanged',
  versions: readonly PackageVersion[],
): UpgradeStepReport => ({
  outcome,
  facts: Object.fromEntries(versions.map(({ name, installed }) => [name, installed ?? ''])),
});
