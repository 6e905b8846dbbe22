import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';
import { tolerant } from '../../record/tolerant.ts';

/** The policy by which a VPN protects its traffic. */
export const IpsecPolicy = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  auth_algorithm: z.string(),
  encryption_algorithm: z.string(),
  pfs: z.string(),
  /** `esp`, `ah`, `ah-esp`. */
  transform_protocol: z.string(),
  /** `tunnel`, `transport`. */
  encapsulation_mode: z.string(),
  /** `{ units: 'seconds', value: 3600 }` */
  lifetime: tolerant({ units: z.string(), value: z.number() }),
});
export type IpsecPolicy = OutputAt<typeof IpsecPolicy>;

const Common = {
  name: z.string().optional(),
  description: z.string().optional(),
  /** @default 'sha1' */
  auth_algorithm: z.string().optional(),
  /** @default 'aes-128' */
  encryption_algorithm: z.string().optional(),
  /** @default 'group5' */
  pfs: z.string().optional(),
  /** @default 'esp' */
  transform_protocol: z.enum(['esp', 'ah', 'ah-esp']).optional(),
  /** @default 'tunnel' */
  encapsulation_mode: z.enum(['tunnel', 'transport']).optional(),
  lifetime: z.strictObject({ units: z.literal('seconds').optional(), value: Whole.optional() }).optional(),
} as const;

const ById = args({ id: z.string() });

/** IPsec policies: VPN (extension `vpnaas`). */
export const ipsecPolicies = resource({
  name: 'ipsecPolicies',
  findBy: 'name',
  operations: {
    /** Show one policy. */
    get: operation({
      verb: 'GET',
      path: 'vpn/ipsecpolicies/{id}',
      receive: 'ipsecpolicy',
      input: ById,
      output: IpsecPolicy,
    }),
    /** Iterate over policies. */
    list: operation({
      verb: 'GET',
      path: 'vpn/ipsecpolicies',
      receive: 'ipsecpolicies',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        ...Paging,
      }),
      output: IpsecPolicy,
    }),
    /** Create a policy. */
    create: operation({
      verb: 'POST',
      path: 'vpn/ipsecpolicies',
      send: 'ipsecpolicy',
      receive: 'ipsecpolicy',
      input: args({
        ...Common,
        ...ForProject,
      }),
      output: IpsecPolicy,
      status: 201,
    }),
    /** Change a policy. */
    update: operation({
      verb: 'PUT',
      path: 'vpn/ipsecpolicies/{id}',
      send: 'ipsecpolicy',
      receive: 'ipsecpolicy',
      input: args({
        id: z.string(),
        ...Common,
      }),
      output: IpsecPolicy,
    }),
    /** Delete a policy. Neutron answers 409 while a connection uses it. */
    delete: operation({
      verb: 'DELETE',
      path: 'vpn/ipsecpolicies/{id}',
      input: ById,
    }),
  },
});
