import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, since, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** A daemon of Cinder. It has no id: `binary` and `host` name it. */
export const VolumeService = answer({
  /** `cinder-volume`, `cinder-scheduler`, `cinder-backup`. */
  binary: z.string(),
  /** The host; for a volume service `host@backend`. */
  host: z.string(),
  zone: z.string(),
  /** `enabled` or `disabled`: whether new volumes may go there. */
  status: known(['enabled', 'disabled']),
  /** `up` or `down`: whether it reported within the cloud's `service_down_time`. */
  state: known(['up', 'down']),
  /** The time of its last report. */
  updated_at: Timestamp.nullable(),
  disabled_reason: z.string().nullable().optional(),
  /** Only for volume services, as the next two. `enabled`, `disabled`, `failed-over`, `error`, `not-capable`. */
  replication_status: z.string().nullable().optional(),
  /** The backend that took over. */
  active_backend_id: z.string().nullable().optional(),
  /** The service accepts no change, but still answers reads. */
  frozen: z.boolean().optional(),
  cluster: since('3.7', z.string().nullable()),
  /** Only for volume services: the driver's report on its backend, `up` or `down`. Null if the scheduler knows none. */
  backend_state: since('3.49', z.string().nullable().optional()),
});
export type VolumeService = OutputAt<typeof VolumeService>;

const Named = args({
  /** `host@backend` of a volume service. */
  host: z.string(),
  binary: z.string(),
});

/** The answer to enabling and disabling. */
const Switched = tolerant({
  host: z.string(),
  binary: z.string(),
  service: z.string().optional(),
  /** `enabled` or `disabled`. */
  status: known(['enabled', 'disabled']),
  disabled: z.boolean().optional(),
  disabled_reason: z.string().nullable().optional(),
});

const Backend = args({
  /** `host@backend`. From 3.26 on either this or `cluster`. */
  host: z.string().nullable().optional(),
  cluster: since('3.26', z.string().nullable().optional()),
});

const Binary = z.enum(['cinder-api', 'cinder-volume', 'cinder-scheduler', 'cinder-backup', '*', '']);

/** The services whose log levels are meant; without it, every service that is up. */
const LogTarget = {
  // Said outright, for Cinder wants a body even if it says nothing.
  /** @default '*' */
  binary: Binary.default('*'),
  /** A host, or a cluster. */
  server: z.string().nullable().optional(),
  /** A prefix of loggers' names: `cinder.volume`. */
  prefix: z.string().nullable().optional(),
};

/** The daemons of Cinder. Administrators only. */
export const services = resource({
  name: 'services',
  operations: {
    /** List all services, including those that are down as well. */
    list: operation({
      verb: 'GET',
      path: 'os-services',
      receive: 'services',
      page: 'none',
      input: args({
        host: z.string().optional(),
        binary: z.string().optional(),
      }),
      output: VolumeService,
    }),
    /** Let new volumes go there again. */
    enable: operation({ verb: 'PUT', path: 'os-services/enable', input: Named, output: Switched }),
    /** Let no new volumes go there. Those that are there go on. */
    disable: operation({ verb: 'PUT', path: 'os-services/disable', input: Named, output: Switched }),
    /** As `disable`, saying why. */
    disableLogReason: operation({
      verb: 'PUT',
      path: 'os-services/disable-log-reason',
      input: args({ host: z.string(), binary: z.string(), disabled_reason: z.string().min(1) }),
      output: Switched,
    }),
    /** Accept no change of what a backend has; attaching and reading go on. */
    freeze: operation({ verb: 'PUT', path: 'os-services/freeze', input: Backend }),
    thaw: operation({ verb: 'PUT', path: 'os-services/thaw', input: Backend }),
    /** Let the backend's replica take over. Attached volumes must be attached anew. */
    failoverHost: operation({
      verb: 'PUT',
      path: 'os-services/failover_host',
      status: 202,
      // Failing over twice leads back: a repetition is not harmless.
      idempotent: false,
      input: args({
        /** `host@backend`. From 3.26 on either this or `cluster`. */
        host: z.string().nullable().optional(),
        cluster: since('3.26', z.string().nullable().optional()),
        /** The replica. `default` leads back. */
        backend_id: z.string().nullable().optional(),
      }),
    }),
    /** The log levels of running services, logger by logger. Those of the API service are of the one that answers. */
    getLog: operation({
      verb: 'PUT',
      path: 'os-services/get-log',
      receive: 'log_levels',
      since: '3.32',
      input: args(LogTarget),
      output: z.array(
        tolerant({
          binary: z.string(),
          host: z.string(),
          /** Logger to level. */
          levels: z.record(z.string(), z.string()),
        }),
      ),
    }),
    /** Set log levels of running services, until they restart. */
    setLog: operation({
      verb: 'PUT',
      path: 'os-services/set-log',
      since: '3.32',
      status: 202,
      input: args({
        ...LogTarget,
        level: z.enum(['CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG']),
      }),
    }),
  },
});
