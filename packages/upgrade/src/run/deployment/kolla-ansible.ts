import { parseArguments } from '@groundcrew/ground';
import { hopArgument, type PlannedHop } from '../plan-upgrade.ts';
import type { DeploymentAnswer, DeploymentRefusal } from './deployment.ts';
import { deploymentInput, type DeploymentTool } from './deployment-input.ts';
import { KollaContext } from './kolla-context.ts';
import { kollaDifferences } from './kolla-differences.ts';
import { checkKollaOptions, type KollaAnsibleOptions, kollaOptions } from './kolla-options.ts';
import { kollaEdits, kollaNeeds, kollaPreparation } from './kolla-prepare.ts';
import { type KollaRelease, kollaReleases } from './kolla-releases.ts';
import { kollaUpgrade } from './kolla-upgrade.ts';

const SWIFT_WENT = 'releasenotes/notes/remove-swift-5ebd7b5c4a2cb5b7.yaml';

const tool: DeploymentTool<KollaRelease> = {
  name: 'kolla-ansible',
  releases: kollaReleases,
  lacks: [
    ...['swift-proxy', 'swift-account', 'swift-container', 'swift-object'].map((component) => ({
      component,
      since: 'epoxy' as const,
      source: SWIFT_WENT,
    })),
    {
      component: 'neutron-linuxbridge-agent',
      since: 'epoxy',
      source: 'releasenotes/notes/remove-neutron-linuxbridge-b1a2457e848709f7.yaml',
    },
    {
      component: 'neutron-macvtap-agent',
      since: undefined,
      source: 'ansible/roles/neutron/defaults/main.yml',
    },
  ],
};

/** What the script's unquoted `$CMD` passes on as it is. */
const ONE_WORD = /^[\w@%+=:,./-]+$/;

/**
 * The command lines with which kolla-ansible goes one hop, in its documented order: its own upgrade, passwords, images, prechecks, and
 * then a command for each service, or the one for all (`by: 'cloud'`); with `wave`, Nova in the stages that it documents for cells. With
 * them come the files that a person edits, and where its way is another than that of `planUpgrade`. Pure; rendered, not run here: no
 * cloud has been upgraded by it.
 *
 * Known are the command lines of 2024.1 (the last that is a shell script) to 2026.1.
 *
 * @returns the procedure, or every reason why there is none
 * @throws InputError naming the field: a path that begins with a hyphen, a host that has the name of a group
 * @example
 * const rendered = kollaAnsibleCommands(hop, { topology, inventory: '/etc/kolla/multinode', wave: 10 });
 * if (rendered.ok) console.log(deploymentText(rendered));
 * else for (const { code, reason, remedy } of rendered.refusals) console.log(code, reason, remedy);
 */
export function kollaAnsibleCommands(hop: PlannedHop, options: KollaAnsibleOptions): DeploymentAnswer {
  parseArguments('kollaAnsibleCommands', hopArgument, { hop });
  parseArguments('kollaAnsibleCommands', kollaOptions, options);
  checkKollaOptions(options);
  const input = deploymentInput(hop, options, tool);
  if (!input.ok) return input;
  const { from, to } = input;
  const context = new KollaContext(input, options);
  const [first, ...more] = wordRefusals(context);
  if (first !== undefined) return { ok: false, refusals: [first, ...more] };
  return {
    ok: true,
    tool: tool.name,
    from,
    to,
    needs: kollaNeeds(context),
    commands: [...kollaPreparation(context), ...kollaUpgrade(context)],
    edits: kollaEdits(context),
    differences: kollaDifferences(context),
  };
}

const wordRefusals = ({ release, inventories, configDir, to }: KollaContext): DeploymentRefusal[] =>
  release.cli === 'python'
    ? []
    : [...inventories, configDir]
        .filter((path) => !ONE_WORD.test(path))
        .map((path) => ({
          code: 'not-one-word',
          reason: `kolla-ansible ${to.number} is a shell script that takes ${JSON.stringify(path)} apart, or reads it as a pattern (tools/kolla-ansible: $CMD)`,
          remedy: 'Give it another name, or a symbolic link.',
        }));
