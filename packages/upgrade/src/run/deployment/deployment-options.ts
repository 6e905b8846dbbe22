import { visible } from '@groundcrew/ground';
import { z } from 'zod';
import { topologySchema, type UpgradeTopology } from '../topology.ts';

/** What the command lines of every deployment tool are rendered from. */
export interface DeploymentOptions {
  /** The same as `planUpgrade` takes; hosts have the names of the tool's inventory. */
  readonly topology: UpgradeTopology;
  /** Services of the topology to be upgraded, and nothing else. @default all of them, what they stand on, and all else that the tool deploys */
  readonly services?: readonly string[] | undefined;
  /**
   * `service`: a command for each, in the tool's own order, so that one can stop between two and measure each. `cloud`: the one command
   * that the tool documents. @default 'service'
   */
  readonly by?: 'service' | 'cloud' | undefined;
  /** Computes that are upgraded at a time. @default as many as the tool does by itself */
  readonly wave?: number | undefined;
}

/** Parts of the schemas of options. */
export const deploymentShape = {
  topology: topologySchema,
  services: z.array(z.string().min(1)).min(1).optional(),
  by: z.enum(['service', 'cloud']).optional(),
  wave: z.int().min(1).optional(),
};

/** A path as an argument of a program: one that begins with a hyphen would be read as an option. */
export const aPath = z
  .string()
  .min(1)
  .refine((path) => !path.startsWith('-'), 'must not begin with a hyphen: write ./- before it')
  .refine((path) => visible(path) === path, 'must have no control character, and none that cannot be seen');
