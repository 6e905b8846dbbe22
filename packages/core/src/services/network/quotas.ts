import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { tolerant } from '../../record/tolerant.ts';

const Limit = z.number().optional();

/** The quotas of Neutron itself. -1 is without limit. */
const limits = {
  network: Limit,
  subnet: Limit,
  subnetpool: Limit,
  port: Limit,
  router: Limit,
  floatingip: Limit,
  rbac_policy: Limit,
  security_group: Limit,
  security_group_rule: Limit,
  trunk: Limit,
} as const;

/** Quotas of a project. Service plug-ins bring their own (`firewall_group`, `vpnservice`, …). */
export const NetworkQuota = answer({
  /** In lists only. */
  project_id: z.string().optional(),
  tenant_id: z.string().optional(),
  ...limits,
});
export type NetworkQuota = OutputAt<typeof NetworkQuota>;

const Usage = tolerant({
  /** -1 is without limit. */
  limit: z.number(),
  used: z.number(),
  reserved: z.union([z.number(), z.string()]),
}).optional();

/** As a quota, with what is used of each. */
export const NetworkQuotaUsage = answer({
  network: Usage,
  subnet: Usage,
  subnetpool: Usage,
  port: Usage,
  router: Usage,
  floatingip: Usage,
  rbac_policy: Usage,
  security_group: Usage,
  security_group_rule: Usage,
  trunk: Usage,
});
export type NetworkQuotaUsage = OutputAt<typeof NetworkQuotaUsage>;

const Whose = args({ project_id: z.string() });

/** Quotas of projects. Others than administrators see their own, and change none. */
export const quotas = resource({
  name: 'quotas',
  operations: {
    /** Show a project's quotas, those that are the cloud's default included. A project that is not has them too. */
    get: operation({
      verb: 'GET',
      path: 'quotas/{project_id}',
      receive: 'quota',
      input: Whose,
      output: NetworkQuota,
    }),
    /** Iterate over projects whose quotas are not the default ones. Administrators only. */
    list: operation({
      verb: 'GET',
      path: 'quotas',
      receive: 'quotas',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args(Paging),
      output: NetworkQuota,
    }),
    /** Show the quotas that a project has if none are set for it. */
    default: operation({
      verb: 'GET',
      path: 'quotas/{project_id}/default',
      receive: 'quota',
      input: Whose,
      output: NetworkQuota,
    }),
    /** Show a project's quotas with what is used of them (extension `quota_details`). */
    details: operation({
      verb: 'GET',
      path: 'quotas/{project_id}/details',
      receive: 'quota',
      input: Whose,
      output: NetworkQuotaUsage,
    }),
    /** Set some of a project's quotas. Administrators only. */
    update: operation({
      verb: 'PUT',
      path: 'quotas/{project_id}',
      send: 'quota',
      receive: 'quota',
      input: z
        .object({
          project_id: z.string(),
          ...limits,
          /** Refuse a limit below what is used (extension `quota-check-limit`). @default false */
          check_limit: z.boolean().optional(),
          /** Do not. Where the cloud's default is to check. */
          force: z.boolean().optional(),
        })
        .catchall(z.union([z.number(), z.string()]).optional()),
      output: NetworkQuota,
    }),
    /** Return a project to the default quotas. Administrators only. */
    delete: operation({ verb: 'DELETE', path: 'quotas/{project_id}', input: Whose }),
  },
});
