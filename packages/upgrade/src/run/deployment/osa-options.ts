import { InputError, optionsSchema } from '@groundcrew/ground';
import { z } from 'zod';
import { type Series, title } from '../../series.ts';
import { aPath, type DeploymentOptions, deploymentShape } from './deployment-options.ts';
import type { OsaRelease } from './osa-releases.ts';

export interface OpenstackAnsibleOptions extends DeploymentOptions {
  /** The newest tag of the series that the hop leads to: `33.0.1` is of 2026.1. */
  readonly tag: string;
  /** The clone of its repository. @default '/opt/openstack-ansible' */
  readonly directory?: string | undefined;
  /** @default '/etc/openstack_deploy' */
  readonly configDir?: string | undefined;
  /** Whether nothing is in containers: then there are none of Galera and RabbitMQ to be left running. @default false */
  readonly metal?: boolean | undefined;
}

export const osaOptions = optionsSchema<OpenstackAnsibleOptions>({
  ...deploymentShape,
  tag: z.string().regex(/^\d{2}\.\d{1,3}\.\d{1,3}$/, 'must be a tag of openstack-ansible: 33.0.1'),
  directory: aPath.refine((path) => path.startsWith('/'), 'must begin with /').optional(),
  configDir: aPath.optional(),
  metal: z.boolean().optional(),
});

/** @throws InputError for a tag of another series: its playbooks would deploy that one */
export function checkTag({ tag }: OpenstackAnsibleOptions, { major }: OsaRelease, to: Series): void {
  if (tag.startsWith(`${major}.`)) return;
  throw new InputError(
    `openstackAnsibleCommands: tag: ${tag} is not of ${title(to)}, whose tags begin with ${major}.`,
    { field: 'tag', operation: 'openstackAnsibleCommands' },
  );
}
