import type { SeriesName } from '@groundcrew/ground/series';

/** How a release of openstack-ansible is told what to do. */
export interface OsaRelease {
  /** Its tags begin with it: 33.0.1. */
  readonly major: number;
  /** `files`: playbooks/os-nova-install.yml; `collection`: openstack.osa.nova, in openstack/openstack-ansible-plugins. */
  readonly playbooks: 'files' | 'collection';
  /** Whether what only an upgrade runs is in the collection, too, and not in scripts/upgrade-utilities. */
  readonly upgradeInCollection: boolean;
}

/** By the series that they deploy; each row was read in scripts/run-upgrade.sh and in the guide of that branch. */
export const osaReleases: { readonly [name in SeriesName]?: OsaRelease } = {
  caracal: { major: 29, playbooks: 'files', upgradeInCollection: false },
  dalmatian: { major: 30, playbooks: 'collection', upgradeInCollection: false },
  epoxy: { major: 31, playbooks: 'collection', upgradeInCollection: false },
  flamingo: { major: 32, playbooks: 'collection', upgradeInCollection: true },
  gazpacho: { major: 33, playbooks: 'collection', upgradeInCollection: true },
};

/** Services that have a recipe, in the order of setup_openstack, which is the same in all of them. OVN goes with Neutron. */
export const osaServices: readonly string[] = [
  'keystone',
  'barbican',
  'placement',
  'glance',
  'cinder',
  'nova',
  'neutron',
  'heat',
  'swift',
  'ironic',
  'octavia',
  'manila',
];
