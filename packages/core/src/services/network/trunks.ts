import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Flag, StandardFilters, TagFilters, Text, Whole } from './filters.ts';
import { PAGE_SIZE, Paging } from './paging.ts';
import { IfMatch, revisionHeader } from './revision.ts';
import { ForProject, Owner, TaggedAttributes } from './standard-attributes.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** A port carried by another. */
const SubPort = tolerant({
  port_id: z.string(),
  segmentation_type: z.string(),
  segmentation_id: z.number(),
});

/** A port that carries other ports, told apart by their segment. */
export const Trunk = answer({
  id: z.string(),
  name: z.string(),
  ...Owner,
  /** The parent, which a server has. */
  port_id: z.string(),
  admin_state_up: z.boolean(),
  /** `ACTIVE`, `BUILD`, `DEGRADED`, `DOWN`, `ERROR`. */
  status: known(['ACTIVE', 'BUILD', 'DEGRADED', 'DOWN', 'ERROR']),
  sub_ports: z.array(SubPort),
  ...TaggedAttributes,
});
export type Trunk = OutputAt<typeof Trunk>;

const NewSubPort = z.strictObject({
  port_id: z.string(),
  /** `vlan`; `inherit` takes both from the port's network. */
  segmentation_type: z.string().optional(),
  segmentation_id: Whole.optional(),
});

const ById = args({ id: z.string() });

/** Trunks (extension `trunk`). */
export const trunks = resource({
  name: 'trunks',
  settles: { field: 'status', failure: ['ERROR', 'DEGRADED'] },
  findBy: 'name',
  operations: {
    /** Show one trunk. */
    get: operation({ verb: 'GET', path: 'trunks/{id}', receive: 'trunk', input: ById, output: Trunk }),
    /** Iterate over trunks. */
    list: operation({
      verb: 'GET',
      path: 'trunks',
      receive: 'trunks',
      page: 'links',
      pageSize: PAGE_SIZE,
      input: args({
        ...StandardFilters,
        ...TagFilters,
        name: Text,
        port_id: Text,
        admin_state_up: Flag,
        status: Text,
        ...Paging,
      }),
      output: Trunk,
    }),
    /** Make a port the parent of a trunk. */
    create: operation({
      verb: 'POST',
      path: 'trunks',
      send: 'trunk',
      receive: 'trunk',
      input: args({
        port_id: z.string(),
        name: z.string().optional(),
        description: z.string().optional(),
        admin_state_up: Flag,
        sub_ports: z.array(NewSubPort).optional(),
        ...ForProject,
      }),
      output: Trunk,
      status: 201,
    }),
    /** Change a trunk. While its `admin_state_up` is false, neither it nor its subports can be changed. */
    update: operation({
      verb: 'PUT',
      path: 'trunks/{id}',
      headers: revisionHeader,
      send: 'trunk',
      receive: 'trunk',
      input: args({
        id: z.string(),
        if_match: IfMatch,
        name: z.string().optional(),
        description: z.string().optional(),
        admin_state_up: Flag,
      }),
      output: Trunk,
    }),
    /** Delete a trunk. Its ports remain. Neutron answers 409 while the parent is bound. */
    delete: operation({
      verb: 'DELETE',
      path: 'trunks/{id}',
      headers: revisionHeader,
      input: args({ id: z.string(), if_match: IfMatch }),
    }),
    /** Add subports, and have the trunk. */
    addSubports: operation({
      verb: 'PUT',
      path: 'trunks/{id}/add_subports',
      input: args({ id: z.string(), sub_ports: z.array(NewSubPort).min(1) }),
      output: Trunk,
      idempotent: false,
    }),
    /** Remove subports, and have the trunk. */
    removeSubports: operation({
      verb: 'PUT',
      path: 'trunks/{id}/remove_subports',
      input: args({ id: z.string(), sub_ports: z.array(z.strictObject({ port_id: z.string() })).min(1) }),
      output: Trunk,
      idempotent: false,
    }),
    /** The subports alone, in one answer. */
    listSubports: operation({
      verb: 'GET',
      path: 'trunks/{id}/get_subports',
      receive: 'sub_ports',
      page: 'none',
      input: ById,
      output: SubPort,
    }),
  },
});
