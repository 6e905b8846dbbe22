import { parseArguments } from '@groundcrew/ground';
import { hopArgument, type PlannedHop } from '../plan-upgrade.ts';
import type { DeploymentAnswer } from './deployment.ts';
import { deploymentInput, type DeploymentTool } from './deployment-input.ts';
import { osaCommands } from './osa-commands.ts';
import { OsaContext } from './osa-context.ts';
import { osaDifferences } from './osa-differences.ts';
import { checkTag, type OpenstackAnsibleOptions, osaOptions } from './osa-options.ts';
import { osaEdits, osaNeeds } from './osa-prerequisites.ts';
import { type OsaRelease, osaReleases } from './osa-releases.ts';

const tool: DeploymentTool<OsaRelease> = {
  name: 'openstack-ansible',
  releases: osaReleases,
  lacks: [
    {
      component: 'neutron-linuxbridge-agent',
      since: 'epoxy',
      source: 'releasenotes/notes/lxb_removed-543fdff51aad6817.yaml',
    },
    {
      component: 'neutron-macvtap-agent',
      since: undefined,
      source: 'inventory/env.d/neutron.yml',
    },
  ],
};

/**
 * The command lines with which openstack-ansible goes one hop: the steps of its guide for a manual upgrade, which are those of
 * `scripts/run-upgrade.sh`, with a playbook for each service, or the one for all (`by: 'cloud'`). With them come the files that a person
 * edits, and where its way is another than that of `planUpgrade`. Pure; rendered, not run here: no cloud has been upgraded by it.
 *
 * Known are the playbooks of 2024.1 to 2026.1.
 *
 * @returns the procedure, or every reason why there is none
 * @throws InputError naming the field: a path that begins with a hyphen, a tag of another series
 * @example
 * const rendered = openstackAnsibleCommands(hop, { topology, tag: '33.0.1', wave: 10 });
 * if (rendered.ok) console.log(deploymentText(rendered));
 * else for (const { code, reason, remedy } of rendered.refusals) console.log(code, reason, remedy);
 */
export function openstackAnsibleCommands(
  hop: PlannedHop,
  options: OpenstackAnsibleOptions,
): DeploymentAnswer {
  parseArguments('openstackAnsibleCommands', hopArgument, { hop });
  parseArguments('openstackAnsibleCommands', osaOptions, options);
  const input = deploymentInput(hop, options, tool);
  if (!input.ok) return input;
  const { from, to, parts } = input;
  const { cells = 1 } = options.topology;
  if (cells > 1 && parts.some(({ recipe }) => recipe.service === 'nova'))
    return {
      ok: false,
      refusals: [
        {
          code: 'multi-cell',
          reason: `Nova has ${cells} cells; os_nova knows cell0 and one other (tasks/nova_db_setup.yml)`,
          remedy: 'Leave Nova out by `services`, and upgrade its cells by hand.',
        },
      ],
    };
  checkTag(options, input.release, to);
  const context = new OsaContext(input, options);
  return {
    ok: true,
    tool: tool.name,
    from,
    to,
    needs: osaNeeds(context),
    commands: osaCommands(context),
    edits: osaEdits(context),
    differences: osaDifferences(context),
  };
}
