import { posixQuote } from '@groundcrew/runbook/hosts';
import { title } from '../../series.ts';
import type { DeploymentCommand, DeploymentPhase, DeploymentProcedure } from './deployment.ts';

/**
 * What a deployment tool would be told, as people read it and as a POSIX shell takes it: each command is one line, quoted for the shell, and
 * all else are comments: why, what is needed before, what is edited by hand, and where it differs from `planUpgrade`. It is rendered, not
 * run here. Pasted as it is, a shell would go on after a failure and before the edits are made: it is to be read command by command.
 *
 * @example
 * const rendered = kollaAnsibleCommands(hop, { topology, inventory: '/etc/kolla/multinode' });
 * if (rendered.ok) console.log(deploymentText(rendered));
 */
export function deploymentText({
  tool,
  from,
  to,
  needs,
  commands,
  edits,
  differences,
}: DeploymentProcedure): string {
  return [
    `# ${tool}: ${title(from)} to ${title(to)}. Rendered, not run here.`,
    ...section(
      'Needed before the first command, and not made so by any:',
      needs.map(({ what, source }) => `# - ${what} [${source}]`),
    ),
    ...section('By the tool of the old release:', linesOf(commands, 'old')),
    ...section('On the deployment host:', linesOf(commands, 'prepare')),
    ...section(
      'Edited by hand now:',
      edits.map(({ file, key, value, why, source }) => `# - ${file}: ${key}: ${value} (${why}) [${source}]`),
    ),
    ...section('On the hosts, and no service changes:', linesOf(commands, 'check')),
    ...section('Services change:', linesOf(commands, 'upgrade')),
    ...section(
      'Where this differs from the plan of planUpgrade:',
      differences.map(({ service, what, source }) => `# - ${service ?? 'all'}: ${what} [${source}]`),
    ),
  ].join('\n');
}

const section = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `# ${heading}`, ...lines];

const linesOf = (commands: readonly DeploymentCommand[], phase: DeploymentPhase): string[] =>
  commands
    .filter((command) => command.phase === phase)
    .flatMap(({ command, why, source }) => [
      `# ${why} [${source}]`,
      command.map((word) => posixQuote(word)).join(' '),
    ]);
