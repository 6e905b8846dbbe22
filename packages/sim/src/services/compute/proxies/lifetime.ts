import { compareMicroversions } from '@groundcrew/core';
import type { Handler, Routes } from '../../../call.ts';
import { notFound, ServiceFault } from '../../../fault.ts';

/** Makes a handler that exists only below a microversion; from there on its path is unknown. */
export const onlyBelow =
  (version: string, handler: Handler): Handler =>
  (call) => {
    if (compareMicroversions(call.microversion, version) >= 0)
      throw notFound('The resource could not be found.');
    return handler(call);
  };

/** Nova's proxies to other services end with 2.35 (`MAX_PROXY_API_SUPPORT_VERSION`). */
export const proxies = (routes: Routes): Routes =>
  Object.fromEntries(Object.entries(routes).map(([route, handler]) => [route, onlyBelow('2.36', handler)]));

/** The handler of what Nova has removed from all versions. Its paths remain, so that clients get a 410. */
export const goneHandler: Handler = () => {
  throw new ServiceFault(410, 'This resource is no longer available. No forwarding address is given.');
};

/** Those of `ROUTE_LIST` (`nova/api/openstack/compute/routes.py`, Zed) whose controllers raise `HTTPGone`. */
const GONE = [
  'GET os-agents',
  'POST os-agents',
  'PUT os-agents/{id}',
  'DELETE os-agents/{id}',
  'GET os-cells',
  'POST os-cells',
  'GET os-cells/capacities',
  'GET os-cells/detail',
  'GET os-cells/info',
  'POST os-cells/sync_instances',
  'GET os-cells/{id}',
  'PUT os-cells/{id}',
  'DELETE os-cells/{id}',
  'GET os-cells/{id}/capacities',
  'POST os-certificates',
  'GET os-certificates/{id}',
  'GET os-cloudpipe',
  'POST os-cloudpipe',
  'PUT os-cloudpipe/{id}',
  'GET os-fixed-ips/{id}',
  'POST os-fixed-ips/{id}/action',
  'GET os-floating-ip-dns',
  'PUT os-floating-ip-dns/{id}',
  'DELETE os-floating-ip-dns/{id}',
  'GET os-floating-ip-dns/{domain}/entries/{id}',
  'PUT os-floating-ip-dns/{domain}/entries/{id}',
  'DELETE os-floating-ip-dns/{domain}/entries/{id}',
  'GET os-floating-ips-bulk',
  'POST os-floating-ips-bulk',
  'GET os-floating-ips-bulk/{id}',
  'PUT os-floating-ips-bulk/{id}',
  'GET os-fping',
  'GET os-fping/{id}',
  'POST os-networks',
  'POST os-networks/add',
  'DELETE os-networks/{id}',
  'POST os-networks/{id}/action',
  'GET os-security-group-default-rules',
  'POST os-security-group-default-rules',
  'GET os-security-group-default-rules/{id}',
  'DELETE os-security-group-default-rules/{id}',
  'POST os-tenant-networks',
  'DELETE os-tenant-networks/{id}',
  'GET servers/{id}/consoles',
  'POST servers/{id}/consoles',
  'GET servers/{id}/consoles/{console}',
  'DELETE servers/{id}/consoles/{console}',
  'GET servers/{id}/os-virtual-interfaces',
];

export const goneRoutes: Routes = Object.fromEntries(GONE.map((route) => [route, goneHandler]));
