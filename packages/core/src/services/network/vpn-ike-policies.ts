import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';
import { tolerant } from '../../record/tolerant.ts';

/** The policy by which the two ends of a VPN agree on keys. */
export const IkePolicy = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  description: z.string().nullable().optional(),
  auth_algorithm: z.string(),
  encryption_algorithm: z.string(),
  /** `group14`, … */
  pfs: z.string(),
  phase1_negotiation_mode: z.string(),
  /** `v1`, `v2`. */
  ike_version: z.string(),
  /** `{ units: 'seconds', value: 3600 }` */
  lifetime: tolerant({ units: z.string(), value: z.number() }),
});
export type IkePolicy = OutputAt<typeof IkePolicy>;

const Common = {
  name: z.string().optional(),
  description: z.string().optional(),
  /** The algorithms depend on the release: `sha1`, `sha256`, … @default 'sha1' */
  auth_algorithm: z.string().optional(),
  /** @default 'aes-128' */
  encryption_algorithm: z.string().optional(),
  /** @default 'group5' */
  pfs: z.string().optional(),
  /** @default 'main' */
  phase1_negotiation_mode: z.enum(['main', 'aggressive']).optional(),
  /** @default 'v1' */
  ike_version: z.enum(['v1', 'v2']).optional(),
  lifetime: z.strictObject({ units: z.literal('seconds').optional(), value: Whole.optional() }).optional(),
} as const;

const ById = args({ id: z.string() });

/** IKE policies: VPN (extension `vpnaas`). */
export const ikePolicies = resource({
  name: 'ikePolicies',
  findBy: 'name',
  operations: {
    /** Show one policy. */
    get: operation({
      verb: 'GET',
      path: 'vpn/ikepolicies/{id}',
      receive: 'ikepolicy',
      input: ById,
      output: IkePolicy,
    }),
    /** Iterate over policies. */
    list: operation({
      verb: 'GET',
      path: 'vpn/ikepolicies',
      receive: 'ikepolicies',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        description: Text,
        ...Paging,
      }),
      output: IkePolicy,
    }),
    /** Create a policy. */
    create: operation({
      verb: 'POST',
      path: 'vpn/ikepolicies',
      send: 'ikepolicy',
      receive: 'ikepolicy',
      input: args({
        ...Common,
        ...ForProject,
      }),
      output: IkePolicy,
      status: 201,
    }),
    /** Change a policy. */
    update: operation({
      verb: 'PUT',
      path: 'vpn/ikepolicies/{id}',
      send: 'ikepolicy',
      receive: 'ikepolicy',
      input: args({
        id: z.string(),
        ...Common,
      }),
      output: IkePolicy,
    }),
    /** Delete a policy. Neutron answers 409 while a connection uses it. */
    delete: operation({
      verb: 'DELETE',
      path: 'vpn/ikepolicies/{id}',
      input: ById,
    }),
  },
});
