import type { KnownBreak } from '../known-break.ts';
import { note } from './source.ts';

const driver = {
  service: 'compute',
  outcome: 'is no longer there: its servers cannot be managed',
  severity: 'critical',
} as const;
const ELSEWHERE = 'Move the servers to computes with another hypervisor first.';

/**
 * Hypervisors that Nova drives no more. The drivers' names are those of `compute_driver` in nova/conf/compute.py (21.0.0), and the types
 * those that the drivers told: nova/virt/xenapi/driver.py and nova/virt/hyperv/hostops.py (21.0.0); the agent's is that of
 * neutron_lib/constants.py.
 */
export const novaDriverBreaks: readonly KnownBreak[] = [
  {
    ...driver,
    id: 'nova.xenapi',
    in: 'victoria',
    signs: {
      options: [{ section: 'DEFAULT', name: 'compute_driver', values: ['xenapi.XenAPIDriver'] }],
      hypervisorTypes: ['XenServer'],
    },
    remedy: ELSEWHERE,
    source: note('nova', '22.0.0', 'remove-xenapi-driver-194756049f22dc9e'),
  },
  {
    ...driver,
    id: 'nova.libvirt-xen',
    in: 'wallaby',
    signs: { options: [{ section: 'libvirt', name: 'virt_type', values: ['xen'] }] },
    remedy: ELSEWHERE,
    source: note('nova', '23.0.0', 'drop-libvirt-xen-support-aef7e97b8491af69'),
  },
  {
    ...driver,
    id: 'nova.libvirt-uml',
    in: 'wallaby',
    signs: { options: [{ section: 'libvirt', name: 'virt_type', values: ['uml'] }] },
    remedy: ELSEWHERE,
    source: note('nova', '23.0.0', 'drop-libvirt-uml-support-8ba9311b4cfc8ca6'),
  },
  {
    ...driver,
    id: 'nova.powervm',
    in: 'zed',
    signs: { options: [{ section: 'DEFAULT', name: 'compute_driver', values: ['powervm.PowerVMDriver'] }] },
    remedy: ELSEWHERE,
    source: note('nova', '26.0.0', 'remove-powervm-6132cc10255ca205'),
  },
  {
    ...driver,
    id: 'nova.hyper-v',
    in: 'caracal',
    signs: {
      options: [
        { section: 'DEFAULT', name: 'compute_driver', values: ['hyperv.HyperVDriver'] },
        { section: 'rdp', name: 'enabled' },
      ],
      hypervisorTypes: ['hyperv'],
    },
    remedy: ELSEWHERE,
    source: note('nova', '29.0.0', 'remove-hyperv-94d5bfd8a539fe9f'),
  },
  {
    ...driver,
    id: 'nova.linux-bridge-ports',
    in: 'hibiscus',
    outcome: 'is no longer wired: servers with such ports fail to start',
    signs: { agentTypes: ['Linux bridge agent'] },
    remedy: 'Move the networks to Open vSwitch or OVN first.',
    source: note('nova', '00a0304 (in development)', 'remove-linux-bridge-vif-support-4b2e8a1c9d5f7e6a'),
  },
];
