import type { UpgradeCommand } from '../recipe.ts';
import type { DeploymentCommand, DeploymentEdit, DeploymentNeed } from './deployment.ts';
import type { KollaContext } from './kolla-context.ts';

const GUIDE = 'doc/source/user/operating-kolla.rst';
const RABBITMQ = 'doc/source/reference/message-queues/rabbitmq.rst';

/** What the guide does before the upgrade itself, in its order. */
export function kollaPreparation(context: KollaContext): DeploymentCommand[] {
  const { configDir, share, from, to, release } = context;
  const prepare = (command: UpgradeCommand, why: string, file = GUIDE): DeploymentCommand => ({
    command,
    phase: 'prepare',
    why,
    service: undefined,
    hosts: [],
    source: context.source(file),
  });
  const check = (action: string, why: string): DeploymentCommand => ({
    ...prepare(context.action(action), why),
    phase: 'check',
  });
  const passwords = `${configDir}/passwords.yml`;
  const [oldest, newest] = release.ansibleCore;
  return [
    ...rabbitmqFirst(context),
    prepare(['cp', '-aT', configDir, `${configDir}.${from.number}`], 'Keeps the configuration of before.'),
    prepare(
      ['pip3', 'install', '--upgrade', `git+https://opendev.org/openstack/kolla-ansible@${release.ref}`],
      `Brings the tool of ${to.number}; it deploys the images of that series.`,
    ),
    ...(isSlurp(context)
      ? [
          prepare(
            ['pip3', 'install', '--upgrade', `ansible-core>=${oldest},<${newest}.99`],
            'Over a skipped series the old ansible-core is too old for the new tool.',
          ),
        ]
      : []),
    prepare(['kolla-ansible', 'install-deps'], 'Brings the Ansible collections that its roles use.'),
    prepare(['cp', '-p', passwords, `${passwords}.old`], 'What is known of passwords.'),
    // The guide names share/kolla-ansible/etc; setup.cfg installs etc_examples.
    prepare(
      ['cp', `${share}/etc_examples/kolla/passwords.yml`, `${passwords}.new`],
      'The new series may want passwords that the old one had not.',
      'setup.cfg',
    ),
    prepare(['kolla-genpwd', '-p', `${passwords}.new`], 'Makes all of them anew.'),
    prepare(
      ['kolla-mergepwd', '--old', `${passwords}.old`, '--new', `${passwords}.new`, '--final', passwords],
      'Keeps each that was known, and adds the others.',
    ),
    check('pull', 'Brings the images to the hosts, so that no service waits for them.'),
    check('prechecks', 'Asks hosts and configuration; it is not the check of any service.'),
  ];
}

const isSlurp = ({ from, to }: KollaContext): boolean => from.slurp === true && to.slurp === true;

/** From 2023.1 to 2024.1 RabbitMQ passes over 3.12, which it may not: the old tool leads it there, and only once. */
function rabbitmqFirst(context: KollaContext): DeploymentCommand[] {
  if (context.from.name !== 'antelope' || context.to.name !== 'caracal') return [];
  return [
    {
      command: context.action('rabbitmq-upgrade', '3.12'),
      phase: 'old',
      why: 'RabbitMQ goes from 3.11 to 3.12, and with the hop to 3.13. Restarts it; not to be repeated.',
      service: undefined,
      hosts: [],
      source: context.source(RABBITMQ),
    },
  ];
}

export function kollaNeeds(context: KollaContext): DeploymentNeed[] {
  const needs: DeploymentNeed[] = [
    {
      what: 'A restore of the databases has been proven: nothing below asks for it, and every service migrates its own.',
      source: context.source(GUIDE),
    },
    {
      what: 'With `use_preconfigured_databases` the database has log_bin_trust_function_creators = 1: then nothing below sets it.',
      source: context.source(GUIDE),
    },
  ];
  const to = context.to.name;
  if (to === 'epoxy')
    needs.push(
      {
        what: 'Every queue of RabbitMQ is durable (`om_enable_rabbitmq_quorum_queues` and its kin): 4.0 takes no other. The way there stops all services that use it.',
        source: context.source(RABBITMQ),
      },
      {
        what: 'RabbitMQ is 3.13 or later; where it is 4.1 already, `rabbitmq_image` in globals.yml says so, or the hop would take it back to 4.0 and refuses.',
        source: context.source(RABBITMQ),
      },
    );
  if (to === 'gazpacho')
    needs.push(
      {
        what: 'RabbitMQ is 3.13, 4.0 or 4.1: from there it goes to 4.2 at once.',
        source: context.source('ansible/roles/rabbitmq/defaults/main.yml'),
      },
      {
        what: 'Images come from a registry of your own: prechecks refuse quay.io/openstack.kolla unless told `--use-test-images`.',
        source: context.source('ansible/roles/prechecks/tasks/registry_checks.yml'),
      },
    );
  return needs;
}

/** Changes of the sample inventory against the SLURP before: groups that a playbook asks for. */
const NEW_GROUPS: { readonly [series: string]: string } = {
  gazpacho:
    'kolla_toolbox and kolla_logs (once with a hyphen), neutron-rpc-server, neutron-periodic-worker, cinder-volume-lvm, cinder-backup-lvm among others',
};

export function kollaEdits(context: KollaContext): DeploymentEdit[] {
  const { configDir, inventories, share, to } = context;
  const sample = `${share}/ansible/inventory/multinode`;
  return [
    ...inventories.map((file) => ({
      file,
      key: 'groups',
      value:
        NEW_GROUPS[to.name] === undefined ? `as in ${sample}` : `${NEW_GROUPS[to.name]}, as in ${sample}`,
      why: 'A play whose group is missing does nothing, or fails.',
      source: context.source('ansible/inventory/multinode'),
    })),
    {
      file: `${configDir}/globals.yml`,
      key: 'openstack_release',
      value: `"${to.number}"`,
      why: 'Only where the file sets it: without, the tool takes its own series.',
      source: context.source(GUIDE),
    },
    {
      file: `${configDir}/globals.yml`,
      key: 'everything else',
      value: 'as the release notes say under "Upgrade Notes"',
      why: 'Options are renamed and removed; nobody tells of one that is ignored.',
      source: context.source(GUIDE),
    },
  ];
}
