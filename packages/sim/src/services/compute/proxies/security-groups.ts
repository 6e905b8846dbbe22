import { accepted, ok } from '../../../answer.ts';
import type { Call, Routes } from '../../../call.ts';
import { badRequest, forbidden, notFound, type ServiceFault } from '../../../fault.ts';
import { isUuid } from '../../../ids.ts';
import { type Json, list, record, str } from '../../../wire.ts';
import { securityGroupRuleRoutes } from '../../network/security-group-rules.ts';
import { securityGroupRoutes } from '../../network/security-groups.ts';
import { callRoute, limited, neutronFaultMessage, requireText, translateFault } from './ask.ts';
import { ingressRule, noSuchRule } from './ingress-rule.ts';
import { proxies } from './lifetime.ts';

/**
 * The view of a rule in nova-network's format (`_convert_to_nova_security_group_rule_format`): without a direction, with ports where
 * Neutron has none, and either a group or a range of addresses.
 */
function ruleView(call: Call, rule: Json): Json {
  const protocol = rule['protocol'];
  const open = protocol !== null && rule['port_range_min'] === null && rule['port_range_max'] === null;
  const hasPorts = /^(tcp|udp)$/i.test(str(protocol));
  const source = call.state.network.entities.security_groups.get(str(rule['remote_group_id'] ?? ''));
  return {
    id: rule['id'],
    parent_group_id: rule['security_group_id'],
    ip_protocol: protocol,
    from_port: open ? (hasPorts ? 1 : -1) : rule['port_range_min'],
    to_port: open ? (hasPorts ? 65_535 : -1) : rule['port_range_max'],
    group: source === undefined ? {} : { name: source['name'], tenant_id: source.project_id },
    ip_range: source === undefined ? { cidr: rule['remote_ip_prefix'] ?? '0.0.0.0/0' } : {},
  };
}

export const groupView = (call: Call, group: Json): Json => ({
  id: group['id'],
  description: group['description'],
  name: group['name'],
  tenant_id: group['project_id'],
  rules: list(group['security_group_rules'])
    .map(record)
    .filter((rule) => rule['direction'] === 'ingress')
    .map((rule) => ruleView(call, rule)),
});

export const sorted = (groups: Json[]): Json[] =>
  groups.toSorted((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
const order = (group: Json): string => `${str(group['tenant_id'])} ${str(group['name'])}`;

const words =
  (call: Call, make: (message: string) => ServiceFault = badRequest) =>
  (fault: ServiceFault): ServiceFault =>
    fault.status === 404
      ? notFound(neutronFaultMessage(call, fault))
      : make(neutronFaultMessage(call, fault));

function idOf(value: unknown): string {
  const id = str(value);
  if (!isUuid(id)) throw badRequest('Security group id should be uuid');
  return id;
}

const groupOf = async (call: Call, id: string): Promise<Json> =>
  record(
    (
      await translateFault(
        callRoute(call, securityGroupRoutes, 'GET security-groups/{id}', { params: { id } }),
        words(call),
      )
    )['security_group'],
  );

function fromBody(call: Call, key: string): Json {
  const body = record(call.body);
  if (Object.keys(body).length === 0) throw badRequest("The request body can't be empty");
  if (body[key] === undefined || body[key] === null) throw badRequest(`Missing parameter ${key}`);
  return record(body[key]);
}

function nameAndDescription(call: Call): Json {
  const given = fromBody(call, 'security_group');
  return {
    name: requireText(given['name'], 'name'),
    description: requireText(given['description'], 'description'),
  };
}

const changed = (call: Call, answer: Json) =>
  ok({ security_group: groupView(call, record(answer['security_group'])) });

export const securityGroupProxies: Routes = proxies({
  'GET os-security-groups': async (call) => {
    const all = call.admin && call.query.has('all_tenants');
    const query: Record<string, string> = all ? {} : { tenant_id: call.projectId };
    const found = list(
      (await callRoute(call, securityGroupRoutes, 'GET security-groups', { query }))['security_groups'],
    ).map(record);
    return ok({ security_groups: sorted(limited(call, found).map((group) => groupView(call, group))) });
  },
  'POST os-security-groups': async (call) => {
    const body = { security_group: nameAndDescription(call) };
    const made = callRoute(call, securityGroupRoutes, 'POST security-groups', { body });
    return changed(
      call,
      await translateFault(made, (fault) =>
        (fault.status === 409 ? forbidden : badRequest)(neutronFaultMessage(call, fault)),
      ),
    );
  },
  'GET os-security-groups/{id}': async (call) =>
    ok({ security_group: groupView(call, await groupOf(call, idOf(call.param('id')))) }),
  'PUT os-security-groups/{id}': async (call) => {
    const id = idOf(call.param('id'));
    await groupOf(call, id);
    const body = { security_group: nameAndDescription(call) };
    const put = callRoute(call, securityGroupRoutes, 'PUT security-groups/{id}', { params: { id }, body });
    return changed(call, await translateFault(put, words(call)));
  },
  'DELETE os-security-groups/{id}': async (call) => {
    const id = idOf(call.param('id'));
    await groupOf(call, id);
    await translateFault(
      callRoute(call, securityGroupRoutes, 'DELETE security-groups/{id}', { params: { id } }),
      words(call),
    );
    return accepted();
  },
  'POST os-security-group-rules': async (call) => {
    const given = fromBody(call, 'security_group_rule');
    const parent = await groupOf(call, idOf(given['parent_group_id'] ?? ''));
    const source = given['group_id'] ?? null;
    if (source !== null) await groupOf(call, idOf(source));
    const wanted = ingressRule(given);
    const duplicate = list(parent['security_group_rules']).map(record).find(noSuchRule(wanted));
    if (duplicate !== undefined) throw badRequest(`This rule already exists in group ${str(parent['id'])}`);
    const made = callRoute(call, securityGroupRuleRoutes, 'POST security-group-rules', {
      body: { security_group_rule: { ...wanted, security_group_id: parent['id'] } },
    });
    const answer = await translateFault(made, (fault) =>
      fault.status === 409 ? forbidden(neutronFaultMessage(call, fault)) : words(call)(fault),
    );
    return ok({ security_group_rule: ruleView(call, record(answer['security_group_rule'])) });
  },
  'DELETE os-security-group-rules/{id}': async (call) => {
    const id = idOf(call.param('id'));
    const gone = callRoute(call, securityGroupRuleRoutes, 'DELETE security-group-rules/{id}', {
      params: { id },
    });
    await translateFault(gone, words(call));
    return accepted();
  },
});
