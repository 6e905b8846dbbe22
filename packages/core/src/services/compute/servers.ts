import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { NewReservation, NewServer, ServerChange } from './new-server.ts';
import { serverConsoles } from './server-consoles.ts';
import { ServerFilters } from './server-filters.ts';
import { serverImages } from './server-images.ts';
import { serverMoves } from './server-moves.ts';
import { serverNetworkActions } from './server-network-actions.ts';
import { serverPower } from './server-power.ts';
import { CreatedServer, Server, ServerBrief, UpdatedServer } from './server.ts';

const ById = args({ id: z.string() });

/** Virtual machines, and all that can be done to them. */
export const servers = resource({
  name: 'servers',
  settles: { field: 'status', failure: ['ERROR'] },
  findBy: 'name',
  findByFilter: 'pattern',
  operations: {
    /** Show one server. */
    get: operation({ verb: 'GET', path: 'servers/{id}', receive: 'server', input: ById, output: Server }),
    /**
     * Iterate over servers with all their fields, page by page: those of the project, or with `all_tenants` of the
     * cloud.
     *
     * Before 2.69 servers of a cell that does not respond are silently left out. Pin to 2.69 or newer to have them
     * as `UNKNOWN`.
     * @example
     * for await (const server of cloud.compute.at('2.79').servers.list({ all_tenants: true, host: 'compute-7' })) …
     */
    list: operation({
      verb: 'GET',
      path: 'servers/detail',
      receive: 'servers',
      page: 'links',
      input: ServerFilters,
      output: Server,
    }),
    /** Iterate over servers by id and name only, which is several times faster. */
    listBrief: operation({
      verb: 'GET',
      path: 'servers',
      receive: 'servers',
      page: 'links',
      input: ServerFilters,
      output: ServerBrief,
    }),
    /**
     * Create a server. It is in `BUILD` at first: `waitFor` it to be `ACTIVE`.
     * @example
     * const { id } = await cloud.compute.at('2.37').servers.create({ name, flavorRef, imageRef, networks: 'auto' });
     * await cloud.compute.servers.waitFor(id, 'ACTIVE');
     */
    create: operation({
      verb: 'POST',
      path: 'servers',
      send: 'server',
      beside: ['os:scheduler_hints', 'OS-SCH-HNT:scheduler_hints'],
      receive: 'server',
      input: NewServer,
      output: CreatedServer,
      status: 202,
    }),
    /** Create several servers, and have the id of the reservation: `list({ reservation_id })` finds them. */
    reserve: operation({
      verb: 'POST',
      path: 'servers',
      send: 'server',
      beside: ['os:scheduler_hints', 'OS-SCH-HNT:scheduler_hints'],
      receive: 'reservation_id',
      input: NewReservation,
      output: z.string(),
      status: 202,
    }),
    /** Change a server's name, description and the like. */
    update: operation({
      verb: 'PUT',
      path: 'servers/{id}',
      send: 'server',
      receive: 'server',
      input: ServerChange,
      output: UpdatedServer,
    }),
    /** Delete a server. Asynchronous: `waitGone`. */
    delete: operation({ verb: 'DELETE', path: 'servers/{id}', input: ById }),
    ...serverPower,
    ...serverMoves,
    ...serverImages,
    ...serverNetworkActions,
    ...serverConsoles,
  },
});
