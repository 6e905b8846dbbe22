import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, changes, type OutputAt, since } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { unlessCellDown } from './down-cell.ts';
import { NumericId } from './numeric-id.ts';
import { known } from '../../record/tolerant.ts';

/** A service of Nova on a host. */
export const Service = answer({
  /** A number before 2.53, a UUID from then on. */
  id: changes(['2.1', unlessCellDown(z.number())], ['2.53', unlessCellDown(z.string())]),
  /** `nova-compute`, `nova-conductor`, `nova-scheduler`, … */
  binary: z.string(),
  host: z.string(),
  /** `enabled` or `disabled`: whether it is meant to be used. `UNKNOWN` if its cell does not respond. */
  status: known(['enabled', 'disabled', 'UNKNOWN']),
  disabled_reason: unlessCellDown(z.string().nullable()),
  /** `up` or `down`, by its heartbeat (`service_down_time`, 60 seconds), or `down` since it was forced to be. */
  state: unlessCellDown(z.string()),
  zone: unlessCellDown(z.string()),
  /** The last heartbeat or change. */
  updated_at: unlessCellDown(Timestamp.nullable()),
  /** It was declared down, whatever its heartbeat: fencing does so, and evacuation needs it. */
  forced_down: since('2.11', unlessCellDown(z.boolean())),
});
export type Service = OutputAt<typeof Service>;

/** The answer to changing a service by host and name, before 2.53. */
const ServiceChanged = answer({
  host: z.string(),
  binary: z.string(),
  status: z.string().optional(),
  disabled_reason: z.string().nullable().optional(),
  forced_down: since('2.11', z.boolean().optional()),
});

const ByHost = args({
  host: z.string(),
  /** Only `nova-compute` can be changed. */
  binary: z.string(),
});

/** The services of Nova. Administrators only. */
export const services = resource({
  name: 'services',
  operations: {
    /**
     * List all services. Before 2.69 those of a cell that does not respond are silently left out; from then on they
     * come with `host`, `binary` and the status `UNKNOWN`.
     */
    list: operation({
      verb: 'GET',
      path: 'os-services',
      receive: 'services',
      page: 'none',
      input: args({ host: z.string().optional(), binary: z.string().optional() }),
      output: Service,
    }),
    /** Let the scheduler use a host again. From 2.53 on: `update`. */
    enable: operation({
      verb: 'PUT',
      path: 'os-services/enable',
      receive: 'service',
      input: ByHost,
      output: ServiceChanged,
      until: '2.53',
    }),
    /** Keep the scheduler from using a host. Servers there go on. From 2.53 on: `update`. */
    disable: operation({
      verb: 'PUT',
      path: 'os-services/disable',
      receive: 'service',
      input: ByHost,
      output: ServiceChanged,
      until: '2.53',
    }),
    /** The same, with a reason. From 2.53 on: `update`. */
    disableLogReason: operation({
      verb: 'PUT',
      path: 'os-services/disable-log-reason',
      receive: 'service',
      input: args({ host: z.string(), binary: z.string(), disabled_reason: z.string() }),
      output: ServiceChanged,
      until: '2.53',
    }),
    /** Declare a service to be down, or take that back. From 2.53 on: `update`. */
    forceDown: operation({
      verb: 'PUT',
      path: 'os-services/force-down',
      receive: 'service',
      input: args({ host: z.string(), binary: z.string(), forced_down: z.boolean() }),
      output: ServiceChanged,
      since: '2.11',
      until: '2.53',
    }),
    /**
     * Enable, disable or force down. Taking `forced_down` back is a 400 while evacuations from the host are not
     * `completed`: start its nova-compute first.
     */
    update: operation({
      verb: 'PUT',
      path: 'os-services/{id}',
      receive: 'service',
      input: args({
        id: z.string(),
        status: z.enum(['enabled', 'disabled']).optional(),
        /** Only with the status `disabled`. */
        disabled_reason: z.string().optional(),
        forced_down: z.boolean().optional(),
      }),
      output: Service,
      since: '2.53',
    }),
    /**
     * Forget a service. A compute service is also taken out of its aggregates; 409 while servers or migrations in
     * progress are on it.
     */
    delete: operation({ verb: 'DELETE', path: 'os-services/{id}', input: args({ id: NumericId }) }),
  },
});
