import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';

/** A security group as Nova tells it. Neutron's has more, and both address families. */
export const ServerSecurityGroup = answer({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable().optional(),
  tenant_id: z.string(),
  rules: z.array(z.record(z.string(), z.unknown())).optional(),
});
export type ServerSecurityGroup = OutputAt<typeof ServerSecurityGroup>;

/** The security groups that the ports of one server have. */
export const serverSecurityGroups = resource({
  name: 'serverSecurityGroups',
  operations: {
    /** List all of them, with their rules. */
    list: operation({
      verb: 'GET',
      path: 'servers/{server_id}/os-security-groups',
      receive: 'security_groups',
      page: 'none',
      input: args({ server_id: z.string() }),
      output: ServerSecurityGroup,
    }),
  },
});
