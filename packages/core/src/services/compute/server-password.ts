import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';

const OfServer = args({ server_id: z.string() });

/** The password that the guest (Windows with cloudbase-init) left for its owner. */
export const serverPassword = resource({
  name: 'serverPassword',
  operations: {
    /** Encrypted with the server's key pair, in Base64; `''` if there is none. */
    get: operation({
      verb: 'GET',
      path: 'servers/{server_id}/os-server-password',
      receive: 'password',
      input: OfServer,
      output: z.string(),
    }),
    /** Forget it. The guest's own password stays. */
    clear: operation({ verb: 'DELETE', path: 'servers/{server_id}/os-server-password', input: OfServer }),
  },
});
