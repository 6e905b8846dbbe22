import { z } from 'zod';
import { answer, type OutputAt } from '../../record/shape.ts';
import { Owner, TaggedAttributes } from './standard-attributes.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** A port: a place on a network for a server, a router, a DHCP server, … */
export const Port = answer({
  id: z.string(),
  /** Often empty. */
  name: z.string(),
  ...Owner,
  network_id: z.string(),
  admin_state_up: z.boolean(),
  /** `ACTIVE`, `BUILD`, `DOWN`, `ERROR`, `N/A`. */
  status: known(['ACTIVE', 'BUILD', 'DOWN', 'ERROR', 'N/A']),
  mac_address: z.string(),
  /** Empty until it has addresses, or if it is to have none. */
  fixed_ips: z.array(tolerant({ subnet_id: z.string(), ip_address: z.string() })),
  /** Id of the server or router that it is of; empty if of none. */
  device_id: z.string(),
  /** `compute:nova`, `network:dhcp`, `network:router_interface`, `network:floatingip`, …; empty if of none. */
  device_owner: z.string(),
  /** Ids. */
  security_groups: z.array(z.string()).optional(),
  port_security_enabled: z.boolean().optional(),
  allowed_address_pairs: z
    .array(tolerant({ ip_address: z.string(), mac_address: z.string().optional() }))
    .optional(),
  extra_dhcp_opts: z
    .array(
      tolerant({
        opt_name: z.string(),
        opt_value: z.string().nullable(),
        ip_version: z.number().optional(),
      }),
    )
    .nullable()
    .optional(),
  /** Host that it is on; empty until bound. Administrators only. */
  'binding:host_id': z.string().optional(),
  /** For the driver: what Nova tells of the device. Administrators only. */
  'binding:profile': z.record(z.string(), z.unknown()).nullable().optional(),
  /** `ovs`, `bridge`, `unbound`, `binding_failed`, …. Administrators only. */
  'binding:vif_type': z.string().optional(),
  /** Details that the hypervisor needs to plug the port. Administrators only. */
  'binding:vif_details': z.record(z.string(), z.unknown()).nullable().optional(),
  /** `normal`, `direct`, `macvtap`, `baremetal`, `direct-physical`, `virtio-forwarder`, `vdpa`, `remote-managed`, … */
  'binding:vnic_type': z.string().optional(),
  qos_policy_id: z.string().nullable().optional(),
  /** The policy of its network. */
  qos_network_policy_id: z.string().nullable().optional(),
  /**
   * The resources that Placement reserves for it: one group, or from the extension `port-resource-request-groups` on several
   * under `request_groups`. Administrators only.
   */
  resource_request: z.record(z.string(), z.unknown()).nullable().optional(),
  dns_name: z.string().nullable().optional(),
  dns_domain: z.string().nullable().optional(),
  dns_assignment: z
    .array(tolerant({ hostname: z.string(), ip_address: z.string(), fqdn: z.string() }))
    .nullable()
    .optional(),
  /** `immediate`; `deferred`: an address comes with the host; `none`. */
  ip_allocation: z.string().nullable().optional(),
  /** The state that the underlay reports: `ACTIVE`, `DOWN`. */
  data_plane_status: z.string().nullable().optional(),
  propagate_uplink_status: z.boolean().nullable().optional(),
  /** `None`, `required`, `preferred`, `legacy`, `socket`. Administrators only. */
  numa_affinity_policy: z.string().nullable().optional(),
  device_profile: z.string().nullable().optional(),
  hints: z.record(z.string(), z.unknown()).nullable().optional(),
  hardware_offload_type: z.string().nullable().optional(),
  /** For a trunk's parent port: its subports. */
  trunk_details: tolerant({
    trunk_id: z.string(),
    sub_ports: z.array(
      tolerant({
        port_id: z.string(),
        segmentation_id: z.number(),
        segmentation_type: z.string(),
        mac_address: z.string().optional(),
      }),
    ),
  })
    .nullable()
    .optional(),
  trusted: z.boolean().nullable().optional(),
  mac_learning_enabled: z.boolean().nullable().optional(),
  /** `promiscuous`, `isolated`, `community`. */
  pvlan_type: z.string().nullable().optional(),
  pvlan_community: z.string().nullable().optional(),
  ...TaggedAttributes,
});
export type Port = OutputAt<typeof Port>;
