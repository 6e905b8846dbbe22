import { aDuration, type Duration, InputError, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { haPolicy, type HaPolicy, type HaPolicyOptions } from '../instances/policy.ts';

/** The times that the phases take, in milliseconds: measure them on your cloud (`prove`, a recovery's post-mortem). */
export interface SimulationTimes {
  /** Time from the failure to the decision. @default 75_000 (`service_down_time` of Nova, and three observations) */
  readonly detect: number;
  /** Time to the proof of off, for all hosts that are fenced together. @default 10_000 */
  readonly fence: number;
  /** Time to evacuate one server. @default 30_000 */
  readonly evacuate: number;
}

export interface SimulateLossOptions {
  readonly policy?: HaPolicyOptions | undefined;
  readonly times?: Readonly<Partial<Record<keyof SimulationTimes, Duration>>> | undefined;
  /**
   * Says whether a server stays in its zone where Nova does not tell, which it does from 2.96: `bind` assumes that its owner
   * asked for the zone, `free` that nobody did. @default 'bind'
   */
  readonly zones?: 'bind' | 'free' | undefined;
}

export const defaultTimes: SimulationTimes = { detect: 75_000, fence: 10_000, evacuate: 30_000 };

const time = aDuration.optional();
const Times = z.strictObject({ detect: time, fence: time, evacuate: time });
const Parts = z.strictObject({ times: Times, zones: z.enum(['bind', 'free']) });

/** The input of a simulation, checked once for any number of losses. */
export interface Checked {
  readonly policy: HaPolicy;
  readonly times: SimulationTimes;
  readonly zones: 'bind' | 'free';
}

/**
 * @param operation for the error
 * @param further options of the caller's own
 * @throws InputError that names the field
 */
export function checkedOptions(
  options: SimulateLossOptions,
  operation: string,
  further: readonly string[] = [],
): Checked {
  const { policy, times = {}, zones = 'bind', ...rest } = options;
  const [unknown] = Object.keys(rest).filter((key) => !further.includes(key));
  if (unknown !== undefined) throw refuse(operation, unknown, 'there is no such option');
  const parsed = parseArguments(operation, Parts, { times, zones });
  return {
    policy: haPolicy(policy),
    times: { ...defaultTimes, ...definedOf(parsed.times) },
    zones: parsed.zones,
  };
}

const definedOf = (times: z.infer<typeof Times>): Partial<SimulationTimes> =>
  Object.fromEntries(Object.entries(times).filter(([, value]) => value !== undefined));

const refuse = (operation: string, field: string, message: string): InputError =>
  new InputError(`${operation}: ${field}: ${message}`, { field, operation });
