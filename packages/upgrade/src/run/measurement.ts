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
  /** Through the whole run. */
  readonly samples: readonly MeasuredRequest[];
  /** The same before the run. @default none: whether requests were slower is not known */
  readonly before?: readonly MeasuredRequest[] | undefined;
}
