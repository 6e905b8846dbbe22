import { execFileSync } from 'node:child_process';
import { visible } from '@groundcrew/ground';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type DeploymentAnswer,
  deploymentText,
  kollaAnsibleCommands,
  openstackAnsibleCommands,
} from '../../src/run.ts';
import { epoxyToGazpacho, topology } from './fixtures/topology.ts';

const nasty = fc.constantFrom(
  "'",
  '"',
  '`',
  '$(x)',
  '$HOME',
  '\\',
  ' ',
  '#',
  ';',
  '&',
  '|',
  '*',
  '~',
  '!',
  '%s',
  'é',
  '',
);

/** Paths that the options take, and of these those that a shell would do something with. */
const aPath = fc
  .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 4 })), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(''))
  .filter((path) => path !== '' && !path.startsWith('-') && visible(path) === path);

/** What a shell makes of the commands of a text. */
function wordsIn(text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const script = lines.map((line) => String.raw`printf '%s\0' ${line}`).join('\n');
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

/** What a shell reads in the text of a procedure, beside what is in it. */
function bothOf(answer: DeploymentAnswer): [read: string[], meant: string[]] {
  if (!answer.ok) throw new RangeError(answer.refusals[0].reason);
  return [wordsIn(deploymentText(answer)), answer.commands.flatMap(({ command }) => command)];
}

test('a shell reads the arguments of kolla-ansible as they are, and runs nothing of the comments', () => {
  fc.assert(
    fc.property(aPath, aPath, aPath, (inventory, configDir, share) => {
      const [read, meant] = bothOf(
        kollaAnsibleCommands(epoxyToGazpacho, { topology, inventory, configDir, share, wave: 1 }),
      );
      expect(read).toEqual(meant);
    }),
    { numRuns: 60 },
  );
});

test('and those of openstack-ansible', () => {
  fc.assert(
    fc.property(aPath, aPath, (directory, configDir) => {
      const [read, meant] = bothOf(
        openstackAnsibleCommands(epoxyToGazpacho, {
          topology,
          tag: '33.0.1',
          directory: `/${directory}`,
          configDir,
        }),
      );
      expect(read).toEqual(meant);
    }),
    { numRuns: 60 },
  );
});
