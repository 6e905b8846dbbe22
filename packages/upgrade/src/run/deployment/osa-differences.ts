import type { DeploymentDifference } from './deployment.ts';
import type { OsaContext } from './osa-context.ts';

/** As each of them was read; of some roles there is no branch of 2026.1 in what was read. */
const role = (service: string, release: '2025.2' | '2026.1', file: string): string =>
  `openstack-ansible-os_${service} ${release}: ${file}`;

/** Of services whose recipe stops them before their database is migrated. */
const whileItServes = (service: string, release: '2025.2' | '2026.1'): DeploymentDifference => ({
  service,
  what: 'Its first host migrates the database while the others serve with the old code; the plan takes all down first, as its own guide does.',
  source: role(service, release, 'tasks/main.yml'),
});

const onlineMigrations = (service: string, source: string): DeploymentDifference => ({
  service,
  what: 'Online migrations are run in the same playbook, unthrottled, up to 5 times, and nobody is asked before; exit 2 (some rows cannot be migrated) counts as done.',
  source,
});

const OF_SERVICES: readonly DeploymentDifference[] = [
  {
    service: 'keystone',
    what: 'It contracts in the same playbook, once all hosts have the new code: nobody is asked before.',
    source: 'openstack-ansible-plugins 2026.1: playbooks/keystone.yml',
  },
  {
    service: 'glance',
    what: 'The first host runs `glance-manage db_sync`, which contracts as well, while the others serve with the old code.',
    source: role('glance', '2025.2', 'tasks/glance_db_sync.yml'),
  },
  onlineMigrations('nova', role('nova', '2026.1', 'tasks/nova_db_post_setup.yml')),
  onlineMigrations('cinder', role('cinder', '2025.2', 'tasks/cinder_db_post_setup.yml')),
  {
    service: 'placement',
    what: 'Online migrations are run in the same playbook, unthrottled, and nobody is asked before.',
    source: role('placement', '2025.2', 'tasks/placement_db_post_setup.yml'),
  },
  {
    service: 'nova',
    what: 'Whatever of it runs on a host is stopped and started together; conductors of all hosts do not go before APIs.',
    source: 'openstack-ansible-plugins 2026.1: playbooks/nova.yml',
  },
  {
    service: 'nova',
    what: 'Nobody is told that the last old compute is gone: until their next restart conductors and APIs speak as they saw it when they started.',
    source: 'openstack-ansible-plugins 2026.1: playbooks/nova.yml',
  },
  {
    service: 'neutron',
    what: 'If contracting is pending, the first server does it while it is stopped itself and the others serve with the old code; the plan refuses then.',
    source: role('neutron', '2026.1', 'handlers/main.yml'),
  },
  {
    service: 'ovn',
    what: "It goes with Neutron's playbook, host by host in the order of the inventory; the plan takes all chassis before the databases.",
    source: 'openstack-ansible-plugins 2026.1: playbooks/neutron.yml',
  },
  {
    service: 'swift',
    what: 'All nodes at once, and no proxy is taken out of HAProxy; the plan takes storage nodes first.',
    source: 'openstack-ansible-plugins 2026.1: playbooks/swift.yml',
  },
  {
    service: 'ironic',
    what: 'Nothing pins it to the old release while old and new code are at work, and its online migrations are not run: `ironic-dbsync online_data_migrations` is yours.',
    source: role('ironic', '2025.2', 'tasks/ironic_db_setup.yml'),
  },
  whileItServes('heat', '2025.2'),
  whileItServes('barbican', '2025.2'),
  whileItServes('octavia', '2026.1'),
  whileItServes('manila', '2026.1'),
];

/** Where the way of openstack-ansible is another than that of the plan. */
export function osaDifferences(context: OsaContext): DeploymentDifference[] {
  const services = context.parts.map(({ recipe }) => recipe.service);
  return [...ofAll(context), ...ofComputes(context), ...OF_SERVICES].filter(
    ({ service }) => service === undefined || services.includes(service),
  );
}

function ofAll(context: OsaContext): DeploymentDifference[] {
  const { isWhole, parts, options } = context;
  const told: DeploymentDifference[] = [
    {
      service: undefined,
      what: 'An API is taken out of HAProxy, but nobody waits until its requests have ended (`haproxy_wait` is false): what is under way may fail.',
      source: 'openstack-ansible-plugins 2026.1: roles/haproxy_endpoint_manage/tasks/main.yml',
    },
    {
      service: undefined,
      what: "Of the services' own upgrade checks only Nova's is run, once its schema is migrated.",
      source: role('nova', '2026.1', 'tasks/nova_db_setup.yml'),
    },
  ];
  const most = Math.max(...parts.map(({ control }) => control.length));
  if (most > 2)
    told.unshift({
      service: undefined,
      what: `The first host goes alone, then all others at once (\`*_serial\` is 1, then 100%): of ${most} that serve, ${most - 1} are away together. \`-e keystone_serial=1\` and its kin take one after the other.`,
      source: 'openstack-ansible-plugins 2026.1: playbooks/keystone.yml',
    });
  if (isWhole)
    told.push({
      service: undefined,
      what: 'Packages of the hosts, MariaDB, RabbitMQ, HAProxy and all else that is deployed change too; the plan leaves them as they are.',
      source: context.source('scripts/run-upgrade.sh'),
    });
  if (!isWhole || options.by !== 'cloud')
    told.push({
      service: undefined,
      what: 'openstack-ansible documents one setup_openstack for all; it is taken apart here into the playbooks that it imports, so that one can stop between services.',
      source: 'openstack-ansible-plugins 2026.1: playbooks/setup_openstack.yml',
    });
  return told;
}

const ofComputes = ({ options: { wave } }: OsaContext): DeploymentDifference[] =>
  wave === undefined
    ? [
        {
          service: 'nova',
          what: 'All computes at once (`nova_compute_serial` is 100%), without waves.',
          source: 'openstack-ansible-plugins 2026.1: playbooks/nova.yml',
        },
      ]
    : [];
