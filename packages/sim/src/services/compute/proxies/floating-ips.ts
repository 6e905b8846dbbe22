import { accepted, type Answer, ok } from '../../../answer.ts';
import type { Call, Routes } from '../../../call.ts';
import { badRequest, conflict, forbidden, notFound } from '../../../fault.ts';
import { isUuid } from '../../../ids.ts';
import { type Json, list, record, str, text } from '../../../wire.ts';
import { HTML } from '../../documents.ts';
import { floatingIpRoutes } from '../../network/floating-ips.ts';
import { networkRoutes } from '../../network/networks.ts';
import { findServer } from '../lifecycle.ts';
import { portsOf } from '../server-view.ts';
import { callRoute, neutronFaultMessage, translateFault } from './ask.ts';
import { proxies } from './lifetime.ts';

/** External networks, which nova-network called pools. */
const poolsOf = async (call: Call, query: Readonly<Record<string, string>> = {}): Promise<Json[]> =>
  list(
    (
      await callRoute(call, networkRoutes, 'GET networks', { query: { 'router:external': 'true', ...query } })
    )['networks'],
  ).map(record);

const listed = async (call: Call, query: Readonly<Record<string, string>>): Promise<Json[]> =>
  list((await callRoute(call, floatingIpRoutes, 'GET floatingips', { query }))['floatingips']).map(record);

/** The view of a floating IP. Its server is the device of its port, whatever that is. */
function view(call: Call, fip: Json): Json {
  const { networks } = call.state.network.entities;
  const network = str(fip['floating_network_id']);
  const port = call.state.network.ports.get(str(fip['port_id'] ?? ''));
  return {
    id: fip['id'],
    ip: fip['floating_ip_address'],
    pool: networks.get(network)?.['name'] || network,
    fixed_ip: fip['fixed_ip_address'],
    instance_id: port?.device_id ?? null,
  };
}

const show = async (call: Call): Promise<Json> => {
  const id = call.param('id');
  const asked = callRoute(call, floatingIpRoutes, 'GET floatingips/{id}', { params: { id } });
  return record(
    (await translateFault(asked, () => notFound(`Floating IP not found for ID ${id}`)))['floatingip'],
  );
};

async function create(call: Call): Promise<Answer> {
  // `[neutron] default_floating_pool` is `nova`, unless an operator has set it.
  const pool = text(record(call.body)['pool']) ?? 'nova';
  const found = await poolsOf(call, isUuid(pool) ? { id: pool } : { name: pool });
  const [network] = found;
  if (network === undefined) throw notFound('Floating IP pool not found.');
  const named = record(call.body)['pool'] === undefined ? '' : ` in pool ${pool}`;
  const made = await translateFault(
    callRoute(call, floatingIpRoutes, 'POST floatingips', {
      body: { floatingip: { floating_network_id: network['id'] } },
    }),
    (fault) => {
      if (fault.type === 'OverQuota') return forbidden(`IP allocation over quota${named}.`);
      if (fault.status === 409)
        return notFound(named === '' ? 'No more floating IPs available.' : `No more floating IPs${named}.`);
      return badRequest(neutronFaultMessage(call, fault));
    },
  );
  return ok({ floating_ip: view(call, record(made['floatingip'])) });
}

export const floatingIpProxies: Routes = proxies({
  'GET os-floating-ip-pools': async (call) =>
    ok({ floating_ip_pools: (await poolsOf(call)).map((pool) => ({ name: pool['name'] || pool['id'] })) }),
  'GET os-floating-ips': async (call) => {
    const mine = await listed(call, { tenant_id: call.projectId });
    return ok({ floating_ips: mine.map((floatingIp) => view(call, floatingIp)) });
  },
  'POST os-floating-ips': create,
  'GET os-floating-ips/{id}': async (call) => ok({ floating_ip: view(call, await show(call)) }),
  'DELETE os-floating-ips/{id}': async (call) => {
    const id = str((await show(call))['id']);
    await callRoute(call, floatingIpRoutes, 'DELETE floatingips/{id}', { params: { id } });
    return accepted();
  },
});

/** WebOb's own answer without a body, which has the type `text/html` (on the lab too). */
const done: Answer = { status: 202, headers: { 'Content-Type': HTML } };

const given = (call: Call): Json => record(Object.values(record(call.body))[0]);

function addressIn(call: Call, name: string): string {
  const value = text(given(call)[name]) ?? '';
  // Only the format is checked here; Neutron looks the address up.
  if (!/^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)$/i.test(value)) {
    throw badRequest(
      `Invalid input for field/attribute ${name}. Value: ${value}. '${value}' is not valid under any of the given schemas`,
    );
  }
  return value;
}

/**
 * Actions of servers until 2.43 (`FloatingIPActionController`). Their records name the version, which `perform` checks.
 */
export const floatingIpActions: Routes = {
  'POST servers/{id}/action#addFloatingIp': async (call) => {
    const server = findServer(call);
    const address = addressIn(call, 'address');
    const ips = portsOf(call, server).flatMap((port) =>
      port.fixed_ips.map(({ ip_address }) => ({ port: port.id, ip_address })),
    );
    if (portsOf(call, server).length === 0) throw badRequest('Instance network is not ready yet');
    if (ips.length === 0) throw badRequest('No fixed IPs associated to instance');
    const wanted = given(call)['fixed_address'] === undefined ? undefined : addressIn(call, 'fixed_address');
    const fixed = ips.find(({ ip_address }) =>
      wanted === undefined ? !ip_address.includes(':') : ip_address === wanted,
    );
    if (fixed === undefined) {
      throw badRequest(
        wanted === undefined
          ? `Unable to associate floating IP ${address} to any fixed IPs for instance ${server.id}. Instance has no fixed IPv4 addresses to associate.`
          : 'Specified fixed address not assigned to instance',
      );
    }
    const [fip] = await listed(call, { floating_ip_address: address });
    if (fip === undefined) throw notFound('floating IP not found');
    await translateFault(
      callRoute(call, floatingIpRoutes, 'PUT floatingips/{id}', {
        params: { id: str(fip['id']) },
        body: { floatingip: { port_id: fixed.port, fixed_ip_address: fixed.ip_address } },
      }),
      (fault) =>
        badRequest(
          fault.status === 409
            ? neutronFaultMessage(call, fault)
            : `Unable to associate floating IP ${address} to fixed IP ${fixed.ip_address} for instance ${server.id}. Error: ${neutronFaultMessage(call, fault)}`,
        ),
    );
    return done;
  },
  'POST servers/{id}/action#removeFloatingIp': async (call) => {
    const address = addressIn(call, 'address');
    const [fip] = await listed(call, { floating_ip_address: address });
    if (fip === undefined) throw notFound(`Floating IP not found for address ${address}.`);
    const port = call.state.network.ports.get(str(fip['port_id'] ?? ''));
    // Without a server the policy has no project to compare, so that only administrators pass.
    if (port === undefined && !call.admin) throw forbidden('os_compute_api:os-floating-ips:remove', 'policy');
    if (port?.device_id !== call.param('id')) {
      throw conflict(`Floating IP ${address} is not associated with instance ${call.param('id')}.`);
    }
    await callRoute(call, floatingIpRoutes, 'PUT floatingips/{id}', {
      params: { id: str(fip['id']) },
      body: { floatingip: { port_id: null } },
    });
    return done;
  },
};
