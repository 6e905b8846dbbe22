// What a policy strips, or a plugin does not show, of networks, routers, ports and firewall groups: not none, and not closed.
import { describe, expect, test } from 'vitest';
import { type SecurityGroupSnapshot, isExposure } from '../../src/security-groups.ts';
import type { Port } from '../../src/security-groups/snapshot/snapshot.ts';
import { forward, forwarded } from '../security-groups/forward.ts';
import { behindGateway, each } from './gateway.ts';
import { filters, judgedAs, site } from '../security-groups/firewall-site.ts';
import { cut, group, judged, ofRules, port, rule, seen, statements } from '../security-groups/snapshot.ts';

const fixed = { fixed_ips: [{ ip_address: '10.0.0.5', subnet_id: 's' }] };
const network = { id: 'n1', name: 'n1', project_id: 'p1', port_security_enabled: true };
const exposedBy = (parts: Partial<SecurityGroupSnapshot>) =>
  judged('audit.allow-all', {
    securityGroups: seen([group('g', [rule()])]),
    ports: seen([port('p', ['g'], fixed)]),
    networks: seen([{ ...network, 'router:external': false }]),
    routers: seen([{ id: 'r', external_gateway_info: null }]),
    ...parts,
  }).flatMap((finding) => (isExposure(finding) ? finding.effective : []));

// openstack/neutron, neutron/pecan_wsgi/hooks/policy_enforcement.py, `_exclude_attributes_by_policy`: whatever `get_network:…` or `get_router:…` forbids is
// left out of the answer.
describe('whether anything leads to a port from outside', () => {
  test('is not known of networks that do not tell whether they are external', () => {
    expect(exposedBy({})).toMatchObject([{ exposed_by: 'none' }]);
    expect(exposedBy({ networks: seen([network]) })).toMatchObject([
      { exposed_by: 'unknown', why: expect.stringContaining('router:external') },
    ]);
  });

  test('is known of a cloud without routers', () => {
    const routers = cut<SecurityGroupSnapshot['routers']['value'][number]>('routers', 'unsupported');
    expect(exposedBy({ networks: seen([network]), routers })).toMatchObject([{ exposed_by: 'none' }]);
  });
});

// neutron-lib, api/definitions/firewall_v2.py: `ports` of a group; the same policies leave it out.
test('a firewall group that does not show its ports may stand before any', () => {
  const firewallGroup = {
    id: 'fw',
    name: 'fw',
    admin_state_up: true,
    ingress_firewall_policy_id: null,
    egress_firewall_policy_id: null,
    ports: undefined,
    ingress_rules: undefined,
  };
  const external = seen([{ ...network, 'router:external': true }]);
  const of = (firewallGroups: readonly object[]) =>
    exposedBy({
      networks: external,
      firewallGroups: seen(firewallGroups) as unknown as SecurityGroupSnapshot['firewallGroups'],
    });
  expect(of([])).toMatchObject([{ why: 'port p has 10.0.0.5 on an external network' }]);
  expect(of([firewallGroup])).toMatchObject([
    { why: expect.stringContaining('whether a firewall group filters it could not be seen') },
  ]);
});

// neutron/conf/policies/router.py: `get_router:distributed` is for administrators. neutron-lib, api/definitions/dvr.py: without the
// extension no router has the field.
test('a firewall group on a router that may be distributed is no proof', () => {
  const shut = filters([], ['door']);
  const gateway = { network_id: 'ext' } as never;
  const of = (routers: SecurityGroupSnapshot['routers']['value'], extensions?: readonly string[]) =>
    judgedAs(
      site(shut, {
        routers: seen(routers),
        ...(extensions === undefined ? {} : { extensions: seen(extensions) }),
      }),
    ).map(({ by, lets }) => `${by}: ${lets}`);
  const hidden = { id: 'r', external_gateway_info: gateway };
  expect(of([{ ...hidden, distributed: false }])).toEqual(['none: nothing']);
  expect(of([hidden])).toEqual(['unknown: unknown']);
  expect(of([{ ...hidden, distributed: null }], ['router', 'dvr'])).toEqual(['unknown: unknown']);
  expect(of([], ['router', 'dvr'])).toEqual(['unknown: unknown']);
  expect(of([hidden], ['router'])).toEqual(['none: nothing']);
});

// neutron-lib, api/definitions/allowedaddresspairs.py: of every port where the extension is; hidden by `get_port:allowed_address_pairs`.
test('members whose further addresses are not shown may use all of them', () => {
  const of = (parts: Partial<Port>, extensions?: SecurityGroupSnapshot['extensions']) =>
    ofRules('audit.allow-all', [rule({ remote_group_id: 'web' })], {
      ports: seen([port('m', ['web'], { ...fixed, ...parts })]),
      ...(extensions === undefined ? {} : { extensions }),
    });
  expect(of({})).toEqual([]);
  const hidden = { allowed_address_pairs: undefined };
  expect(of(hidden, seen(['security-group']))).toEqual([]);
  const told = of(hidden, seen(['security-group', 'allowed-address-pairs']));
  expect(told).toMatchObject([{ verdict: 'unknown' }]);
  expect(statements(told)).toContain('not expanded');
  expect(of(hidden)).toMatchObject([{ verdict: 'unknown' }]);
});

// neutron-lib, services/trunk/constants.py, TRUNK_SUBPORT_OWNER: its frames come by the parent's device, which may be anybody's.
test('a subport whose trunk is not shown is not known to be filtered', () => {
  const ofPorts = (...ports: readonly Port[]) =>
    judged('audit.ports-unseen', { ports: seen(ports) }).concat(
      judged('audit.unseen', { ports: seen(ports) }),
    );
  const sub = port('s', ['closed'], { device_owner: 'trunk:subport' });
  expect(statements(ofPorts(sub))).toContain('the port that carries it is not shown');
  const trunk = port('t', ['closed'], {
    trunk_details: { trunk_id: 't', sub_ports: [{ port_id: 's' }] },
  } as unknown as Partial<Port>);
  expect(statements(ofPorts(sub, trunk))).not.toContain('is not shown');
});

// neutron-lib, api/definitions/expose_port_forwarding_in_fip.py: without it a floating IP does not tell what it forwards.
test('a floating IP that does not tell what it forwards is asked', async () => {
  const { cloud, answers } = await behindGateway();
  const forwarding = await forward(cloud, 'told');
  answers(
    'GET',
    /\/v2\.0\/floatingips(\?|$)/,
    each('floatingips', ({ port_forwardings: _told, ...one }) => one),
  );
  expect(forwarding).toEqual(forwarded);
  expect(await forward(cloud, 'untold')).toEqual(forwarded);
});

// neutron-lib, constants.py: INGRESS_DIRECTION, EGRESS_DIRECTION, IPv4, IPv6. Clouds with a Neutron of their own have other words.
test.each([{ ethertype: 'ipv4' }, { ethertype: 'IPv46' }, { direction: 'both' }])(
  'a rule with %j may let in everything',
  (parts) => {
    const told = ofRules('audit.allow-all', [rule(parts)]);
    expect(new Set(told.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));
    expect(statements(told)).toContain('is of a form that is not known here');
  },
);
