import {
  aClock,
  anObjectWith,
  aPositiveDuration,
  aSignal,
  type Clock,
  type Duration,
  type Gap,
  messageOf,
  type Observed,
  optionsSchema,
  parseArguments,
  systemClock,
} from '@groundcrew/ground';
import type { CommandResult, Host } from '@groundcrew/runbook/hosts';
import { z } from 'zod';
import { recipes } from '../run/recipes.ts';
import { candidatesIn, DPKG_FORMAT, installedIn } from '../run/executors/dpkg-words.ts';

/** A package that is installed on a host. */
export interface PackageOnHost {
  readonly host: string;
  readonly name: string;
  /** As dpkg has it: `2:31.0.0-6+deb13u3`. */
  readonly installed: string;
  /** What `apt-get install` would install; `undefined` if its sources have none. */
  readonly candidate: string | undefined;
}

export interface ObservePackagesOptions {
  /** Patterns of dpkg-query: `nova-*`. @default those of every service with a recipe, and of what carries them */
  readonly names?: readonly string[] | undefined;
  /** Until a command on a host is ended. @default '1m' */
  readonly timeout?: Duration | undefined;
  /** Hosts that are asked at a time. @default 8 */
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
}

const packagesOptions = optionsSchema<ObservePackagesOptions>({
  names: z
    .array(z.string().regex(/^[a-z0-9*?][a-z0-9.+*?-]*$/, 'must be a name of packages: nova-*'))
    .min(1)
    .optional(),
  timeout: aPositiveDuration.optional(),
  concurrency: z.int().min(1).optional(),
  signal: aSignal.optional(),
  clock: aClock.optional(),
});
const hostsArgument = z.object({
  hosts: z.array(anObjectWith<Pick<Host, 'name' | 'run'>>('a Host', 'name', 'run')),
});

const CARRIERS = [
  'haproxy',
  'keepalived',
  'libvirt-daemon',
  'mariadb-server',
  'memcached',
  'openvswitch-switch',
  'ovn-central',
  'ovn-host',
  'qemu-system-x86',
  'rabbitmq-server',
];
const NAMES = [
  ...recipes.flatMap(({ service }) => [service, `${service}-*`, `python3-${service}`]),
  ...CARRIERS,
];

/**
 * Reads which packages of OpenStack, and of what carries it, are installed on hosts of Debian and Ubuntu, and what their sources offer
 * (`dpkg-query`, `apt-cache policy`). It changes nothing, and needs no role. A host that does not answer is a gap, and costs none of the
 * others; so is one on which none of them is installed.
 *
 * @throws InputError naming the field; the signal's reason
 * @example
 * const packages = await observePackages(['ctl-1', 'cmp-1'].map((host) => sshHost({ host })));
 * for (const { host, name, installed } of packages.value) console.log(host, name, installed);
 */
export async function observePackages(
  hosts: readonly Pick<Host, 'name' | 'run'>[],
  options: ObservePackagesOptions = {},
): Promise<Observed<readonly PackageOnHost[]>> {
  parseArguments('observePackages', hostsArgument, { hosts });
  parseArguments('observePackages', packagesOptions, options);
  const { concurrency = 8, clock = systemClock, signal } = options;
  const at = new Date(clock.now()).toISOString();
  const value: PackageOnHost[][] = [];
  const gaps: Gap[] = [];
  const waiting = hosts.entries();
  const worker = async (): Promise<void> => {
    for (const [place, host] of waiting) {
      signal?.throwIfAborted();
      try {
        value[place] = await packagesOn(host, options);
      } catch (error) {
        signal?.throwIfAborted();
        gaps.push(gapOf(host.name, messageOf(error)));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, hosts.length) }, worker));
  const found = value.flat();
  const completeness = gaps.length === 0 ? 'complete' : found.length > 0 ? 'partial' : 'failed';
  return { value: found, at, source: 'dpkg and apt', completeness, gaps };
}

async function packagesOn(
  host: Pick<Host, 'name' | 'run'>,
  { names = NAMES, timeout, signal }: ObservePackagesOptions,
): Promise<PackageOnHost[]> {
  const ask = (...command: [string, ...string[]]): Promise<CommandResult> =>
    host.run(command, { env: { LC_ALL: 'C' }, expect: 'any', timeout, signal });
  // Exit 1: a pattern that nothing fits; what fits the others is told all the same.
  const query = await ask('dpkg-query', '--show', `--showformat=${DPKG_FORMAT}`, '--', ...names);
  if (query.exitCode > 1)
    throw new RangeError(`dpkg-query ended with exit ${query.exitCode}: ${said(query)}`);
  const installed = installedIn(query.stdout);
  if (installed.size === 0) throw new RangeError('none of the packages that were asked for is installed');
  const policy = await ask('apt-cache', 'policy', '--', ...installed.keys());
  if (policy.exitCode !== 0)
    throw new RangeError(`apt-cache policy ended with exit ${policy.exitCode}: ${said(policy)}`);
  const candidates = candidatesIn(policy.stdout);
  return [...installed].map(([name, version]) => ({
    host: host.name,
    name,
    installed: version,
    candidate: candidates.get(name),
  }));
}

const said = ({ stderr }: CommandResult): string => stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? '';

const gapOf = (host: string, why: string): Gap => ({
  what: `packages of ${host}`,
  kind: 'failed',
  why,
  remedy: `Run dpkg-query --show there by hand.`,
  requestIds: [],
});
