import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, Text } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';

/** Whether the new security groups of a project are stateful. */
export const DefaultSecurityGroupStatefulness = answer({
  id: z.string(),
  /** Null of the rule for all projects. */
  project_id: z.string().nullable(),
  stateful: z.boolean(),
});
export type DefaultSecurityGroupStatefulness = OutputAt<typeof DefaultSecurityGroupStatefulness>;

const ById = args({ id: z.string() });

/**
 * Whether new security groups are stateful (extension `security-groups-default-statefulness`). Administrators
 * only.
 */
export const defaultSecurityGroupStatefulness = resource({
  name: 'defaultSecurityGroupStatefulness',
  operations: {
    /** Show one default. */
    get: operation({
      verb: 'GET',
      path: 'security-groups-default-statefulness/{id}',
      receive: 'security_groups_default_statefulness',
      input: ById,
      output: DefaultSecurityGroupStatefulness,
    }),
    /** Iterate over defaults. */
    list: operation({
      verb: 'GET',
      path: 'security-groups-default-statefulness',
      receive: 'security_groups_default_statefulness',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({ id: Text, project_id: Text, stateful: Flag, ...Paging }),
      output: DefaultSecurityGroupStatefulness,
    }),
    /** Set the default of a project, or of all. */
    create: operation({
      verb: 'POST',
      path: 'security-groups-default-statefulness',
      send: 'security_groups_default_statefulness',
      receive: 'security_groups_default_statefulness',
      input: args({ project_id: z.string().nullable().optional(), stateful: Flag }),
      output: DefaultSecurityGroupStatefulness,
      status: 201,
    }),
    /** Change a default. */
    update: operation({
      verb: 'PUT',
      path: 'security-groups-default-statefulness/{id}',
      send: 'security_groups_default_statefulness',
      receive: 'security_groups_default_statefulness',
      input: args({ id: z.string(), stateful: Flag }),
      output: DefaultSecurityGroupStatefulness,
    }),
    /** Delete a default. */
    delete: operation({ verb: 'DELETE', path: 'security-groups-default-statefulness/{id}', input: ById }),
  },
});
