import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';

const OfServer = args({ server_id: z.string() });
const OneTag = args({ server_id: z.string(), tag: z.string() });

/** The tags of one server: up to 50, of up to 60 characters, without `/` and comma. */
export const serverTags = resource({
  name: 'serverTags',
  operations: {
    /** The server's tags. */
    list: operation({
      verb: 'GET',
      path: 'servers/{server_id}/tags',
      receive: 'tags',
      page: 'none',
      input: OfServer,
      output: z.string(),
      since: '2.26',
    }),
    /** Nothing if the server has the tag; a `NotFoundError` if not. */
    check: operation({
      verb: 'GET',
      path: 'servers/{server_id}/tags/{tag}',
      input: OneTag,
      since: '2.26',
      status: 204,
    }),
    /** Add a tag. Adding it again does nothing. */
    add: operation({
      verb: 'PUT',
      path: 'servers/{server_id}/tags/{tag}',
      input: OneTag,
      since: '2.26',
      status: 201,
    }),
    /** Give the server these tags and no others. */
    replace: operation({
      verb: 'PUT',
      path: 'servers/{server_id}/tags',
      receive: 'tags',
      input: args({ server_id: z.string(), tags: z.array(z.string()) }),
      output: z.array(z.string()),
      since: '2.26',
    }),
    /** Take a tag away. 404 if the server does not have it. */
    delete: operation({
      verb: 'DELETE',
      path: 'servers/{server_id}/tags/{tag}',
      input: OneTag,
      since: '2.26',
    }),
    /** Take all tags away. */
    clear: operation({ verb: 'DELETE', path: 'servers/{server_id}/tags', input: OfServer, since: '2.26' }),
  },
});
