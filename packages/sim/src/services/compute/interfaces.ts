import { accepted, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { type Json, str, text } from '../../wire.ts';
import { visibleNetwork } from '../network/networks.ts';
import { addPort, bind } from '../network/ports.ts';
import { detachPort, findServer, requireUnlocked } from './lifecycle.ts';
import { portsOf } from './server-view.ts';

export const interfaceRoutes: Routes = {
  'GET servers/{server_id}/os-interface': (call) =>
    ok({ interfaceAttachments: portsOf(call, findServer(call)).map((port) => interfaceView(call, port)) }),
  'POST servers/{server_id}/os-interface': (call) => {
    const server = findServer(call);
    requireUnlocked(call, server);
    const given = call.envelope('interfaceAttachment');
    const { network } = call.state;
    const port = network.ports.get(text(given['port_id']) ?? '');
    if (given['port_id'] !== undefined && !call.owns(port?.project_id))
      throw notFound(`Port id ${str(given['port_id'])} could not be found.`);
    if (port !== undefined && port.device_id !== '') throw badRequest(`Port ${port.id} is still in use.`);
    const parent = visibleNetwork(call, text(given['net_id']) ?? '');
    if (port === undefined && parent === undefined)
      throw notFound(`Network ${str(given['net_id'])} could not be found.`);
    const made =
      port ??
      addPort(
        call.state,
        parent as NonNullable<typeof parent>,
        server.project_id,
        given['fixed_ips'] === undefined ? {} : { fixed_ips: given['fixed_ips'] },
      );
    if (port !== undefined) server.preservedPorts.add(port.id);
    Object.assign(made, {
      device_id: server.id,
      device_owner: `compute:${server.availability_zone ?? 'nova'}`,
    });
    bind(made, server.host ?? '');
    call.state.compute.began(server, 'attach_interface', call).finish = call.now;
    return ok({ interfaceAttachment: interfaceView(call, made) });
  },
  'GET servers/{server_id}/os-interface/{port}': (call) =>
    ok({ interfaceAttachment: interfaceView(call, portOf(call)) }),
  'DELETE servers/{server_id}/os-interface/{port}': (call) => {
    detachPort(call.state, findServer(call), portOf(call));
    call.state.compute.began(findServer(call), 'detach_interface', call).finish = call.now;
    return accepted();
  },
};

type Port = ReturnType<typeof portsOf>[number];

function portOf(call: Call): Port {
  const port = portsOf(call, findServer(call)).find((candidate) => candidate.id === call.param('port'));
  if (port === undefined)
    throw notFound(`Instance ${call.param('server_id')} does not have a port with id ${call.param('port')}`);
  return port;
}

const interfaceView = (call: Call, port: Port): Json => ({
  net_id: port.network_id,
  port_id: port.id,
  mac_addr: port.mac_address,
  port_state: port.status,
  fixed_ips: port.fixed_ips,
  ...(call.atLeast('2.70') ? { tag: null } : {}),
});
