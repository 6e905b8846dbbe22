import type { DeploymentDifference } from './deployment.ts';
import type { KollaContext } from './kolla-context.ts';

interface Told {
  readonly service?: string;
  readonly what: string;
  /** In openstack/kolla-ansible; read in each release of the table. */
  readonly file: string;
}

/** Of services whose recipe stops them before their database is migrated. */
const whileItServes = (service: string): Told => ({
  service,
  what: 'Its database is migrated while the old code still serves; the plan takes it down first, as its own guide does.',
  file: `ansible/roles/${service}/tasks/upgrade.yml`,
});

const OF_SERVICES: readonly Told[] = [
  {
    service: 'keystone',
    what: 'Expand, restart and contract are one command: nobody is asked before the contract, after which the old code cannot serve.',
    file: 'ansible/roles/keystone/handlers/main.yml',
  },
  {
    service: 'glance',
    what: 'Its database is migrated in one piece while the old code still serves; `glance_enable_rolling_upgrade: true` in globals.yml expands, restarts, and contracts.',
    file: 'ansible/roles/glance/tasks/upgrade.yml',
  },
  {
    service: 'placement',
    what: 'Online migrations run to their end in the same command, unthrottled, and nobody is asked before.',
    file: 'ansible/roles/placement/tasks/upgrade.yml',
  },
  {
    service: 'cinder',
    what: 'The API is restarted first and not last, then each service once more to lift its pin, where the plan sends SIGHUP to all but the API; online migrations follow in the same command.',
    file: 'ansible/roles/cinder/tasks/upgrade.yml',
  },
  {
    service: 'ironic',
    what: 'It waits until no node waits for its ramdisk, and gives up after 5 minutes; online migrations follow in the same command.',
    file: 'ansible/roles/ironic/tasks/upgrade.yml',
  },
  {
    service: 'nova',
    what: 'Schedulers and APIs are restarted before conductors, and not after them.',
    file: 'ansible/nova.yml',
  },
  {
    service: 'nova',
    what: 'To lift the pins all containers are restarted a second time, computes too, where the plan sends SIGHUP to those that take it.',
    file: 'ansible/roles/nova-cell/tasks/reload.yml',
  },
  {
    service: 'neutron',
    what: 'Servers and agents are restarted by one command, L2 agents of all hosts at once; only L3 agents go one after another, `neutron_l3_agent_failover_delay` apart.',
    file: 'ansible/roles/neutron/handlers/main.yml',
  },
  {
    service: 'neutron',
    what: 'If contracting is pending, all servers are stopped for it at once, without a question; the plan refuses then.',
    file: 'ansible/roles/neutron/tasks/rolling_upgrade.yml',
  },
  whileItServes('heat'),
  whileItServes('barbican'),
  whileItServes('octavia'),
  whileItServes('manila'),
];

/** Where the way of kolla-ansible is another than that of the plan. */
export function kollaDifferences(context: KollaContext): DeploymentDifference[] {
  const services = context.parts.map(({ recipe }) => recipe.service);
  return [...ofAll(context), ...ofNova(context), ...OF_SERVICES]
    .filter(({ service }) => service === undefined || services.includes(service))
    .map(({ service, what, file }) => ({ service, what, source: context.source(file) }));
}

function ofAll({ release, options, isWhole }: KollaContext): Told[] {
  const told: Told[] = [
    {
      what: 'A service is restarted on all of its hosts at once (as many as Ansible has forks, 5 by default), and no API is taken out of HAProxy before: requests fail meanwhile.',
      file: 'ansible/site.yml',
    },
    // The constant comes after what the command line says, and the last `-e` wins.
    release.cli === 'python'
      ? {
          what: 'Host by host cannot be had by its command line: `upgrade` sets `kolla_serial` to 0 behind any `-e kolla_serial=…`.',
          file: 'kolla_ansible/cli/commands.py',
        }
      : {
          what: 'Host by host is to be had by `ANSIBLE_SERIAL=1` in its environment, which its release notes do not recommend; `-e kolla_serial=1` is overridden.',
          file: 'tools/kolla-ansible',
        },
    {
      what: "Of the services' own upgrade checks only Nova's is run, once its schema is migrated.",
      file: 'ansible/roles/nova/tasks/upgrade.yml',
    },
    {
      what: 'A task that fails on a host leaves that host out and goes on with the others (`max_fail_percentage` is 100); the plan stops.',
      file: 'ansible/site.yml',
    },
  ];
  if (isWhole)
    told.push({
      what: 'MariaDB, RabbitMQ, HAProxy and all else that is deployed change too; the plan leaves them as they are.',
      file: 'ansible/site.yml',
    });
  if (options.by !== 'cloud')
    told.push({
      what: 'kolla-ansible documents one `upgrade` for all; tags cut it here, so that one can stop between services.',
      file: 'doc/source/user/operating-kolla.rst',
    });
  return told;
}

const ofNova = ({ options }: KollaContext): Told[] =>
  options.wave === undefined
    ? [
        {
          service: 'nova',
          what: 'All computes at once, without waves; online migrations follow in the same command, unthrottled, and nobody is asked before.',
          file: 'ansible/nova.yml',
        },
      ]
    : [
        {
          service: 'nova',
          what: 'Waves need `--limit`, which kolla-ansible does not recommend: results that a task registered on a host left out are missing (bug 2054348).',
          file: 'doc/source/user/operating-kolla.rst',
        },
        {
          service: 'nova',
          what: 'Online migrations run to their end, unthrottled.',
          file: 'ansible/roles/nova-cell/tasks/online_data_migrations.yml',
        },
      ];
