import type { Duration } from '@groundcrew/ground';

/** One operation, as the meter of `@groundcrew/monitoring` has it. */
export interface MeasuredRequest {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds until its answer, or until it was given up. */
  readonly duration: number;
  readonly ok: boolean;
  readonly error?: string | undefined;
}

export interface UpgradeMeasurement {
  /** `list servers`, `ping of web-1`. */
  readonly name: string;
  /** `api`: requests of a service. `workload`: what a server of a tenant serves. */
  readonly of: 'api' | 'workload';
  /** The service that answers, or that the workload rests on: `nova`, `neutron`. */
  readonly service: string;
  /**
   * From the beginning of one request to that of the next, where that is longer than what counts as a hole: what is slow by itself, such as
   * a server's life, is not asked for every second. A hole is twice as long then, and it alone does not count as a probe of its service.
   *
   * @default shorter
   */
  readonly interval?: Duration | undefined;
  /** Through the whole run. */
  readonly samples: readonly MeasuredRequest[];
  /** The same before the run. @default none: whether requests were slower is not known */
  readonly before?: readonly MeasuredRequest[] | undefined;
}
