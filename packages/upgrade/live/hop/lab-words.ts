import type { ComponentNaming } from '../../src/run.ts';
import { COMPUTES, type LabPlace } from './lab-place.ts';

type Words = readonly [string, ...string[]];

/** Packages of what the lab starts in another way than Debian: its fake hypervisor and its agents use these files of theirs. */
export const packages: ComponentNaming['packages'] = {
  'nova-compute': ['python3-nova'],
  'neutron-openvswitch-agent': ['python3-neutron'],
  'neutron-periodic-workers': ['neutron-common'],
};

/** A unit on a host, by the name that the daemon has in `lab status`. */
export function daemonOf(unit: string, host: string): string {
  switch (unit) {
    case 'nova-compute':
      return `lab-roll.${host}`;
    case 'neutron-openvswitch-agent':
      return 'lab-roll.neutron-agents';
    case 'cinder-volume':
    case 'cinder-backup':
      return `lab-roll.${unit}`;
    case 'placement-api':
      return `lab-roll.placement@${host}`;
    default:
      return `lab-roll.${unit}@${host}`;
  }
}

/** What systemd would be told. */
export const controlBy =
  ({ executable }: LabPlace): NonNullable<ComponentNaming['control']> =>
  (verb, unit, host) => {
    const daemon = daemonOf(unit, host);
    switch (verb) {
      case 'is-active':
        return [executable, 'pid', daemon];
      case 'hang-up':
        return ['sh', '-c', 'kill -s HUP "$("$0" pid "$1")"', executable, daemon];
      case 'start':
      case 'stop':
      case 'restart':
        // One at a time, as systemd does it: a runner that was killed leaves what it began. The daemon must not have the lock.
        return ['flock', '--close', `/run/lock/groundcrew-${daemon}.lock`, executable, verb, daemon];
    }
  };

/** A program of a service, of the release whose code the service has on that host. */
export const toolBy =
  ({ executable }: LabPlace) =>
  (command: Words, { host, service }: { readonly host: string; readonly service: string }): Words => [
    executable,
    'tool',
    `${service}@${host}`,
    ...command,
  ];

/**
 * A command of a plan as it is run here, where no host is a machine of its own: the files of a service's configuration are those of the
 * lab, dpkg is asked in the chroot whose code the service has, apt in the newer one, and an installation says that the service is
 * started from there from now on.
 */
export function wordsHere(command: Words, host: string, place: LabPlace): Words {
  const [program] = command;
  const [first = program, ...rest] = command.map((word) => fileHere(word, host, place));
  const newer = ['chroot', `${place.directory}/root-forky`] as const;
  switch (program) {
    case 'dpkg-query':
      return [place.executable, 'tool', `${serviceOf(rest.at(-1) ?? '')}@${host}`, first, ...rest];
    case 'apt-cache':
    case 'dpkg':
      return [...newer, first, ...rest];
    case 'apt-get':
      return [place.executable, 'code', `${serviceOf(rest.at(-1) ?? '')}@${host}`, 'forky'];
    default:
      return [first, ...rest];
  }
}

/** `nova` of `nova-api` and of `python3-nova`. */
const serviceOf = (name: string): string => name.replace(/^python3-/, '').split('-')[0] ?? name;

/** A file that a host has by this name. */
export function fileHere(file: string, host: string, { directory }: LabPlace): string {
  const etc = `${directory}/lab-roll/etc`;
  if (file === '/usr/sbin/policy-rc.d') return `${directory}/root-forky${file}`;
  // Each compute host has a file of its own, which is read after what they share.
  if (file === '/etc/nova/nova.conf' && (COMPUTES as readonly string[]).includes(host))
    return `${etc}/nova/${host}.conf`;
  if (file === '/etc/neutron/plugins/ml2/ml2_conf.ini') return `${etc}/neutron/ml2_conf.ini`;
  return file.replace(/^\/etc\/(?=(?:keystone|placement|nova|neutron|cinder)\/)/, `${etc}/`);
}
