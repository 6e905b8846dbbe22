import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';
import { Metadata } from './new-server.ts';

const OfServer = args({ server_id: z.string() });
const OneKey = args({ server_id: z.string(), key: z.string() });
const Whole = args({ server_id: z.string(), metadata: Metadata });

/** The metadata of one server: texts by name, which the guest can read. */
export const serverMetadata = resource({
  name: 'serverMetadata',
  operations: {
    /** Show all metadata of the server. */
    get: operation({
      verb: 'GET',
      path: 'servers/{server_id}/metadata',
      receive: 'metadata',
      input: OfServer,
      output: Metadata,
    }),
    /** Set these keys and leave the others. Answers all. */
    merge: operation({
      verb: 'POST',
      path: 'servers/{server_id}/metadata',
      receive: 'metadata',
      input: Whole,
      output: Metadata,
      idempotent: true,
    }),
    /** Set these keys and delete the others. */
    replace: operation({
      verb: 'PUT',
      path: 'servers/{server_id}/metadata',
      receive: 'metadata',
      input: Whole,
      output: Metadata,
    }),
    /** Show one key, as `{ [key]: value }`. 404 if it is not set. */
    getKey: operation({
      verb: 'GET',
      path: 'servers/{server_id}/metadata/{key}',
      receive: 'meta',
      input: OneKey,
      output: Metadata,
    }),
    /** Set one key: `meta` holds it and nothing else. */
    setKey: operation({
      verb: 'PUT',
      path: 'servers/{server_id}/metadata/{key}',
      receive: 'meta',
      input: args({ server_id: z.string(), key: z.string(), meta: Metadata }),
      output: Metadata,
    }),
    /** Delete one key. */
    delete: operation({ verb: 'DELETE', path: 'servers/{server_id}/metadata/{key}', input: OneKey }),
  },
});
