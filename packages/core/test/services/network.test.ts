import { describe, expect, test } from 'vitest';
import { serializeArguments } from '../../src/call/serialize-arguments.ts';
import { network } from '../../src/services/network/network.ts';
import type { OperationSpec } from '../../src/record/operation.ts';
import { Pager } from '../../src/call/pages.ts';
import { schemaAt } from '../../src/record/shape.ts';

const { addressGroups, agents, floatingIpPools, networks, portBindings, ports, quotas, routers } =
  network.resources;
const { securityGroupRules, subnetPools, tags } = network.resources;

const decode = (spec: OperationSpec, value: unknown): Record<string, unknown> => {
  const schema = spec.output === undefined ? undefined : schemaAt(spec.output, '0.0');
  return schema?.parse(value) as Record<string, unknown>;
};
const put = (spec: OperationSpec, input: unknown) => {
  const { body, ...rest } = serializeArguments(spec, 'it', '0.0', input);
  return { ...rest, body: body === undefined ? undefined : (JSON.parse(body) as unknown) };
};

const answered = {
  id: 'n',
  name: 'net',
  project_id: 'p',
  admin_state_up: true,
  status: 'ACTIVE',
  subnets: [],
  shared: false,
};

describe('networks', () => {
  test('an answer without what only administrators or extensions give decodes; fields keep their colons', () => {
    expect(decode(networks.operations.get, answered)).toEqual(answered);
    const full = { ...answered, 'router:external': true, 'provider:segmentation_id': null, 'a:new': 1 };
    expect(decode(networks.operations.get, full)).toEqual(full);
  });

  test('some fields only are asked for one by one, and then none of them is required', () => {
    const { path } = put(networks.operations.listFields, { fields: ['id', 'name'], 'router:external': true });
    expect(path).toBe('networks?router%3Aexternal=true&fields=id&fields=name');
    expect(decode(networks.operations.listFields, { id: 'n' })).toEqual({ id: 'n' });
    expect(() => decode(networks.operations.list, { id: 'n' })).toThrow(/status/);
  });

  test('a change that is guarded by a revision says so in a header, and not in the body', () => {
    const { headers, body } = put(networks.operations.update, {
      id: 'n',
      name: 'new',
      if_match: 'revision_number=7',
    });
    expect(headers['if-match']).toBe('revision_number=7');
    expect(body).toEqual({ network: { name: 'new' } });
    expect(() => put(networks.operations.delete, { id: 'n', if_match: '7' })).toThrow(/if_match/);
  });

  test('unknown arguments are refused by name, nested ones by path', () => {
    expect(() => put(networks.operations.create, { nam: 'x' })).toThrow(/nam: no such argument/);
    expect(() => put(networks.operations.create, { segments: [{ vlan: 1 }] })).toThrow(/segments\.0\.vlan/);
  });

  test('flags and numbers may be text, as Neutron takes them', () => {
    const { body } = put(networks.operations.create, { shared: 'false', mtu: '1400' });
    expect(body).toEqual({ network: { shared: 'false', mtu: '1400' } });
    expect(() => put(networks.operations.create, { shared: 'no' })).toThrow(/shared/);
  });
});

test('every list that pages asks for pages, so that a long one is not one answer', () => {
  const lists = Object.values(network.resources).flatMap((resource) =>
    Object.entries(resource.operations as Record<string, OperationSpec>).filter(
      ([, { page }]) => page === 'links',
    ),
  );
  expect(lists.length).toBeGreaterThan(20);
  expect(lists.filter(([, spec]) => spec.pageSize !== 1000)).toEqual([]);
});

test('what has no id is not paged, since Neutron cannot make its links', () => {
  expect(floatingIpPools.operations.list.page).toBe('none');
  expect(() => put(floatingIpPools.operations.list, { limit: 10 })).toThrow(/limit: no such argument/);
});

test('a list goes on by the link named after its collection', () => {
  const pager = new Pager(securityGroupRules.operations.list, 'it', 'security-group-rules?limit=1');
  const href = 'http://other:9696/v2.0/security-group-rules?limit=1&marker=a';
  const page = {
    security_group_rules_links: [
      { rel: 'previous', href: 'x' },
      { rel: 'next', href },
    ],
  };
  expect(pager.next(page, [{}])).toBe('security-group-rules?limit=1&marker=a');
  expect(pager.next({ security_group_rules_links: [{ rel: 'previous', href }] }, [])).toBeUndefined();
});

test('a router is connected without an envelope, and its routes change within one', () => {
  const { path, body } = put(routers.operations.addInterface, { id: 'r', subnet_id: 's' });
  expect([path, body]).toEqual(['routers/r/add_router_interface', { subnet_id: 's' }]);
  const routes = [{ destination: '10.9.0.0/24', nexthop: '10.0.0.9' }];
  expect(put(routers.operations.addExtraRoutes, { id: 'r', routes }).body).toEqual({ router: { routes } });
});

test('addresses of a group change without an envelope, which Neutron would not find', () => {
  const input = { id: 'g', addresses: ['10.0.0.0/8'] };
  expect(put(addressGroups.operations.addAddresses, input).body).toEqual({ addresses: ['10.0.0.0/8'] });
});

test('an activated binding is answered without an envelope, the others with one', () => {
  expect(portBindings.operations.activate).not.toHaveProperty('receive');
  expect(portBindings.operations.update.receive).toBe('binding');
});

test('an agent of no availability zone decodes, and its heartbeat says that it is in UTC', () => {
  const agent = {
    id: 'a',
    agent_type: 'Open vSwitch agent',
    binary: 'neutron-openvswitch-agent',
    host: 'h',
    alive: true,
    admin_state_up: true,
    availability_zone: null,
    heartbeat_timestamp: '2026-01-01 10:00:00',
  };
  expect(decode(agents.operations.get, agent)['heartbeat_timestamp']).toBe('2026-01-01T10:00:00Z');
});

test('lengths of prefixes are numbers, though Neutron answers text to some calls', () => {
  const pool = {
    id: 'p',
    name: 'pool',
    prefixes: ['10.0.0.0/8'],
    ip_version: 4,
    default_prefixlen: '26',
    min_prefixlen: 8,
    max_prefixlen: '32',
    address_scope_id: null,
    shared: false,
  };
  expect(decode(subnetPools.operations.get, pool)).toMatchObject({ default_prefixlen: 26, min_prefixlen: 8 });
});

test('a quota is found by its project, and plug-ins may bring quotas of their own', () => {
  const { path, body } = put(quotas.operations.update, { project_id: 'p', network: 5, firewall_group: 2 });
  expect([path, body]).toEqual(['quotas/p', { quota: { network: 5, firewall_group: 2 } }]);
});

test('tags are of any resource, and a name cannot climb out of its path', () => {
  const of = { resource_type: 'networks', resource_id: 'n' };
  expect(put(tags.operations.add, { ...of, tag: 'a/b' }).path).toBe('networks/n/tags/a%2Fb');
  expect(() => put(tags.operations.add, { ...of, tag: '..' })).toThrow(/no path segment/);
});

test('a host is bound and unbound by the field with a colon', () => {
  const { body } = put(ports.operations.update, { id: 'p', 'binding:host_id': '', 'binding:profile': null });
  expect(body).toEqual({ port: { 'binding:host_id': '', 'binding:profile': null } });
});
