import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Paging } from './paging.ts';
import { tolerant } from '../../record/tolerant.ts';

const Pairs = z.record(z.string(), z.string().nullable());

/** Limits of throughput, which volume types refer to. */
export const QosSpecs = answer({
  id: z.string(),
  name: z.string(),
  /** The side that enforces them: `front-end` (the hypervisor), `back-end` or `both`. */
  consumer: z.string(),
  /** `total_iops_sec`, `read_bytes_sec`, … or the backend's own. */
  specs: Pairs,
});
export type QosSpecs = OutputAt<typeof QosSpecs>;

const ById = args({ id: z.string() });
const WithType = args({
  id: z.string(),
  /** Id of a volume type. */
  vol_type_id: z.string(),
});

/** Quality of service. Administrators only. */
export const qosSpecs = resource({
  name: 'qosSpecs',
  findBy: 'name',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'qos-specs/{id}',
      receive: 'qos_specs',
      input: ById,
      output: QosSpecs,
    }),
    /** Iterate over specs. */
    list: operation({
      verb: 'GET',
      path: 'qos-specs',
      receive: 'qos_specs',
      page: 'links',
      input: args({
        name: z.string().optional(),
        consumer: z.string().optional(),
        ...Paging,
      }),
      output: QosSpecs,
    }),
    /**
     * Create specs: name, consumer, and as many pairs as are needed beside them.
     * @example
     * await cloud.blockStorage.qosSpecs.create({ name: 'gold', consumer: 'front-end', total_iops_sec: '5000' });
     */
    create: operation({
      verb: 'POST',
      path: 'qos-specs',
      send: 'qos_specs',
      receive: 'qos_specs',
      // Not strict: the pairs have names of the cloud's own.
      input: z
        .object({
          name: z.string().min(1),
          /** @default 'back-end' */
          consumer: z.enum(['front-end', 'back-end', 'both']).optional(),
        })
        .catchall(z.string().optional()),
      output: QosSpecs,
    }),
    /** Add or change pairs, or the consumer, and leave the others. Answers what was given. */
    update: operation({
      verb: 'PUT',
      path: 'qos-specs/{id}',
      receive: 'qos_specs',
      input: args({ id: z.string(), qos_specs: Pairs }),
      output: Pairs,
    }),
    /** Remove pairs. */
    deleteKeys: operation({
      verb: 'PUT',
      path: 'qos-specs/{id}/delete_keys',
      status: 202,
      input: args({ id: z.string(), keys: z.array(z.string()) }),
    }),
    delete: operation({
      verb: 'DELETE',
      path: 'qos-specs/{id}',
      status: 202,
      input: args({
        id: z.string(),
        /** Even if types refer to them. @default false */
        force: z.boolean().optional(),
      }),
    }),
    /** The volume types that refer to them. */
    listAssociations: operation({
      verb: 'GET',
      path: 'qos-specs/{id}/associations',
      receive: 'qos_associations',
      page: 'none',
      input: ById,
      output: tolerant({ id: z.string(), name: z.string(), association_type: z.string() }),
    }),
    /** Let a volume type refer to them. (Cinder changes it by GET.) */
    associate: operation({ verb: 'GET', path: 'qos-specs/{id}/associate', status: 202, input: WithType }),
    disassociate: operation({
      verb: 'GET',
      path: 'qos-specs/{id}/disassociate',
      status: 202,
      input: WithType,
    }),
    disassociateAll: operation({
      verb: 'GET',
      path: 'qos-specs/{id}/disassociate_all',
      status: 202,
      input: ById,
    }),
  },
});
