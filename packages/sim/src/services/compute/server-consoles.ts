import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { conflict } from '../../fault.ts';
import { record, text } from '../../wire.ts';
import { findServer } from './lifecycle.ts';
import { actionKey } from './server-actions.ts';

export const serverConsoleRoutes: Routes = {
  [actionKey('os-getConsoleOutput')]: (call) => {
    const server = findServer(call);
    if (server.host === null) throw conflict(`Instance ${server.id} is not ready`);
    return ok({ output: `[    0.000000] Linux version 6.1.0\n${server.hostname} login: ` });
  },
  [actionKey('os-getVNCConsole')]: (call) => {
    const server = findServer(call);
    const given = record(record(call.body)['os-getVNCConsole']);
    return ok({
      console: {
        type: text(given['type']),
        url: `${call.url.origin}/vnc_auto.html?path=%3Ftoken%3D${server.id}`,
      },
    });
  },
};
