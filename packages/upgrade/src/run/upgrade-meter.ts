import {
  aClock,
  aFunction,
  aPositiveDuration,
  aSignal,
  type Clock,
  type Duration,
  InputError,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { type Meter, type Probe, type Sample, startMeter } from '@groundcrew/monitoring';
import type { Execution, JournalRecord, Plan } from '@groundcrew/runbook';
import { z } from 'zod';
import type { UpgradeMeasurement } from './measurement.ts';
import { stepTimes } from './step-times.ts';
import { upgradeVerdict, type UpgradeVerdict } from './upgrade-verdict.ts';

/** What is asked again and again while an upgrade runs. */
export interface UpgradeProbe {
  /** `list servers`, `ping of web-1`. Two probes have two names. */
  readonly name: string;
  /** `api`: requests of a service. `workload`: what a server of a tenant serves. */
  readonly of: 'api' | 'workload';
  /** The service that answers, or that the workload rests on: `nova`, `neutron`. */
  readonly service: string;
  readonly probe: Probe;
  /** The time from one operation to the next. @default that of the meter */
  readonly interval?: Duration | undefined;
  /** After it an operation counts as failed. @default that of the meter */
  readonly timeout?: Duration | undefined;
}

export interface UpgradeMeterOptions {
  readonly probes: readonly UpgradeProbe[];
  /** The time from one operation of a probe to its next, unless the probe has its own. @default '200ms' */
  readonly interval?: Duration | undefined;
  /** After it an operation counts as failed, unless the probe has its own. @default '5s' */
  readonly timeout?: Duration | undefined;
  /** How many operations may fail while a run is guarded before it is paused. @default 0 */
  readonly budget?: number | undefined;
  /** Told of each operation that fails while a run is guarded. */
  readonly onFailure?: ((failure: MeterFailure) => void) | undefined;
  /** @default the machine's, which no correction of the wall clock moves */
  readonly clock?: Clock | undefined;
  /** Its abort stops the measuring. */
  readonly signal?: AbortSignal | undefined;
}

/** An operation that failed, as it is seen at once. */
export interface MeterFailure {
  readonly name: string;
  readonly service: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly error: string | undefined;
  /** Whether it was one too many, so that the run was paused. */
  readonly paused: boolean;
}

/** Measures what users see of an upgrade, from its making on until it is stopped. */
export interface UpgradeMeter extends AsyncDisposable {
  /** Operations that failed while a run was guarded. */
  readonly failed: number;
  /**
   * Pauses the run as soon as more operations have failed than the budget has: what was begun ends, and nothing is begun. The same call
   * on the same journal goes on, and may be guarded again: what failed before is forgiven.
   */
  guard(execution: Pick<Execution, 'pause'>): void;
  /**
   * Stops the measuring, and judges it. What was measured before the first step began is what is usual: let some minutes pass before the
   * run, or nobody can tell whether it was slower.
   */
  verdict(of: { readonly plan: Plan; readonly records: readonly JournalRecord[] }): Promise<UpgradeVerdict>;
}

const meterOptions = optionsSchema<UpgradeMeterOptions>({
  probes: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        of: z.enum(['api', 'workload']),
        service: z.string().min(1),
        probe: aFunction,
        interval: aPositiveDuration.optional(),
        timeout: aPositiveDuration.optional(),
      }),
    )
    .min(1),
  interval: aPositiveDuration.optional(),
  timeout: aPositiveDuration.optional(),
  budget: z.int().min(0).optional(),
  onFailure: aFunction.optional(),
  clock: aClock.optional(),
  signal: aSignal.optional(),
});

/**
 * Asks every probe, again and again, from now on: through the minutes before an upgrade, through the whole run, also where that was killed
 * and goes on, and until its verdict.
 *
 * @throws InputError naming the field; two probes of one name
 * @example
 * await using meter = upgradeMeter({
 *   probes: [{ name: 'nova answers', of: 'api', service: 'nova', probe: httpProbe('https://nova.example.com/') }],
 *   budget: 3,
 * });
 * const execution = run(plan, { approved, implementations, journal });
 * meter.guard(execution);
 * if ((await execution.outcome).status === 'succeeded')
 *   console.log((await meter.verdict({ plan, records: await journal.read() })).class); // zero-downtime
 */
export function upgradeMeter(options: UpgradeMeterOptions): UpgradeMeter {
  parseArguments('upgradeMeter', meterOptions, options);
  const names = options.probes.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new InputError(`upgradeMeter: probes: two are called ${twice}`, {
      field: 'probes',
      operation: 'upgradeMeter',
    });
  return new RunningMeter(options);
}

class RunningMeter implements UpgradeMeter {
  failed = 0;
  readonly #budget: number;
  readonly #onFailure: UpgradeMeterOptions['onFailure'];
  readonly #meters: readonly { readonly probe: UpgradeProbe; readonly meter: Meter }[];
  #guarded: Pick<Execution, 'pause'> | undefined;

  constructor({
    probes,
    budget = 0,
    onFailure,
    interval = '200ms',
    timeout = '5s',
    ...how
  }: UpgradeMeterOptions) {
    this.#budget = budget;
    this.#onFailure = onFailure;
    this.#meters = probes.map((probe) => ({
      probe,
      meter: startMeter({
        probe: probe.probe,
        interval: probe.interval ?? interval,
        timeout: probe.timeout ?? timeout,
        ...how,
        onSample: (sample) => this.#see(probe, sample),
      }),
    }));
  }

  guard(execution: Pick<Execution, 'pause'>): void {
    this.#guarded = execution;
    this.failed = 0;
  }

  async verdict({
    plan,
    records,
  }: {
    readonly plan: Plan;
    readonly records: readonly JournalRecord[];
  }): Promise<UpgradeVerdict> {
    this.#guarded = undefined;
    const begun = Math.min(...stepTimes(records).map(({ from }) => from));
    const measurements = await Promise.all(
      this.#meters.map(
        async ({ probe: { name, of, service, interval }, meter }): Promise<UpgradeMeasurement> => {
          const samples = await meter.stop();
          return {
            name,
            of,
            service,
            interval,
            // One that was under way when the first step began is not what is usual any more.
            before: samples.filter(({ at, duration }) => at + duration < begun),
            samples: samples.filter(({ at, duration }) => at + duration >= begun),
          };
        },
      ),
    );
    return upgradeVerdict({ plan, records, measurements });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#guarded = undefined;
    await Promise.all(this.#meters.map(({ meter }) => meter.stop()));
  }

  #see({ name, service }: UpgradeProbe, { ok, at, error }: Sample): void {
    const guarded = this.#guarded;
    if (ok || guarded === undefined) return;
    this.failed += 1;
    const paused = this.failed > this.#budget;
    if (paused) {
      this.#guarded = undefined;
      guarded.pause();
    }
    this.#onFailure?.({ name, service, at: new Date(at).toISOString(), error, paused });
  }
}
