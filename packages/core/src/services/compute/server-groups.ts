import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, changes, type OutputAt, since, until } from '../../record/shape.ts';
import { tolerant } from '../../record/tolerant.ts';

const Hard = z.enum(['anti-affinity', 'affinity']);
const Policy = z.enum(['anti-affinity', 'affinity', 'soft-anti-affinity', 'soft-affinity']);

/** Servers that are to be kept together or apart. */
export const ServerGroup = answer({
  id: z.string(),
  name: z.string(),
  /** Ids of its servers, without deleted ones. */
  members: z.array(z.string()),
  /** Always empty. */
  metadata: until('2.64', z.record(z.string(), z.unknown())),
  /** A list of exactly one policy. */
  policies: until('2.64', z.array(z.string())),
  /** `affinity`, `anti-affinity`, `soft-affinity`, `soft-anti-affinity`. */
  policy: since('2.64', z.string().nullable()),
  rules: since('2.64', tolerant({ max_server_per_host: z.number().optional() })),
  project_id: since('2.13', z.string().nullable()),
  user_id: since('2.13', z.string().nullable()),
});
export type ServerGroup = OutputAt<typeof ServerGroup>;

const ById = args({ id: z.string() });

/** Groups by which the scheduler keeps servers together or apart. */
export const serverGroups = resource({
  name: 'serverGroups',
  findBy: 'name',
  operations: {
    /** Show one server group. */
    get: operation({
      verb: 'GET',
      path: 'os-server-groups/{id}',
      receive: 'server_group',
      input: ById,
      output: ServerGroup,
    }),
    /** At most `max_limit` (1000) groups at once; more only with a `limit`, by which it then pages. */
    list: operation({
      verb: 'GET',
      path: 'os-server-groups',
      receive: 'server_groups',
      page: 'offset',
      // Nova has no links here: without a limit, whatever lies behind its max_limit would be lost in silence.
      pageSize: 500,
      input: args({
        /** Lists the groups of all projects. Others than administrators silently get their own. `false` is no choice: leave it out. */
        all_projects: z.literal(true).optional(),
        limit: z.number().int().positive().optional(),
        offset: z.number().int().nonnegative().optional(),
      }),
      output: ServerGroup,
    }),
    /** Create a server group. Servers join it when they are made, by the hint `group`. */
    create: operation({
      verb: 'POST',
      path: 'os-server-groups',
      send: 'server_group',
      receive: 'server_group',
      input: args({
        name: z.string(),
        policies: changes(
          ['2.1', z.array(Hard).length(1)],
          ['2.15', z.array(Policy).length(1)],
          ['2.64', null],
        ),
        policy: since('2.64', Policy),
        /** `max_server_per_host` only with `anti-affinity`. */
        rules: since(
          '2.64',
          z.strictObject({ max_server_per_host: z.number().int().positive().optional() }).optional(),
        ),
      }),
      output: ServerGroup,
    }),
    /** Its servers stay. */
    delete: operation({ verb: 'DELETE', path: 'os-server-groups/{id}', input: ById }),
  },
});
