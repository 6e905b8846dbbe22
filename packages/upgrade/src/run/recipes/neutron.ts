import type { Recipe } from '../recipe.ts';

/** Debian's units give both files; without the second, the plugin's own migrations would be left out. */
const MANAGE = [
  'neutron-db-manage',
  '--config-file',
  '/etc/neutron/neutron.conf',
  '--config-file',
  '/etc/neutron/plugins/ml2/ml2_conf.ini',
] as const;

/**
 * neutron's doc/source/contributor/internals/upgrade.rst: servers first, then on each node the L2 agents before all others, since they
 * wire the ports that those use.
 *
 * `has_offline_migrations` exits 1 if the contract branch is not at its head (neutron/db/migration/cli.py): then all servers would have
 * to be down.
 */
export const neutron: Recipe = {
  service: 'neutron',
  control: [['neutron-server', 'neutron-api', 'neutron-rpc-server', 'neutron-periodic-workers']],
  data: [
    [
      'neutron-openvswitch-agent',
      'neutron-linuxbridge-agent',
      'neutron-sriov-agent',
      'neutron-macvtap-agent',
    ],
    [
      'neutron-l3-agent',
      'neutron-dhcp-agent',
      'neutron-metadata-agent',
      'neutron-ovn-metadata-agent',
      'neutron-ovn-agent',
      'neutron-metering-agent',
    ],
  ],
  apis: ['neutron-server', 'neutron-api'],
  migrations: [
    {
      phase: 'expand',
      command: [...MANAGE, 'upgrade', '--expand'],
      why: 'Meant for old code at work; `rollingSafety` tells whether this one is.',
    },
  ],
  contract: [
    {
      phase: 'contract',
      command: [...MANAGE, 'upgrade', '--contract'],
      why: 'Needs every server down if anything is pending; the step refuses then.',
      state: { command: [...MANAGE, 'has_offline_migrations'], done: [0], left: [1] },
      needsOutage: true,
    },
  ],
  hasCheck: true,
  refresh: [],
  restartToRefresh: {},
  rolling: { documented: true, skipsRelease: false },
  tried: true,
  majorAtEpoxy: 26,
};
