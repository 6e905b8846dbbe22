import type { UpgradeCommand } from '../recipe.ts';

/** What a service is told by its manager. `hang-up` is SIGHUP to its main process. */
export type ServiceVerb = 'start' | 'stop' | 'restart' | 'is-active' | 'hang-up';

/** How things are called on the hosts. */
export interface ComponentNaming {
  /** Packages of a component: `{ keystone: ['keystone'], 'neutron-server': ['neutron-api', 'neutron-rpc-server'] }`. @default its name */
  readonly packages?: { readonly [component: string]: readonly string[] } | undefined;
  /** Units of a component: `{ keystone: ['apache2'] }`. @default its name */
  readonly units?: { readonly [component: string]: readonly string[] } | undefined;
  /** The command for a unit; `is-active` must exit 0 if it runs. @default systemctl */
  readonly control?: ((verb: ServiceVerb, unit: string, host: string) => UpgradeCommand) | undefined;
}

export const packagesOf = ({ packages = {} }: ComponentNaming, components: readonly string[]): string[] => [
  ...new Set(components.flatMap((name) => packages[name] ?? [name])),
];

export const unitsOf = ({ units = {} }: ComponentNaming, components: readonly string[]): string[] => [
  ...new Set(components.flatMap((name) => units[name] ?? [name])),
];

export const controlCommand = (
  { control = systemctl }: ComponentNaming,
  verb: ServiceVerb,
  unit: string,
  host: string,
): UpgradeCommand => control(verb, unit, host);

const systemctl = (verb: ServiceVerb, unit: string): UpgradeCommand =>
  verb === 'hang-up'
    ? // The main process alone: it passes it on as oslo.service wants it; workers that get it by themselves end.
      ['systemctl', 'kill', '--kill-who=main', '--signal=SIGHUP', unit]
    : ['systemctl', verb, ...(verb === 'is-active' ? ['--quiet'] : []), unit];

/**
 * The command that replaces packages and asks nothing. Configuration stays as it is, nothing is removed to make room, and somebody
 * else's lock is waited for.
 */
export const installCommand = (packages: readonly string[]): UpgradeCommand => [
  'apt-get',
  'install',
  '--yes',
  '--no-remove',
  '-o',
  'Dpkg::Options::=--force-confold',
  '-o',
  'DPkg::Lock::Timeout=600',
  ...packages,
];
