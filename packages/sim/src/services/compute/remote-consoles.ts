import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { findServer } from './lifecycle.ts';

export const remoteConsoleRoutes: Routes = {
  'POST servers/{server_id}/remote-consoles': (call) => {
    const server = findServer(call);
    const given = call.envelope('remote_console');
    return ok({
      remote_console: {
        protocol: given['protocol'],
        type: given['type'],
        url: `${call.url.origin}/vnc_auto.html?path=%3Ftoken%3D${server.id}`,
      },
    });
  },
};
