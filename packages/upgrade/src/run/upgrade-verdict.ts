import {
  aPositiveDuration,
  anObjectWith,
  type Duration,
  milliseconds,
  parseArguments,
} from '@groundcrew/ground';
import type { JournalRecord, Plan } from '@groundcrew/runbook';
import { z } from 'zod';
import type { MeasuredRequest, UpgradeMeasurement } from './measurement.ts';
import { figuresOf, type ProbeFigures } from './probe-figures.ts';
import { areSlower } from './slower-than.ts';
import { type StepTime, stepsAt, stepTimes } from './step-times.ts';
import { holesIn } from './unmeasured.ts';
import { type UnseenStep, unseenSteps, unseenText } from './unseen-steps.ts';

/**
 * What an upgrade did to users, by the definitions of the tags that OpenStack's governance had until 2020 (`assert:supports-…-upgrade`):
 *
 * - `accessible`: what the services control goes on: servers run, networks pass.
 * - `rolling`: and no service was taken down as a whole; requests failed.
 * - `zero-downtime`: and no request failed that would not have failed anyway; some may have been slower.
 * - `zero-impact`: and they were not slower, as far as statistics can tell.
 *
 * `none`: not even accessible. `unknown`: what was not measured keeps it from being known.
 */
export type UpgradeClass = 'none' | 'accessible' | 'rolling' | 'zero-downtime' | 'zero-impact';

/** What is judged. */
export interface UpgradeVerdictInput {
  readonly plan: Plan;
  /** The journal's, as `read` gives them. */
  readonly records: readonly JournalRecord[];
  readonly measurements: readonly UpgradeMeasurement[];
  /** The longest time without a sample that counts as measured. @default '5s' */
  readonly longestGap?: Duration | undefined;
}

/** A request that failed, and what was being done then. */
export interface FailedRequest {
  readonly name: string;
  readonly service: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly error: string | undefined;
  /** Steps that were at work meanwhile; none between two. */
  readonly steps: readonly string[];
}

export interface UpgradeVerdict {
  readonly class: UpgradeClass | 'unknown';
  /** The best that it can be, by what was measured. */
  readonly atMost: UpgradeClass;
  readonly because: readonly string[];
  readonly requests: number;
  readonly failed: readonly FailedRequest[];
  /** Steps of which nobody knows what came of them: with one of them the class is `unknown`. */
  readonly unseen: readonly UnseenStep[];
  /** In the order in which they were given. */
  readonly probes: readonly ProbeFigures[];
}

const aSample = z.looseObject({ at: z.number(), duration: z.number(), ok: z.boolean() });
const input = z.strictObject({
  plan: anObjectWith<Plan>('a plan', 'steps', 'inputs'),
  records: z.array(anObjectWith<JournalRecord>('a record of a journal', 'at', 'event')),
  measurements: z.array(
    z.strictObject({
      name: z.string().min(1),
      of: z.enum(['api', 'workload']),
      service: z.string().min(1),
      interval: aPositiveDuration.optional(),
      samples: z.array(aSample),
      before: z.array(aSample).optional(),
    }),
  ),
  longestGap: aPositiveDuration.optional(),
});

const outagesIn = z.object({ outage: z.array(z.string()) });

/**
 * Judges what an upgrade did to its users: from the journal of the run and from what meters measured through it. Each failed request is
 * told with the steps that were at work. Pure.
 *
 * What was not measured is not taken for good: without a probe of each service's API, without one of a workload, with a hole in the
 * samples, or with a step of which nobody could see what came of it, the class is `unknown`, and `atMost` says what the failures leave possible.
 *
 * @throws InputError naming the field
 * @example
 * const meter = startMeter({ probe: httpProbe('https://nova.example.com/') });
 * // … the run …
 * const nova = { name: 'nova answers', of: 'api', service: 'nova', samples: await meter.stop() } as const;
 * const { class: reached, because, failed } = upgradeVerdict({ plan, records: await journal.read(), measurements: [nova, ping] });
 */
export function upgradeVerdict(given: UpgradeVerdictInput): UpgradeVerdict {
  parseArguments('upgradeVerdict', input, given);
  const { plan, records, measurements, longestGap = '5s' } = given;
  const times = stepTimes(records);
  const failures = measurements.map((measurement) => failuresOf(measurement, times));
  const failed = failures.flat();
  const { atMost, because } = bestOf(plan, measurements, failures);
  const unseen = unseenSteps(records);
  const holes = [
    ...holesIn(plan, { measurements, times, gapMs: milliseconds(longestGap) }),
    ...unseenText(unseen),
  ];
  return {
    class: holes.length === 0 || atMost === 'none' ? atMost : 'unknown',
    atMost,
    because: [...because, ...holes],
    requests: measurements.reduce((sum, { samples }) => sum + samples.length, 0),
    failed: failed.toSorted((a, b) => a.at.localeCompare(b.at)),
    unseen,
    probes: measurements.map(figuresOf),
  };
}

const failuresOf = (
  { name, service, samples }: UpgradeMeasurement,
  times: readonly StepTime[],
): FailedRequest[] =>
  samples
    .filter(({ ok }) => !ok)
    .map(({ at, duration, error }) => ({
      name,
      service,
      at: new Date(at).toISOString(),
      error,
      steps: stepsAt(times, { from: at, to: at + duration }),
    }));

/** The best class that the samples allow. */
function bestOf(
  { inputs }: Plan,
  measurements: readonly UpgradeMeasurement[],
  failures: readonly (readonly FailedRequest[])[],
): Pick<UpgradeVerdict, 'atMost' | 'because'> {
  const broken = measurements.filter(({ of }, at) => of === 'workload' && (failures[at] ?? []).length > 0);
  if (broken.length > 0) return { atMost: 'none', because: [`workloads failed: ${namesOf(broken)}`] };
  const outages = outagesIn.safeParse(inputs).data?.outage ?? [];
  const api = measurements.filter((_, at) => (failures[at] ?? []).length > 0);
  if (api.length > 0) {
    const count = failures.flat().length;
    const because = [`${count} request(s) failed: ${namesOf(api)}`];
    return api.some(({ service }) => outages.includes(service))
      ? { atMost: 'accessible', because: [...because, `planned outages: ${outages.join(', ')}`] }
      : { atMost: 'rolling', because };
  }
  if (outages.length > 0)
    return { atMost: 'accessible', because: [`services were taken down: ${outages.join(', ')}`] };
  const compared = measurements.map(({ samples, before = [] }) =>
    areSlower(durationsOf(samples), durationsOf(before)),
  );
  const slower = measurements.filter((_, at) => compared[at] === true);
  if (slower.length > 0)
    return { atMost: 'zero-downtime', because: [`slower than before: ${namesOf(slower)}`] };
  const notCompared = measurements.filter((_, at) => compared[at] === undefined);
  if (notCompared.length > 0)
    return { atMost: 'zero-downtime', because: [`not compared with before: ${namesOf(notCompared)}`] };
  return { atMost: 'zero-impact', because: ['no request failed, and none of the probes was slower'] };
}

const durationsOf = (samples: readonly MeasuredRequest[]): number[] =>
  samples.map(({ duration }) => duration);

const namesOf = (measurements: readonly UpgradeMeasurement[]): string =>
  measurements.map(({ name }) => name).join(', ');
