import { action } from '@groundcrew/runbook';
import { z } from 'zod';

/** A backend: its service, or its cluster. */
const Backend = z.strictObject({
  /** `host@backend`: one of its volume services. */
  host: z.string().min(1),
  /** The name of the cluster, if it is one. */
  cluster: z.string().min(1).nullable(),
});
export type BackendInput = Readonly<z.output<typeof Backend>>;

const nameOf = ({ host, cluster }: BackendInput): string => cluster ?? host;

/** Accepts no change of what a backend has; attaching and reading go on. */
export const freezeBackend = action({
  name: 'backup-dr.freeze-backend',
  title: (backend) => `Freeze ${nameOf(backend)}: nothing new is made there`,
  input: Backend,
  output: z.object({ frozen: z.boolean() }),
  rollback: 'free',
});

/** Accepts changes again. */
export const thawBackend = action({
  name: 'backup-dr.thaw-backend',
  title: (backend) => `Thaw ${nameOf(backend)}`,
  input: Backend,
  output: z.object({ frozen: z.boolean() }),
  rollback: 'free',
});

/** Lets a replica take over. */
export const failOver = action({
  name: 'backup-dr.fail-over',
  title: (backend) =>
    backend.to === 'default'
      ? `Fail ${nameOf(backend)} back`
      : `Fail ${nameOf(backend)} over to ${backend.to ?? 'the replica that its driver chooses'}`,
  input: Backend.extend({
    /** The replica; null: the driver chooses. */
    to: z.string().min(1).nullable(),
    /** The replica that was in use when it was planned; null: the backend itself. */
    from: z.string().nullable(),
  }),
  output: z.object({
    /** `failed-over`, or `enabled` on the way back. */
    status: z.string(),
    /** The replica in use; empty or null: the backend itself. */
    active: z.string().nullable(),
  }),
  rollback: 'none',
});

/** Lets a server use the replicas of its volumes. */
export const reconnectServer = action({
  name: 'backup-dr.reconnect-server',
  title: ({ server, name, way }) =>
    way === 'shelve'
      ? `Shelve and unshelve ${name ?? server}: it boots from a volume that failed over`
      : `Detach and attach the volumes of ${name ?? server} that failed over`,
  input: z.strictObject({
    server: z.string().min(1),
    name: z.string().nullable(),
    way: z.enum(['shelve', 'reattach']),
    volumes: z
      .array(
        z.strictObject({
          id: z.string().min(1),
          /** Of the connection to the old backend: a later one has another id. */
          attachment: z.string().min(1),
          device: z.string().nullable(),
        }),
      )
      .min(1),
  }),
  output: z.object({ attachments: z.array(z.string()) }),
  rollback: 'none',
});
