import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { notFound } from '../../fault.ts';
import { findServer } from './lifecycle.ts';
import { addressesOf } from './server-view.ts';

export const serverIpRoutes: Routes = {
  'GET servers/{server_id}/ips': (call) => ok({ addresses: addressesOf(call, findServer(call), false) }),
  'GET servers/{server_id}/ips/{network}': (call) => {
    const addresses = addressesOf(call, findServer(call), false)[call.param('network')];
    if (addresses === undefined) throw notFound(`Instance is not a member of specified network`);
    return ok({ [call.param('network')]: addresses });
  },
};
