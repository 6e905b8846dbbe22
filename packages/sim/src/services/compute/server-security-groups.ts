import { accepted, type Answer, ok } from '../../answer.ts';
import type { Call, Handler, Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { isRecord, record, text } from '../../wire.ts';
import type { Port } from '../network/state.ts';
import { neutronMessage } from './proxies/ask.ts';
import { groupView, sorted } from './proxies/security-groups.ts';
import { findServer } from './lifecycle.ts';
import { groupIds } from './server-networks.ts';
import { portsOf } from './server-view.ts';
import type { Server } from './server.ts';

/** Changes the groups of each port of a server, in every microversion (`SecurityGroupActionController`). */
const onPorts =
  (
    change: (call: Call, ports: readonly Port[], group: string, server: Server, name: string) => void,
  ): Handler =>
  (call): Answer => {
    const server = findServer(call);
    const given = Object.values(record(call.body))[0];
    if (!isRecord(given)) throw badRequest('Missing parameter dict');
    if (given['name'] === undefined) throw badRequest('Security group not specified');
    const name = text(given['name']) ?? '';
    if (name.trim() === '') throw badRequest('Security group name cannot be empty');
    const [group] = groupIds(call.state, call.projectId, name);
    if (group === undefined)
      throw notFound(`Security group ${name} is not found for project ${call.projectId}`);
    const ports = portsOf(call, server);
    if (ports.length === 0)
      throw notFound(`instance_id ${server.id} could not be found as device id on any ports`);
    change(call, ports, group, server, name);
    const ids = new Set(ports.flatMap((port) => port.security_groups));
    const { security_groups } = call.state.network.entities;
    server.security_groups = [...ids].flatMap((id) => text(security_groups.get(id)?.['name']) ?? []);
    return accepted();
  };

export const serverSecurityGroupRoutes: Routes = {
  'GET servers/{server_id}/os-security-groups': (call) => {
    const ids = new Set(portsOf(call, findServer(call)).flatMap((port) => port.security_groups));
    const { entities, rules } = call.state.network;
    const groups = [...ids].flatMap((id) => entities.security_groups.get(id) ?? []);
    return ok({
      security_groups: sorted(
        groups.map((group) =>
          groupView(call, { ...group, security_group_rules: [...rules.by('group', group.id)] }),
        ),
      ),
    });
  },
  'POST servers/{id}/action#addSecurityGroup': onPorts((call, ports, group) => {
    for (const port of ports) {
      if (port['port_security_enabled'] === false || port.fixed_ips.length === 0) {
        throw badRequest(
          'Network requires port_security_enabled and subnet associated in order to apply security groups.',
        );
      }
      if (port.security_groups.includes(group)) {
        throw badRequest(
          neutronMessage(
            call,
            `Invalid input for security_groups. Reason: Duplicate items in the list: '${group}'.`,
          ),
        );
      }
      port.security_groups = [...port.security_groups, group];
    }
  }),
  'POST servers/{id}/action#removeSecurityGroup': onPorts((_call, ports, group, server, name) => {
    const having = ports.filter((port) => port.security_groups.includes(group));
    if (having.length === 0)
      throw notFound(`Security group ${name} not associated with the instance ${server.id}`);
    for (const port of having)
      port.security_groups = port.security_groups.filter((securityGroup) => securityGroup !== group);
  }),
};
