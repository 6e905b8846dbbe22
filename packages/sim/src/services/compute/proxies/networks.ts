import { ok } from '../../../answer.ts';
import type { Call, Routes } from '../../../call.ts';
import { notFound } from '../../../fault.ts';
import { type Json, list, record } from '../../../wire.ts';
import { networkRoutes } from '../../network/networks.ts';
import { callRoute, translateFault } from './ask.ts';
import { proxies } from './lifetime.ts';

/**
 * The view of a network. Of nova-network's thirty fields only two still have a value
 * (`nova/api/openstack/compute/networks.py`).
 */
const EMPTY = [
  'cidr',
  'netmask',
  'gateway',
  'broadcast',
  'dns1',
  'dns2',
  'cidr_v6',
  'gateway_v6',
  'netmask_v6',
];
const EMPTY_FOR_ADMINS = [
  'created_at',
  'updated_at',
  'deleted_at',
  'deleted',
  'injected',
  'bridge',
  'vlan',
  'vpn_public_address',
  'vpn_public_port',
  'vpn_private_address',
  'dhcp_start',
  'project_id',
  'host',
  'bridge_interface',
  'multi_host',
  'priority',
  'rxtx_base',
  'mtu',
  'dhcp_server',
  'enable_dhcp',
  'share_address',
];

const view = (call: Call, network: Json): Json => ({
  id: network['id'],
  label: network['name'],
  ...Object.fromEntries([...EMPTY, ...(call.admin ? EMPTY_FOR_ADMINS : [])].map((name) => [name, null])),
});

const tenantView = (network: Json): Json => ({ id: network['id'], cidr: 'None', label: network['name'] });

const all = async (call: Call): Promise<Json[]> =>
  list((await callRoute(call, networkRoutes, 'GET networks'))['networks']).map(record);

const show = async (call: Call): Promise<Json> =>
  record(
    (
      await translateFault(
        callRoute(call, networkRoutes, 'GET networks/{id}', { params: { id: call.param('id') } }),
        () => notFound('Network not found'),
      )
    )['network'],
  );

export const networkProxies: Routes = proxies({
  'GET os-networks': async (call) =>
    ok({ networks: (await all(call)).map((network) => view(call, network)) }),
  'GET os-networks/{id}': async (call) => ok({ network: view(call, await show(call)) }),
  'GET os-tenant-networks': async (call) => ok({ networks: (await all(call)).map(tenantView) }),
  'GET os-tenant-networks/{id}': async (call) => ok({ network: tenantView(await show(call)) }),
});
