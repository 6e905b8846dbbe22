import { InputError, optionsSchema } from '@groundcrew/ground';
import { z } from 'zod';
import { aPath, type DeploymentOptions, deploymentShape } from './deployment-options.ts';

export interface KollaAnsibleOptions extends DeploymentOptions {
  /** The inventory, or several: files or directories. */
  readonly inventory: string | readonly string[];
  /** The directory of globals.yml and passwords.yml. @default '/etc/kolla' */
  readonly configDir?: string | undefined;
  /** Where pip puts its examples: `VIRTUALENV/share/kolla-ansible`. @default '/usr/local/share/kolla-ansible' */
  readonly share?: string | undefined;
}

export const kollaOptions = optionsSchema<KollaAnsibleOptions>({
  ...deploymentShape,
  inventory: z.union([aPath, z.array(aPath).min(1)]),
  configDir: aPath.optional(),
  share: aPath.optional(),
});

/** Ansible's own groups, and those that stand at the top of ansible/inventory/multinode. */
const GROUPS = new Set([
  'all',
  'ungrouped',
  'control',
  'network',
  'compute',
  'monitoring',
  'storage',
  'baremetal',
  'deployment',
]);

/**
 * What a schema of single options does not tell.
 *
 * @throws InputError naming the field
 */
export function checkKollaOptions({ topology, by, wave }: KollaAnsibleOptions): void {
  const group = topology.hosts.findIndex(({ name }) => GROUPS.has(name));
  if (group !== -1)
    throw new InputError(
      `kollaAnsibleCommands: topology.hosts.${group}.name: ${topology.hosts[group]?.name} is a group of the inventory: \`--limit\` would take all of it`,
      { field: `topology.hosts.${group}.name`, operation: 'kollaAnsibleCommands' },
    );
  if (by === 'cloud' && wave !== undefined)
    throw new InputError('kollaAnsibleCommands: wave: the one command for the cloud has no waves', {
      field: 'wave',
      operation: 'kollaAnsibleCommands',
      remedy: "Leave `by` out, or say `by: 'service'`.",
    });
}
