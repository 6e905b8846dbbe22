import { z } from 'zod';

/** A gateway to set. */
export const NewGateway = z.strictObject({
  /** An external network. */
  network_id: z.string(),
  /** Administrators only. @default true, unless the cloud is configured otherwise */
  enable_snat: z.boolean().optional(),
  /** Administrators only. */
  external_fixed_ips: z
    .array(z.strictObject({ subnet_id: z.string().optional(), ip_address: z.string().optional() }))
    .optional(),
  qos_policy_id: z.string().nullable().optional(),
});

/** A route: packets to these addresses go to that one. */
export const Route = z.strictObject({ destination: z.string(), nexthop: z.string() });
