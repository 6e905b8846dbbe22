import type { Cloud, Observed } from '@groundcrew/core';
import {
  aPositiveDuration,
  aSignal,
  type Duration,
  type Finding,
  InputError,
  messageOf,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { z } from 'zod';
import { assess } from '../assess.ts';
import { type DetectedRelease, detectRelease } from '../detect.ts';
import { observe, type ReleaseSnapshot } from '../observe.ts';

/** A cloud of a fleet, or a region of one. */
export interface FleetMember {
  /** By which it is told: `prod-fra`, `prod-fra/RegionTwo`. Each once. */
  readonly name: string;
  /** Opens a client of it, which the survey closes. Called once its turn has come. */
  readonly connect: () => Cloud;
}

export interface SurveyFleetOptions {
  /** How many clouds are asked at a time. @default 8 */
  readonly concurrency?: number | undefined;
  /** Until a cloud is given up. @default '1m' */
  readonly timeout?: Duration | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since 1970: support ends by date. @default the machine's clock */
  readonly now?: number | undefined;
  /** Called as each cloud was asked, in whatever order. */
  readonly onSurveyed?: ((cloud: FleetCloud) => void) | undefined;
}

/** What is known of one cloud. */
export interface FleetCloud {
  readonly name: string;
  readonly observed: Observed<ReleaseSnapshot>;
  readonly release: DetectedRelease;
  /** As `assess` makes them. */
  readonly findings: readonly Finding[];
}

/** The clouds in the order in which they were given. */
export interface Fleet {
  readonly clouds: readonly FleetCloud[];
  /** ISO date of the survey, by which support is judged. */
  readonly day: string;
}

const surveyOptions = optionsSchema<SurveyFleetOptions>({
  concurrency: z.int().min(1).max(256).optional(),
  timeout: aPositiveDuration.optional(),
  signal: aSignal.optional(),
  now: z.number().optional(),
  onSurveyed: z.custom<SurveyFleetOptions['onSurveyed']>((value) => typeof value === 'function').optional(),
});

/**
 * Asks many clouds which release they run. One that cannot be reached, refuses or hangs costs none of the others: it is told with
 * its gap, and nothing passes of it.
 *
 * @throws InputError for an option that is not known, and for a name that is there twice; the signal's reason
 * @example
 * const fleet = await surveyFleet(
 *   ['prod-fra', 'prod-ams'].map((name) => ({ name, connect: () => connect({ cloud: name }) })),
 * );
 * console.log(fleetText(fleet));
 */
export async function surveyFleet(
  members: Iterable<FleetMember>,
  options: SurveyFleetOptions = {},
): Promise<Fleet> {
  parseArguments('surveyFleet', surveyOptions, options);
  const { concurrency = 8, timeout = '1m', signal, now = Date.now(), onSurveyed } = options;
  const all = named(members);
  const clouds: FleetCloud[] = [];
  const waiting = all.entries();
  const worker = async (): Promise<void> => {
    for (const [at, member] of waiting) {
      signal?.throwIfAborted();
      const observed = await observedOf(member, milliseconds(timeout), signal);
      const cloud = {
        name: member.name,
        observed,
        release: detectRelease(observed.value.services),
        findings: assess(observed, { now }),
      };
      clouds[at] = cloud;
      onSurveyed?.(cloud);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, all.length) }, worker));
  return { clouds, day: new Date(now).toISOString().slice(0, 10) };
}

function named(members: Iterable<FleetMember>): FleetMember[] {
  const all = [...members];
  const seen = new Set<string>();
  for (const [at, { name }] of all.entries()) {
    if (seen.has(name))
      throw new InputError(`surveyFleet: members.${at}.name: ${JSON.stringify(name)} is there twice`, {
        field: `members.${at}.name`,
        operation: 'upgrade.surveyFleet',
      });
    seen.add(name);
  }
  return all;
}

/** What was seen of a cloud; nothing, with the reason, if it could not be asked. */
async function observedOf(
  { name, connect }: FleetMember,
  timeout: number,
  outer: AbortSignal | undefined,
): Promise<Observed<ReleaseSnapshot>> {
  const late = AbortSignal.timeout(timeout);
  const signal = outer === undefined ? late : AbortSignal.any([outer, late]);
  try {
    await using cloud = connect();
    return await observe(cloud, { signal });
  } catch (error) {
    outer?.throwIfAborted();
    const why = late.aborted ? `no answer within ${timeout / 1_000} s` : messageOf(error);
    return {
      value: { services: [] },
      at: new Date().toISOString(),
      source: 'version documents',
      completeness: 'failed',
      gaps: [{ what: `cloud ${name}`, kind: 'failed', why, remedy: 'Connect to it alone.', requestIds: [] }],
    };
  }
}
