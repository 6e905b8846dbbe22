import type { Call } from '../../call.ts';
import { badRequest, ServiceFault } from '../../fault.ts';
import type { SimState } from '../../sim-state.ts';
import { type Json, list, record, text } from '../../wire.ts';
import { visibleNetwork } from '../network/networks.ts';
import { addPort } from '../network/ports.ts';
import type { Server } from './server.ts';

/** Reads the networks of a request, and returns a function that connects a server to them. */
export function networksOf(call: Call, networks: unknown): (server: Server) => void {
  const { network } = call.state;
  if (networks === 'none') return () => {};
  const mine = (): string[] =>
    network.entities.networks
      .filter((candidate) => candidate.project_id === call.projectId && candidate['router:external'] !== true)
      .map((candidate) => candidate.id);
  const own = networks === 'auto' || networks === undefined ? mine() : [];
  if (networks === undefined && own.length > 1) {
    throw new ServiceFault(409, 'Multiple possible networks found, use a Network ID to be more specific.');
  }
  const asked =
    networks === undefined || networks === 'auto'
      ? own.slice(0, 1).map((uuid): Json => ({ uuid }))
      : list(networks).map((wish) => record(wish));
  for (const wish of asked) {
    const [uuid, port] = [text(wish['uuid']), text(wish['port'])];
    if (port !== undefined && !call.owns(network.ports.get(port)?.project_id))
      throw badRequest(`Port id ${port} could not be found.`);
    if (port !== undefined && network.ports.get(port)?.device_id !== '')
      throw new ServiceFault(409, `Port ${port} is still in use.`);
    if (port === undefined && visibleNetwork(call, uuid ?? '') === undefined)
      throw badRequest(`Network ${uuid} could not be found.`);
  }
  return (server) => {
    for (const wish of asked) {
      const existing = network.ports.get(text(wish['port']) ?? '');
      if (existing !== undefined) {
        server.preservedPorts.add(existing.id);
        Object.assign(existing, {
          device_id: server.id,
          device_owner: `compute:${server.availability_zone ?? 'nova'}`,
        });
        continue;
      }
      const parent = network.entities.networks.get(text(wish['uuid']) ?? '');
      if (parent === undefined) continue;
      const fixed = text(wish['fixed_ip']);
      network.charge(server.project_id, 'port');
      addPort(call.state, parent, server.project_id, {
        device_id: server.id,
        device_owner: `compute:${server.availability_zone ?? 'nova'}`,
        dns_name: server.hostname,
        security_groups: server.security_groups.flatMap((name) =>
          groupIds(call.state, server.project_id, name),
        ),
        ...(fixed === undefined ? {} : { fixed_ips: [{ ip_address: fixed }] }),
      });
    }
  };
}

/** Ids of the project's security groups of this name or id; none where there is no such group. */
export function groupIds(state: SimState, project: string, nameOrId: string): string[] {
  if (nameOrId === 'default') return [state.network.defaultGroup(project).id];
  const groups = [...state.network.entities.security_groups.by('project', project)];
  const found = groups.find((group) => group.id === nameOrId || group['name'] === nameOrId);
  return found === undefined ? [] : [found.id];
}
