import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { known } from '../../record/tolerant.ts';

/** A share of Manila at a server. */
export const ServerShare = answer({
  share_id: z.string(),
  /** `attaching`, `active`, `inactive`, `detaching`, `error`. */
  status: known(['attaching', 'active', 'inactive', 'detaching', 'error']),
  /** The name under which the guest mounts it. */
  tag: z.string(),
  /** Administrators. */
  uuid: z.string().optional(),
  /** Administrators. */
  export_location: z.string().nullable().optional(),
});
export type ServerShare = OutputAt<typeof ServerShare>;

const OneShare = args({
  server_id: z.string(),
  /** The share's. */
  id: z.string(),
});

/** The file shares of one server, from 2.97 (2025.1) on. */
export const serverShares = resource({
  name: 'serverShares',
  operations: {
    /** Show how a share is attached. 404 if it is not. */
    get: operation({
      verb: 'GET',
      path: 'servers/{server_id}/shares/{id}',
      receive: 'share',
      input: OneShare,
      output: ServerShare,
      since: '2.97',
    }),
    /** List all shares of the server. */
    list: operation({
      verb: 'GET',
      path: 'servers/{server_id}/shares',
      receive: 'shares',
      page: 'none',
      input: args({ server_id: z.string() }),
      output: ServerShare,
      since: '2.97',
    }),
    /** Attach a share. The server must be `SHUTOFF` (409). */
    create: operation({
      verb: 'POST',
      path: 'servers/{server_id}/shares',
      send: 'share',
      receive: 'share',
      input: args({
        server_id: z.string(),
        share_id: z.string(),
        /** The share's id if absent. */
        tag: z.string().optional(),
      }),
      output: ServerShare,
      since: '2.97',
      status: 201,
    }),
    /** Detach a share. The server must be `SHUTOFF` or in `ERROR` (409). */
    delete: operation({
      verb: 'DELETE',
      path: 'servers/{server_id}/shares/{id}',
      input: OneShare,
      since: '2.97',
      status: 200,
    }),
  },
});
