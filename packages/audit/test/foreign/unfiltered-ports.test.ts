import { describe, expect, test } from 'vitest';
import { assessSecurityGroups, type SecurityGroupSnapshot } from '../../src/security-groups.ts';
import type { Port } from '../../src/security-groups/snapshot/snapshot.ts';
import { cut, floatingIp, group, port, seen, snapshot } from '../security-groups/snapshot.ts';

// Ports whose security groups nothing enforces, as other people's clouds show them.

/** The findings on a port that has a closed group, and a floating IP. */
function told(
  parts: Partial<Port>,
  more: Partial<SecurityGroupSnapshot> = {},
  others: readonly Port[] = [],
): string[] {
  const findings = assessSecurityGroups(
    snapshot({
      securityGroups: seen([group('closed', [])]),
      ports: seen([port('p', ['closed'], parts), ...others]),
      floatingIps: seen([floatingIp('203.0.113.9', 'p')]),
      ...more,
    }),
  );
  return findings
    .filter(({ id, verdict }) => id.startsWith('audit.port-') || id === 'audit.project' || verdict === 'fail')
    .map(({ id, verdict }) => `${verdict} ${id}`)
    .toSorted();
}

const OPEN = ['fail audit.port-unfiltered'];
const PASSES = ['pass audit.project'];
const UNKNOWN = ['unknown audit.project'];

describe('a device that no driver filters', () => {
  test.each<readonly [string, Partial<Port>]>([
    // openstack/neutron, neutron/plugins/ml2/drivers/mech_sriov/mech_driver/mech_driver.py: CAP_PORT_FILTER is False.
    [
      'SR-IOV',
      {
        'binding:vnic_type': 'direct',
        'binding:vif_type': 'hw_veb',
        'binding:vif_details': { port_filter: false, connectivity: 'l2', vlan: '101' },
      },
    ],
    // openstack/neutron, doc/source/admin/config-macvtap.rst: "Lacks support for security groups".
    [
      'macvtap',
      {
        'binding:vnic_type': 'normal',
        'binding:vif_type': 'macvtap',
        'binding:vif_details': { port_filter: false, macvtap_mode: 'bridge' },
      },
    ],
    // openstack/neutron, doc/source/admin/config-sriov.rst: passthrough of a physical function; not bound yet.
    [
      'a physical function, before it is bound',
      {
        'binding:vnic_type': 'direct-physical',
        'binding:vif_type': 'unbound',
        'binding:vif_details': {},
      },
    ],
    [
      'SR-IOV, without its details',
      {
        'binding:vnic_type': 'direct',
        'binding:vif_type': 'hostdev_physical',
        'binding:vif_details': undefined,
      },
    ],
    // anuket-project/anuket-specifications 1469: agents with NoopFirewallDriver.
    ['a driver without a firewall', { 'binding:vif_details': { port_filter: false } }],
  ])('%s: nothing enforces its groups', (_, parts) => {
    expect(told(parts)).toEqual(OPEN);
  });

  test('the finding says why, and by what it is reached', () => {
    const findings = assessSecurityGroups(
      snapshot({
        ports: seen([port('p', ['closed'], { 'binding:vif_details': { port_filter: false } })]),
        floatingIps: seen([floatingIp('203.0.113.9', 'p')]),
      }),
    );
    expect(findings.find(({ id }) => id === 'audit.port-unfiltered')).toMatchObject({
      title: 'Port p of project shop is open: nothing enforces its security groups',
      because: [
        { statement: expect.stringContaining('port_filter is false') },
        { statement: 'it has the floating IP 203.0.113.9' },
      ],
    });
  });
});

describe('what is filtered passes', () => {
  test.each<readonly [string, Partial<Port>]>([
    // openstack/neutron, mech_openvswitch.py: a virtual function whose flows are in the card.
    [
      'hardware offload',
      {
        'binding:vnic_type': 'direct',
        'binding:vif_type': 'ovs',
        'binding:vif_details': { port_filter: true },
      },
    ],
    ['nothing plugged in', { 'binding:vif_type': 'unbound', 'binding:vif_details': {} }],
    ['a binding that failed', { 'binding:vif_type': 'binding_failed', 'binding:vif_details': {} }],
  ])('%s', (_, parts) => {
    expect(told(parts)).toEqual(PASSES);
  });
});

describe('what is not shown is not known', () => {
  test.each<readonly [string, Partial<Port>]>([
    // openstack/neutron, neutron/conf/policies/port.py: get_port:binding:vif_details is for administrators.
    ['no details', { 'binding:vif_type': undefined, 'binding:vif_details': undefined }],
    ['null', { 'binding:vif_details': null }],
    ['details without a word on it', { 'binding:vif_details': { connectivity: 'l3' } }],
    ['a word that is no boolean', { 'binding:vif_details': { port_filter: 'false' } }],
    // openstack/neutron, mech_openvswitch.py: false for every vhost-user port, though Open vSwitch filters it.
    ['vhost-user', { 'binding:vif_type': 'vhostuser', 'binding:vif_details': { port_filter: false } }],
    // A policy of the cloud's own for get_port:port_security_enabled.
    ['its groups', { security_groups: undefined }],
    ['port security', { port_security_enabled: undefined }],
    // OSSA-2015-018: whatever begins with `network:` is not filtered, and the owner of the network writes it.
    ['an owner that pretends to be of the network', { device_owner: 'network:mine' }],
  ])('%s', (_, parts) => {
    expect(told(parts)).toEqual(UNKNOWN);
  });
});

describe('a cloud without the extension port-security', () => {
  // crowbar/crowbar-openstack 676: ML2 without extension_drivers = port_security.
  test.each([
    ['has none that is off', seen(['security-group', 'router']), PASSES],
    ['has it, and hides the field', seen(['security-group', 'port-security']), UNKNOWN],
    ['does not say', cut<string>('network extensions', 'failed'), UNKNOWN],
    ['was not asked', undefined, UNKNOWN],
  ])('%s', (_, extensions, said) => {
    expect(told({ port_security_enabled: undefined }, { extensions })).toEqual(said);
  });
});

describe('subports of a trunk', () => {
  // openstack/neutron, doc/source/admin/config-trunking.rst; openshift/installer 4958: ports with port security off.
  const sub = (parts: Partial<Port> = {}) =>
    port('s', ['closed'], { device_owner: 'trunk:subport', ...parts });
  const trunk = {
    trunk_details: {
      trunk_id: 't',
      sub_ports: [{ port_id: 's', segmentation_id: 101, segmentation_type: 'vlan' }],
    },
  };

  test('one whose port security is off is open', () => {
    expect(told(trunk, {}, [sub({ port_security_enabled: false })])).toEqual([
      'fail audit.port-security-off',
    ]);
  });
  test('one whose parent is not filtered is open, too', () => {
    expect(told({ ...trunk, 'binding:vif_details': { port_filter: false } }, {}, [sub()])).toEqual([
      ...OPEN,
      ...OPEN,
    ]);
  });
  test('one of a filtered parent passes', () => {
    expect(told(trunk, {}, [sub()])).toEqual(PASSES);
  });
});
