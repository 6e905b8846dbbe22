import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt, until } from '../../record/shape.ts';

/** The limits of a project, and its usage. -1: no limit. */
export const Limits = answer({
  absolute: answer({
    maxTotalInstances: z.number(),
    totalInstancesUsed: z.number(),
    maxTotalCores: z.number(),
    totalCoresUsed: z.number(),
    /** MiB. */
    maxTotalRAMSize: z.number(),
    /** MiB. */
    totalRAMUsed: z.number(),
    maxTotalKeypairs: z.number(),
    maxServerMeta: z.number(),
    maxServerGroups: z.number(),
    totalServerGroupsUsed: z.number(),
    maxServerGroupMembers: z.number(),
    maxTotalFloatingIps: until('2.36', z.number()),
    totalFloatingIpsUsed: until('2.36', z.number()),
    maxSecurityGroups: until('2.36', z.number()),
    totalSecurityGroupsUsed: until('2.36', z.number()),
    maxSecurityGroupRules: until('2.36', z.number()),
    maxImageMeta: until('2.39', z.number()),
    maxPersonality: until('2.57', z.number()),
    maxPersonalitySize: until('2.57', z.number()),
  }),
  /** Empty since Nova does not limit rates. */
  rate: z.array(z.unknown()),
});
export type Limits = OutputAt<typeof Limits>;

/** Quotas and use in one answer, which every user of a project may read. */
export const limits = resource({
  name: 'limits',
  operations: {
    /** The limits of the project, and what it uses. */
    get: operation({
      verb: 'GET',
      path: 'limits',
      receive: 'limits',
      input: args({
        /** Another project. Administrators only. */
        tenant_id: z.string().optional(),
      }),
      output: Limits,
    }),
  },
});
