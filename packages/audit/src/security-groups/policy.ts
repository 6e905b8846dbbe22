import { parseArguments } from '@groundcrew/ground';
import { InputError } from '@groundcrew/core';
import { z } from 'zod';
import { parsePrefix } from './addresses/cidr.ts';
import { type AdminPort, adminPorts } from './exposure/admin-ports.ts';
import { everyoneFrom, type ExposureCriteria } from './exposure/exposure.ts';

/** The criteria by which security groups are judged. */
export interface SecurityGroupPolicy {
  /**
   * From which share of the public addresses on, 0 to 1, somebody is everyone. Below 1, since a rule set that leaves
   * out a sliver is open all the same. @default 0.99
   */
  readonly everyone?: number | undefined;
  /**
   * Prefixes that keep their access in a fix: an office, a bastion host. If they are so many that it would be as open
   * with them as before, they are not let in again. @default none
   */
  readonly keep?: readonly string[] | undefined;
  /** Ports that everyone may not reach. What passes names them. @default adminPorts */
  readonly ports?: readonly AdminPort[] | undefined;
  /** Judge what groups let out as well. Neutron's default lets everything out. @default false */
  readonly egress?: boolean | undefined;
}

/** The fields of a policy; a misspelt key would judge by something else than was meant. */
const policySchema = z.strictObject({
  everyone: z.number().optional(),
  keep: z.array(z.string()).readonly().optional(),
  ports: z
    .array(
      z.strictObject({
        port: z.int().min(1).max(65_535),
        protocol: z.union([z.literal(6), z.literal(17)]),
        name: z.string().trim().min(1),
      }),
    )
    .readonly()
    .optional(),
  egress: z.boolean().optional(),
});

/** A policy with its defaults, ready to judge by. */
export interface ParsedPolicy {
  readonly criteria: ExposureCriteria;
  /** From where what is closed to everyone stays open, in a fix. */
  readonly keep: readonly string[];
  readonly egress: boolean;
}

/** @throws InputError that names the field of the policy */
export function parsePolicy(policy: SecurityGroupPolicy): ParsedPolicy {
  const {
    everyone = 0.99,
    keep = [],
    ports = adminPorts,
    egress = false,
  } = parseArguments('assessSecurityGroups', policySchema, policy);
  // Out of its bounds it would find nothing, or everything.
  if (!(everyone > 0 && everyone <= 1)) throw wrong('everyone', `${everyone} is no share above 0, up to 1`);
  for (const [index, text] of keep.entries())
    // Not to understand it would lock out whom it names.
    if (parsePrefix(text) === undefined)
      throw wrong(`keep.${index}`, `${JSON.stringify(text)} is no address and no prefix`);
  return { criteria: { isEveryone: everyoneFrom(everyone), ports }, keep, egress };
}

const wrong = (field: string, message: string): InputError =>
  new InputError(`${field}: ${message}`, { field, operation: 'assessSecurityGroups' });
