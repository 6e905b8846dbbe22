import type { SeriesName } from '@groundcrew/ground/series';

/** The command line and the playbook of a release of kolla-ansible. */
export interface KollaRelease {
  /**
   * `shell`: the script `tools/kolla-ansible`, which puts its command together as text and lets the shell take it apart at spaces.
   * `python`: cliff, since 2024.2, which wants the action first (releasenotes/notes/python-cli-3e568065b8706e73.yaml).
   */
  readonly cli: 'shell' | 'python';
  /** What pip is given of the repository: a branch, or the tag of a series that has none any more. As of August 2026. */
  readonly ref: string;
  /** The versions of ansible-core that its prechecks take (ansible/roles/prechecks/vars/main.yml). */
  readonly ansibleCore: readonly [oldest: string, newest: string];
  /** Tags of the plays before Keystone's in ansible/site.yml: what services stand on. */
  readonly infrastructure: readonly string[];
  /** Tags of the plays from there on, of services that have a recipe, and of Open vSwitch. In their order. */
  readonly services: readonly string[];
}

/** Two plays, of which a cloud has one or none. */
export const OPEN_VSWITCH = 'openvswitch,ovs-dpdk';

const LAST = ['heat', 'manila', 'barbican', 'octavia'] as const;

/** Since 2024.2 networks come before Nova (ansible/site.yml). */
const SERVICES = [
  'keystone',
  'glance',
  'ironic',
  'cinder',
  'placement',
  OPEN_VSWITCH,
  'ovn',
  'nova',
  'neutron',
  ...LAST,
];

const INFRASTRUCTURE = [
  'common',
  'loadbalancer',
  'letsencrypt',
  'collectd',
  'influxdb',
  'telegraf',
  'redis',
  'mariadb',
  'memcached',
  'prometheus',
  'iscsi',
  'multipathd',
  'rabbitmq',
  'etcd',
];

/** By the series that they deploy; each row was read in that branch or tag of openstack/kolla-ansible. */
export const kollaReleases: { readonly [name in SeriesName]?: KollaRelease } = {
  caracal: {
    cli: 'shell',
    ref: 'unmaintained/2024.1',
    ansibleCore: ['2.15', '2.16'],
    infrastructure: INFRASTRUCTURE,
    services: [
      'keystone',
      'swift',
      'glance',
      'ironic',
      'cinder',
      'placement',
      'nova',
      OPEN_VSWITCH,
      'ovn',
      'neutron',
      ...LAST,
    ],
  },
  dalmatian: {
    cli: 'python',
    ref: '19.8.0',
    ansibleCore: ['2.16', '2.17'],
    infrastructure: INFRASTRUCTURE,
    services: SERVICES.toSpliced(1, 0, 'swift'),
  },
  epoxy: {
    cli: 'python',
    ref: 'stable/2025.1',
    ansibleCore: ['2.17', '2.18'],
    infrastructure: INFRASTRUCTURE.flatMap((tag) => (tag === 'redis' ? [tag, 'valkey'] : [tag])),
    services: SERVICES,
  },
  flamingo: {
    cli: 'python',
    ref: 'stable/2025.2',
    ansibleCore: ['2.18', '2.19'],
    infrastructure: [
      'common',
      'cron',
      'fluentd',
      'loadbalancer',
      'opensearch',
      'letsencrypt',
      'collectd',
      'influxdb',
      'telegraf',
      'valkey',
      'mariadb',
      'memcached',
      'prometheus',
      'iscsi',
      'multipathd',
      'rabbitmq',
      'etcd',
    ],
    services: SERVICES,
  },
  gazpacho: {
    cli: 'python',
    ref: 'stable/2026.1',
    ansibleCore: ['2.19', '2.20'],
    infrastructure: [
      'common',
      'cron',
      'fluentd',
      'loadbalancer',
      'opensearch',
      'letsencrypt',
      'collectd',
      'valkey',
      'mariadb',
      'memcached',
      'prometheus',
      'iscsi',
      'multipathd',
      'rabbitmq',
      'etcd',
    ],
    services: SERVICES,
  },
};
