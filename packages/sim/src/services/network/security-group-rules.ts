import type { Call, Routes } from '../../call.ts';
import { badRequest, conflict, notFound, ServiceFault } from '../../fault.ts';
import { type Json, number, str, text } from '../../wire.ts';
import { extensionsOf } from './extensions.ts';
import { canonical, numberOf } from './protocols.ts';
import { groupMissing, missingOf, resource, uuid } from './resource.ts';
import type { Rule } from './state.ts';

/** The fields by which two rules are compared. */
const IDENTITY = [
  'direction',
  'ethertype',
  'protocol',
  'port_range_min',
  'port_range_max',
  'remote_ip_prefix',
  'remote_group_id',
  'remote_address_group_id',
];

/** The value by which a field of two rules is compared: for a protocol its number. */
const sameBy = (field: string, value: unknown): unknown =>
  field === 'protocol' && typeof value === 'string' ? numberOf(value) : (value ?? null);

const PORTLESS = new Set(['icmp', 'icmpv6', 'ipv6-icmp', '1', '58']);

export const securityGroupRuleRoutes: Routes = {
  ...resource<Rule>({
    name: 'security_group_rule',
    plural: 'security_group_rules',
    store: (call) => call.state.network.rules,
    missing: missingOf('SecurityGroupRuleNotFound', 'Security group rule', ' does not exist'),
    // The policy takes the owner from the rule's group, and answers 404 where it refuses.
    hidden: notFound('The resource could not be found.', 'HTTPNotFound'),
    quota: 'security_group_rule',
    required: ['security_group_id', 'direction'],
    make: (call, given) => {
      const { network } = call.state;
      const group = network.entities.security_groups.get(uuid(given, 'security_group_id'));
      if (group === undefined || !call.owns(group.project_id))
        throw groupMissing(str(given['security_group_id']));
      const remote = text(given['remote_group_id']);
      if (remote !== undefined && !call.owns(network.entities.security_groups.get(remote)?.project_id))
        throw groupMissing(remote);
      const wanted = checkedRule(given);
      for (const other of network.rules.by('group', group.id)) {
        if (IDENTITY.every((field) => sameBy(field, other[field]) === sameBy(field, wanted[field]))) {
          throw conflict(
            `Security group rule already exists. Rule id is ${other.id}.`,
            'SecurityGroupRuleExists',
          );
        }
      }
      // The rules are part of the group, whose revision changes with each rule that is added or removed.
      network.touch(group);
      return network.addRule(group, wanted);
    },
    remove: ({ state: { network } }, rule) => {
      const group = network.entities.security_groups.get(rule.security_group_id);
      if (group !== undefined) network.touch(group);
    },
    update: () => {
      throw new ServiceFault(404, 'The resource could not be found.', { type: 'HTTPNotFound' });
    },
    show: ruleView,
  }),
};

/** The view of a rule. Only an extension shows whether it belongs to a default group. */
export function ruleView(call: Call, rule: Rule): Json {
  const { belongs_to_default_sg, standard_attr_id: _row, tags: _tags, ...rest } = rule;
  const isShown = extensionsOf(call.state.release).includes('security-groups-rules-belongs-to-default-sg');
  return isShown ? { ...rest, belongs_to_default_sg } : rest;
}

/** The fields of a rule with defaults, or Neutron's refusal of it (`neutron/db/securitygroups_db.py`). */
function checkedRule(given: Json): Json {
  const direction = text(given['direction']);
  if (direction !== 'ingress' && direction !== 'egress') {
    throw badRequest(
      `Invalid input for direction. Reason: ${str(given['direction'])} is not in valid_values.`,
      'HTTPBadRequest',
    );
  }
  const ethertype = text(given['ethertype']) ?? 'IPv4';
  const raw = given['protocol'];
  const protocol = raw === undefined || raw === null || raw === '' ? null : canonical(str(raw), ethertype);
  const [min, max] = portsOf(given, protocol);
  const prefix = prefixOf(given, ethertype);
  return {
    direction,
    ethertype,
    protocol,
    port_range_min: min,
    port_range_max: max,
    remote_ip_prefix: prefix,
    remote_group_id: text(given['remote_group_id']) ?? null,
    remote_address_group_id: text(given['remote_address_group_id']) ?? null,
    normalized_cidr: prefix,
    description: text(given['description']) ?? '',
  };
}

function portsOf(given: Json, protocol: string | null): readonly [number | null, number | null] {
  const min = number(given['port_range_min']) ?? null;
  const max = number(given['port_range_max']) ?? null;
  if (protocol === null) {
    if (min === null && max === null) return [min, max];
    throw badRequest(
      'Must also specify protocol if port range is given.',
      'SecurityGroupProtocolRequiredWithPorts',
    );
  }
  const inOrder = min === null || max === null ? min === max : min <= max;
  if (!PORTLESS.has(protocol) && !inOrder) {
    throw badRequest(
      'For TCP/UDP protocols, port_range_min must be <= port_range_max',
      'SecurityGroupInvalidPortRange',
    );
  }
  return [min, max];
}

function prefixOf(given: Json, ethertype: string): string | null {
  const prefix = text(given['remote_ip_prefix']) ?? null;
  if (prefix === null) return null;
  if (text(given['remote_group_id']) !== undefined) {
    throw badRequest(
      'Only remote_ip_prefix or remote_group_id may be provided.',
      'SecurityGroupMultipleRemoteEntites',
    );
  }
  if (prefix.includes(':') !== (ethertype === 'IPv6')) {
    throw badRequest(
      `Conflicting value ethertype ${ethertype} for CIDR ${prefix}`,
      'SecurityGroupRuleParameterConflict',
    );
  }
  return prefix;
}
