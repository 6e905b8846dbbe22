import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, since, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { known } from '../../record/tolerant.ts';

const Brief = {
  /** `cluster@backend` */
  name: z.string(),
  binary: z.string(),
  /** `up` or `down`. */
  state: known(['up', 'down']),
  /** `enabled` or `disabled`. */
  status: known(['enabled', 'disabled']),
  replication_status: since('3.26', z.string().nullable().optional()),
};

/** Volume services that serve one backend together. */
export const Cluster = answer({
  ...Brief,
  num_hosts: z.number().optional(),
  num_down_hosts: z.number().optional(),
  /** Empty text if there was none. */
  last_heartbeat: Timestamp.nullable().optional(),
  created_at: Timestamp.nullable().optional(),
  /** Empty text if it never changed. */
  updated_at: Timestamp.nullable().optional(),
  disabled_reason: z.string().nullable().optional(),
  frozen: since('3.26', z.boolean().nullable().optional()),
  active_backend_id: since('3.26', z.string().nullable().optional()),
});
export type Cluster = OutputAt<typeof Cluster>;

const ClusterFilters = args({
  name: z.string().optional(),
  binary: z.string().optional(),
  is_up: z.boolean().optional(),
  disabled: z.boolean().optional(),
  /** At least so many. */
  num_hosts: z.number().int().optional(),
  /** At least so many. */
  num_down_hosts: z.number().int().optional(),
  replication_status: since('3.26', z.string().optional()),
  frozen: since('3.26', z.boolean().optional()),
  active_backend_id: since('3.26', z.string().optional()),
});

/** Clusters of volume services (active-active). Administrators only. The `id` is the name. */
export const clusters = resource({
  name: 'clusters',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'clusters/{id}',
      receive: 'cluster',
      since: '3.7',
      input: args({
        id: z.string(),
        /** @default 'cinder-volume' */
        binary: z.string().optional(),
      }),
      output: Cluster,
    }),
    list: operation({
      verb: 'GET',
      path: 'clusters/detail',
      receive: 'clusters',
      page: 'none',
      since: '3.7',
      input: ClusterFilters,
      output: Cluster,
    }),
    listBrief: operation({
      verb: 'GET',
      path: 'clusters',
      receive: 'clusters',
      page: 'none',
      since: '3.7',
      input: ClusterFilters,
      output: answer(Brief),
    }),
    /** Let new volumes go there again. */
    enable: operation({
      verb: 'PUT',
      path: 'clusters/enable',
      receive: 'cluster',
      since: '3.7',
      input: args({ name: z.string(), binary: z.string().nullable().optional() }),
      output: Cluster,
    }),
    /** Let no new volumes go there. */
    disable: operation({
      verb: 'PUT',
      path: 'clusters/disable',
      receive: 'cluster',
      since: '3.7',
      input: args({
        name: z.string(),
        binary: z.string().nullable().optional(),
        disabled_reason: z.string().nullable().optional(),
      }),
      output: Cluster,
    }),
  },
});
