import { z } from 'zod';
import { operation, resource } from '../operation.ts';
import { answer, args, changes, since, until, type OutputAt } from '../shape.ts';
import { Timestamp } from '../timestamp.ts';

const FlavorReference = z.looseObject({ id: z.string() });
const EmbeddedFlavor = z.looseObject({ original_name: z.string(), vcpus: z.number(), ram: z.number(), disk: z.number() });

/** A virtual machine. */
export const Server = answer({
  id: z.string(),
  name: z.string(),
  /** `ACTIVE`, `BUILD`, `ERROR`, … */
  status: z.string(),
  created: Timestamp,
  /** A reference before 2.47; from then on the flavor as it was when the server was made. */
  flavor: changes(['2.1', FlavorReference], ['2.47', EmbeddedFlavor]),
  locked: since('2.9', z.boolean()),
  adminPass: until('2.96', z.string().optional()),
});
export type Server = OutputAt<typeof Server>;

const ById = args({ id: z.string() });

export const servers = resource({
  name: 'servers',
  settles: { field: 'status', failure: ['ERROR'] },
  findBy: 'name',
  operations: {
    /** Show one server. */
    get: operation({ verb: 'GET', path: 'servers/{id}', receive: 'server', input: ById, output: Server }),
    /** Iterate over servers, page by page. */
    list: operation({
      verb: 'GET',
      path: 'servers/detail',
      receive: 'servers',
      page: 'links',
      input: args({ all_tenants: z.boolean().optional(), name: z.string().optional(), tags: since('2.26', z.string().optional()) }),
      output: Server,
    }),
    /** Delete a server. */
    delete: operation({ verb: 'DELETE', path: 'servers/{id}', input: ById }),
    start: operation({ verb: 'POST', path: 'servers/{id}/action', action: 'os-start', input: ById, status: 202 }),
  },
});
