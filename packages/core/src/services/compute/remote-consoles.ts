import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, changes, type OutputAt } from '../../record/shape.ts';

const KnownType = ['novnc', 'xvpvnc', 'spice-html5', 'serial', 'rdp-html5'] as const;

/** The way to a server's console. */
export const RemoteConsole = answer({
  protocol: z.string(),
  type: z.string(),
  /** It holds a token: whoever has the URL has the console. */
  url: z.string(),
});
export type RemoteConsole = OutputAt<typeof RemoteConsole>;

/** Consoles of servers, from 2.6 on. */
export const remoteConsoles = resource({
  name: 'remoteConsoles',
  operations: {
    /** Open a console. 400 if the cloud does not offer that type, 409 if the server is not running. */
    create: operation({
      verb: 'POST',
      path: 'servers/{server_id}/remote-consoles',
      send: 'remote_console',
      receive: 'remote_console',
      input: args({
        server_id: z.string(),
        protocol: changes(
          ['2.6', z.enum(['vnc', 'spice', 'serial', 'rdp'])],
          ['2.8', z.enum(['vnc', 'spice', 'serial', 'rdp', 'mks'])],
        ),
        type: changes(
          ['2.6', z.enum(KnownType)],
          ['2.8', z.enum([...KnownType, 'webmks'])],
          ['2.99', z.enum([...KnownType, 'webmks', 'spice-direct'])],
        ),
      }),
      output: RemoteConsole,
      since: '2.6',
    }),
  },
});
