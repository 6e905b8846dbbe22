import type { SeriesName } from '@groundcrew/ground/series';

/** Distributions on which OpenStack tests its series, and that follow one another on a host. */
export type DistributionName =
  | 'CentOS Stream 8'
  | 'CentOS Stream 9'
  | 'CentOS Stream 10'
  | 'Debian 11'
  | 'Debian 12'
  | 'Debian 13'
  | 'Rocky Linux 9'
  | 'Rocky Linux 10'
  | 'Ubuntu 18.04'
  | 'Ubuntu 20.04'
  | 'Ubuntu 22.04'
  | 'Ubuntu 24.04'
  | 'Ubuntu 26.04';

export interface Distribution {
  readonly name: DistributionName;
  /** The libvirt and QEMU that it ships, as far as they are known here. */
  readonly libvirt: string | undefined;
  readonly qemu: string | undefined;
}

/** A change of the hosts' distribution, before a hop, at the series of before. */
export interface DistributionStep {
  readonly from: DistributionName;
  readonly to: DistributionName;
}

/** Each family, oldest first: a host goes from one to the next. */
const FAMILIES: readonly (readonly Distribution[])[] = [
  [
    { name: 'CentOS Stream 8', libvirt: undefined, qemu: undefined },
    { name: 'CentOS Stream 9', libvirt: undefined, qemu: undefined },
    { name: 'CentOS Stream 10', libvirt: undefined, qemu: undefined },
  ],
  // packages.debian.org: libvirt0, qemu-system-x86
  [
    { name: 'Debian 11', libvirt: '7.0.0', qemu: '5.2' },
    { name: 'Debian 12', libvirt: '9.0.0', qemu: '7.2' },
    { name: 'Debian 13', libvirt: '11.3.0', qemu: '10.0' },
  ],
  [
    { name: 'Rocky Linux 9', libvirt: undefined, qemu: undefined },
    { name: 'Rocky Linux 10', libvirt: undefined, qemu: undefined },
  ],
  // packages.ubuntu.com: libvirt0, qemu-system-x86
  [
    { name: 'Ubuntu 18.04', libvirt: '4.0.0', qemu: '2.11' },
    { name: 'Ubuntu 20.04', libvirt: '6.0.0', qemu: '4.2' },
    { name: 'Ubuntu 22.04', libvirt: '8.0.0', qemu: '6.2' },
    { name: 'Ubuntu 24.04', libvirt: '10.0.0', qemu: '8.2.2' },
    { name: 'Ubuntu 26.04', libvirt: undefined, qemu: undefined },
  ],
];

/** Every distribution that is known here. */
export const distributions: readonly Distribution[] = FAMILIES.flat();

/** The distribution that follows on the same host; `undefined` of the newest. */
export function distributionAfter(name: DistributionName): DistributionName | undefined {
  const family = FAMILIES.find((one) => one.some((distribution) => distribution.name === name));
  const at = family?.findIndex((distribution) => distribution.name === name) ?? -1;
  return family?.[at + 1]?.name;
}

/**
 * On what each series is tested (openstack/governance, reference/runtimes), the distributions of the SLURP before included: they are
 * how a host can change its OpenStack first and its distribution afterwards. Series before Stein have no such document.
 */
export const testedOn: Readonly<Partial<Record<SeriesName, readonly DistributionName[]>>> = {
  stein: ['Ubuntu 18.04'],
  train: ['Ubuntu 18.04'],
  ussuri: ['Ubuntu 18.04'],
  victoria: ['Ubuntu 20.04'],
  wallaby: ['Ubuntu 20.04'],
  xena: ['Ubuntu 20.04', 'CentOS Stream 8'],
  yoga: ['Ubuntu 20.04', 'Debian 11', 'CentOS Stream 8', 'CentOS Stream 9'],
  zed: ['Ubuntu 20.04', 'Debian 11', 'CentOS Stream 9'],
  antelope: ['Ubuntu 20.04', 'Ubuntu 22.04', 'Debian 11', 'CentOS Stream 9'],
  bobcat: ['Ubuntu 22.04', 'Debian 11', 'CentOS Stream 9', 'Rocky Linux 9'],
  caracal: ['Ubuntu 22.04', 'Debian 11', 'Debian 12', 'CentOS Stream 9', 'Rocky Linux 9'],
  dalmatian: ['Ubuntu 22.04', 'Ubuntu 24.04', 'Debian 12', 'CentOS Stream 9', 'Rocky Linux 9'],
  epoxy: ['Ubuntu 22.04', 'Ubuntu 24.04', 'Debian 12', 'CentOS Stream 9', 'Rocky Linux 9'],
  flamingo: ['Ubuntu 24.04', 'Debian 12', 'CentOS Stream 10', 'Rocky Linux 10'],
  gazpacho: ['Ubuntu 24.04', 'Debian 12', 'Debian 13', 'CentOS Stream 10', 'Rocky Linux 10'],
  hibiscus: ['Ubuntu 24.04', 'Ubuntu 26.04', 'Debian 13', 'CentOS Stream 10', 'Rocky Linux 10'],
};
