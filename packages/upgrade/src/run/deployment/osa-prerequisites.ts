import type { DeploymentEdit, DeploymentNeed } from './deployment.ts';
import type { OsaContext } from './osa-context.ts';

const GUIDE = 'doc/source/admin/upgrades/major-upgrades.rst';

/** What openstack-ansible takes for granted. */
export function osaNeeds(context: OsaContext): DeploymentNeed[] {
  const needs: DeploymentNeed[] = [
    {
      what: 'A restore of the databases has been proven: nothing below asks for it, and every service migrates its own.',
      source: context.source(GUIDE),
    },
    {
      what: 'The cloud is sound: the guide wants health checks before, and names none.',
      source: context.source(GUIDE),
    },
  ];
  if (context.to.name !== 'caracal')
    needs.push({
      what: 'RabbitMQ is 3.13 or later, and no queue is mirrored any more: 4.0 has no mirrored queues, and the playbook fails.',
      source: context.source(GUIDE),
    });
  return needs;
}

/** The files of the deployment host that a person edits. */
export function osaEdits(context: OsaContext): DeploymentEdit[] {
  const { configDir, to } = context;
  const variables = `${configDir}/user_variables.yml`;
  const source = context.source(GUIDE);
  const edits: DeploymentEdit[] = [
    {
      file: variables,
      key: 'everything else',
      value: 'as the release notes say under "Upgrade Notes", those of a skipped series too',
      why: 'deploy_config_changes does not do all of them.',
      source,
    },
  ];
  if (to.name === 'caracal')
    edits.push({
      file: variables,
      key: 'oslomsg_rabbit_quorum_queues',
      value: 'false',
      why: 'Quorum queues are the default from here on, and moving to them makes the outage longer: do it after the hop.',
      source,
    });
  if (to.name === 'gazpacho')
    edits.push({
      file: `${configDir}/openstack_user_config.yml`,
      key: 'names of groups, also in conf.d',
      value: 'underscores for hyphens',
      why: 'Ansible wants it so; the old names are translated, with a warning.',
      source,
    });
  return edits;
}
