import type { UpgradeCommand } from '../recipe.ts';
import type { DeploymentCommand, DeploymentPhase } from './deployment.ts';
import type { OsaContext } from './osa-context.ts';
import { osaServices } from './osa-releases.ts';

const GUIDE = 'doc/source/admin/upgrades/major-upgrades.rst';

/** The newest packages, and not only those that are missing. */
const LATEST = ['-e', 'package_state=latest'] as const;

/** The steps of "Upgrading manually", which are those of scripts/run-upgrade.sh; the script asks questions, and they do not. */
export function osaCommands(context: OsaContext): DeploymentCommand[] {
  const { isWhole, options } = context;
  const services = isWhole && options.by === 'cloud' ? [] : byService(context);
  return [
    ...preparation(context),
    ...(isWhole ? standing(context) : []),
    ...services,
    ...(isWhole
      ? [
          told(context, {
            command: context.setup('setup_openstack', ...LATEST, ...serials(context, ['nova', 'neutron'])),
            why:
              services.length === 0
                ? 'All services, in their order.'
                : 'All else that is deployed, Horizon for one. It plays the services above once more, which its guide calls safe.',
          }),
        ]
      : []),
  ];
}

interface Told {
  readonly command: UpgradeCommand;
  readonly why: string;
  readonly phase?: DeploymentPhase;
  readonly service?: string;
  readonly hosts?: readonly string[];
  readonly file?: string;
}

const told = (
  context: OsaContext,
  { command, why, phase = 'upgrade', service, hosts = [], file = GUIDE }: Told,
): DeploymentCommand => ({ command, phase, why, service, hosts, source: context.source(file) });

function preparation(context: OsaContext): DeploymentCommand[] {
  const { directory, configDir, from, options } = context;
  const backup = `/openstack/backup-openstack-ansible-${from.number}.tar.gz`;
  const commands: Told[] = [
    {
      command: ['git', '-C', directory, 'fetch', '--tags'],
      why: 'The clone may not know the tag yet.',
      file: 'doc/source/admin/upgrades/minor-upgrades.rst',
    },
    { command: ['git', '-C', directory, 'checkout', options.tag], why: 'The playbooks of the new release.' },
    {
      command: ['tar', 'zcf', backup, configDir, '/etc/ansible/', '/usr/local/bin/openstack-ansible.rc'],
      why: 'Keeps the configuration of before.',
    },
    {
      command: ['env', '-u', 'ANSIBLE_INVENTORY', `${directory}/scripts/bootstrap-ansible.sh`],
      why: 'Brings the Ansible and the roles of the new release; the variable would lead them to another inventory.',
    },
    {
      command: context.utility('upgrade', 'deploy_config_changes'),
      why: 'Renames in the configuration what the new release calls otherwise.',
    },
  ];
  return commands.map((one) => told(context, { ...one, phase: 'prepare' }));
}

/** Hosts, and what services stand on. */
function standing(context: OsaContext): DeploymentCommand[] {
  const hosts: Told[] =
    context.options.metal === true
      ? [
          {
            command: context.setup('setup_hosts', ...LATEST),
            why: 'Packages of the hosts. Without containers there is nothing to be left out.',
            file: 'scripts/run-upgrade.sh',
          },
        ]
      : [
          {
            command: context.setup('setup_hosts', '--limit', '!galera_all:!rabbitmq_all', ...LATEST),
            why: 'Packages of hosts and containers, except where the database and the queues are.',
          },
          {
            command: context.setup(
              'setup_hosts',
              '-e',
              'lxc_container_allow_restarts=false',
              '--limit',
              'galera_all:rabbitmq_all',
            ),
            why: 'Where the database and the queues are, without restarting their containers.',
          },
        ];
  const commands: Told[] = [
    ...hosts,
    {
      command: context.setup(
        'setup_infrastructure',
        '-e',
        'galera_upgrade=true',
        '-e',
        'rabbitmq_upgrade=true',
        ...LATEST,
      ),
      why: 'MariaDB, RabbitMQ, HAProxy and memcached; Ceph, too, where it is deployed and `upgrade_ceph_packages` says so.',
    },
    {
      command: context.utility('tools', 'galera_cluster_rolling_restart'),
      why: 'Containers of MariaDB take their new configuration, one after the other.',
    },
  ];
  return commands.map((one) => told(context, one));
}

/** os_neutron deploys OVN as well. */
const playbookOf = (service: string): string => (service === 'ovn' ? 'neutron' : service);

function byService(context: OsaContext): DeploymentCommand[] {
  return osaServices.flatMap((service) => {
    const parts = context.parts.filter(({ recipe }) => playbookOf(recipe.service) === service);
    if (parts.length === 0) return [];
    const hosts = new Set(parts.flatMap(({ control, data }) => [...control, ...data]));
    return [
      told(context, {
        command: context.service(service, ...LATEST, ...serials(context, [service])),
        service,
        hosts: [...hosts].map(({ name }) => name),
        why: parts.some(({ recipe }) => recipe.migrations.length > 0)
          ? `${service}: its first host with the schema, then the others.`
          : `${service}: all of its hosts.`,
        file: 'scripts/run-upgrade.sh',
      }),
    ];
  });
}

/** The hosts of the data plane that a play takes at a time; what runs beside workloads has variables of its own. */
const SERIALS: { readonly [service: string]: readonly string[] } = {
  nova: ['nova_compute_serial'],
  neutron: ['neutron_agent_serial', 'neutron_other_serial'],
};

const serials = ({ options: { wave } }: OsaContext, services: readonly string[]): string[] =>
  wave === undefined
    ? []
    : services.flatMap((service) => (SERIALS[service] ?? []).flatMap((name) => ['-e', `${name}=${wave}`]));
