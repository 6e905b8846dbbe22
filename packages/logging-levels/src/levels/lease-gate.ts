import {
  aClock,
  anObjectWith,
  type Clock,
  optionsSchema,
  parseArguments,
  systemClock,
} from '@groundcrew/ground';
import { type Gate, type Journal, readOutput, replay } from '@groundcrew/runbook';
import { LEASE_GATE, rememberLevels, STEPS } from './actions.ts';

export interface LeaseGateOptions {
  /** The journal of the run. */
  readonly journal: Journal;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
}

const gateOptions = optionsSchema<LeaseGateOptions>({
  journal: anObjectWith<Journal>('a Journal', 'read'),
  clock: aClock.optional(),
});

/**
 * Opens the gate of a plan of levels when the lease is over, so that the run itself puts the levels back: for a caller that stays.
 * A level that could not be set opens it at once. Without it the run pauses once the level is set.
 *
 * @throws InputError
 * @example
 * run(plan, { approved, implementations, journal, gate: untilLeaseEnds({ journal }) });
 */
export function untilLeaseEnds(
  options: LeaseGateOptions,
): (gate: Gate, signal: AbortSignal) => Promise<'open' | 'wait'> {
  parseArguments('untilLeaseEnds', gateOptions, options);
  const { journal, clock = systemClock } = options;
  return async ({ id }, signal) => {
    if (id !== LEASE_GATE) return 'wait';
    const state = replay(await journal.read());
    const noted = state?.steps.get(STEPS.remember);
    if (noted?.acted !== true) return 'wait';
    if (state?.steps.get(STEPS.set)?.state !== 'succeeded') return 'open';
    const left = Date.parse(readOutput(rememberLevels, noted.output).until) - clock.now();
    if (left > 0) await clock.sleep(left, signal);
    return 'open';
  };
}
