import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { ForProject, Owner } from './standard-attributes.ts';

/** A VPN of the provider, with networks and routers of a project. */
export const Bgpvpn = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  /** `l2`, `l3`. */
  type: z.string(),
  /** `64512:1444` */
  route_targets: z.array(z.string()),
  import_targets: z.array(z.string()),
  export_targets: z.array(z.string()),
  route_distinguishers: z.array(z.string()),
  vni: z.number().nullable().optional(),
  local_pref: z.number().nullable().optional(),
  /** Ids. */
  networks: z.array(z.string()),
  /** Ids. */
  routers: z.array(z.string()),
  /** Ids. */
  ports: z.array(z.string()).optional(),
});
export type Bgpvpn = OutputAt<typeof Bgpvpn>;

const Common = {
  name: z.string().optional(),
  route_targets: z.union([z.string(), z.array(z.string())]).optional(),
  import_targets: z.union([z.string(), z.array(z.string())]).optional(),
  export_targets: z.union([z.string(), z.array(z.string())]).optional(),
  route_distinguishers: z.union([z.string(), z.array(z.string())]).optional(),
  local_pref: Whole.nullable().optional(),
} as const;

const ById = args({ id: z.string() });

/** BGP VPNs. (Extension `bgpvpn`.) */
export const bgpvpns = resource({
  name: 'bgpvpns',
  findBy: 'name',
  operations: {
    /** Show one VPN. */
    get: operation({
      verb: 'GET',
      path: 'bgpvpn/bgpvpns/{id}',
      receive: 'bgpvpn',
      input: ById,
      output: Bgpvpn,
    }),
    /** Iterate over VPNs. */
    list: operation({
      verb: 'GET',
      path: 'bgpvpn/bgpvpns',
      receive: 'bgpvpns',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        id: Text,
        project_id: Text,
        name: Text,
        type: Text,
        networks: Text,
        routers: Text,
        ports: Text,
        ...Paging,
      }),
      output: Bgpvpn,
    }),
    /** Create a VPN. Administrators only. */
    create: operation({
      verb: 'POST',
      path: 'bgpvpn/bgpvpns',
      send: 'bgpvpn',
      receive: 'bgpvpn',
      input: args({
        ...Common,
        /** @default 'l3' */
        type: z.enum(['l2', 'l3']).optional(),
        vni: Whole.nullable().optional(),
        ...ForProject,
      }),
      output: Bgpvpn,
      status: 201,
    }),
    /** Change a VPN. */
    update: operation({
      verb: 'PUT',
      path: 'bgpvpn/bgpvpns/{id}',
      send: 'bgpvpn',
      receive: 'bgpvpn',
      input: args({
        id: z.string(),
        ...Common,
      }),
      output: Bgpvpn,
    }),
    /** Delete a VPN. */
    delete: operation({
      verb: 'DELETE',
      path: 'bgpvpn/bgpvpns/{id}',
      input: ById,
    }),
  },
});
