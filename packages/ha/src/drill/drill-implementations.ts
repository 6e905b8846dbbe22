import { aHost, aSudo, checkedOptions } from '../option-parts.ts';
import { z } from 'zod';
import { aClock, aFunction, aPositiveDuration, type Duration, optionsSchema } from '@groundcrew/ground';
import { type Clock, systemClock } from '@groundcrew/core';
import { type Probe, type Sample, startMeter } from '@groundcrew/monitoring';
import { type Host, type Implementation, implement, type StepContext } from '@groundcrew/runbook';
import { drill } from './drill-action.ts';
import { DrillError } from './drill-error.ts';
import { reportOf } from './drill-measured.ts';
import type { DrillReport } from './drill-report.ts';
import { armFault, undoFault } from './inject.ts';
import { type DrillEvent, type DrillWatch, follow } from './watch.ts';
import { deadlineOf, type FaultTimes, withFault } from './with-fault.ts';

/** The component that is tested. */
export interface DrillTarget {
  /** Name of the target in the plan: `keystone`. */
  readonly name: string;
  /** Makes one operation as a user does, through the address that users have. */
  readonly probe: Probe;
  /** Sources of state changes for the timeline. @default none */
  readonly watch?: readonly DrillWatch[] | undefined;
  /**
   * Tells whether every part is there and works. It is called before the fault, and after the fault was undone.
   *
   * @default the answer of the probe
   */
  readonly whole?: ((signal: AbortSignal) => Promise<boolean>) | undefined;
}

export interface DrillImplementationsOptions {
  readonly target: DrillTarget;
  /** Every host that the faults of the plan name. */
  readonly hosts: readonly Host[];
  /** `true` runs commands as root, a name as that user, by `sudo -n`. @default as the user of the connection */
  readonly sudo?: boolean | string | undefined;
  /** Time between two readings of a watch. @default '250ms' */
  readonly watchEvery?: Duration | undefined;
  /** The clock that measures. @default a monotonic clock of this machine */
  readonly clock?: Clock | undefined;
  /** Called with each report as soon as it is complete. */
  readonly onReport?: ((report: DrillReport) => void) | undefined;
}

const implementationsOptions = optionsSchema<DrillImplementationsOptions>({
  target: z.looseObject({ name: z.string().min(1), probe: aFunction }),
  hosts: z.array(aHost),
  sudo: aSudo.optional(),
  watchEvery: aPositiveDuration.optional(),
  clock: aClock.optional(),
  onReport: aFunction.optional(),
});

const steadyClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) => systemClock.sleep(ms, signal),
};

/** Milliseconds between two looks at whether it is whole. */
const LOOK = 200;
/** Milliseconds that one may take. */
const PATIENCE = 5_000;
/**
 * Implementations of the actions of `planDrill`. Once the fault is armed, it is undone in any case: by the step itself,
 * also on an abort; by its compensation or the next attempt, if this process dies; and by the host itself after the
 * limit.
 */
export function drillImplementations(options: DrillImplementationsOptions): Implementation[] {
  const { watchEvery = 250 } = checkedOptions('drillImplementations', implementationsOptions, options);
  const { target, hosts, sudo, clock = steadyClock } = options;
  const hostOf = (name: string): Host => {
    const host = hosts.find((candidate) => candidate.name === name);
    if (host === undefined) throw new DrillError('drill.no-host', `no host ${name} was given`);
    return host;
  };
  /** Steps of which it is known that their fault was not made, or is undone. */
  const clean = new Set<string>();
  const isWhole = async (outer: AbortSignal): Promise<boolean> => {
    const signal = AbortSignal.any([outer, AbortSignal.timeout(PATIENCE)]);
    const answer = await target.probe(signal).catch(() => ({ ok: false }));
    if (!answer.ok) return false;
    return (await target.whole?.(signal).catch(() => false)) ?? true;
  };

  return [
    implement(drill, {
      async precondition({ fault }, context) {
        hostOf(fault.host);
        // The fault of an attempt that died may still be there; it is undone first.
        if (context.attempt > 1) return undefined;
        // Another drill may have ended a moment ago.
        const whole = await until(() => isWhole(context.signal), 30_000, context);
        return whole
          ? undefined
          : {
              code: 'drill.not-whole',
              reason: `${target.name} is not whole: a fault on top of another one proves nothing`,
              remedy: 'Repair it first.',
              subject: { kind: 'target', id: target.name },
            };
      },

      async perform(input, context) {
        const { fault, timing } = input;
        const host = hostOf(fault.host);
        if (context.attempt > 1) {
          await undoFault(host, fault, { signal: context.signal, sudo });
          throw new DrillError(
            'drill.cut-off',
            'an earlier attempt died in the middle; its fault is undone',
            {
              remedy: 'Run a new drill.',
            },
          );
        }
        clean.add(keyOf(context));
        const events: DrillEvent[] = [];
        const ending = new AbortController();
        const signal = AbortSignal.any([ending.signal, context.signal]);
        const followed = (target.watch ?? []).map((watch) =>
          follow(watch, { every: watchEvery, clock, signal, onEvent: (event) => events.push(event) }),
        );
        const { interval, timeout } = timing;
        const meter = startMeter({ probe: target.probe, interval, timeout, clock, signal });
        try {
          context.progress(`measuring ${target.name} before the fault`);
          await clock.sleep(timing.baseline, context.signal);
          refuseUnquiet(meter.samples());
          const armed = await armFault(host, fault, {
            // Only if nobody else does it.
            deadline: deadlineOf(timing),
            signal: context.signal,
            sudo,
          });
          let measured: FaultTimes;
          try {
            measured = await withFault(armed, input, { meter, clock, context, host, sudo });
          } catch (error) {
            if (error instanceof DrillError && error.code === 'drill.not-undone')
              clean.delete(keyOf(context));
            throw error;
          }
          const whole = await until(() => isWhole(context.signal), timing.limit, context);
          await clock.sleep(Math.max(timing.settle, timeout), context.signal);
          const samples = await meter.stop();
          const report = reportOf(input, { ...measured, samples, events, whole });
          options.onReport?.(report);
          return report;
        } finally {
          ending.abort();
          await meter.stop();
          await Promise.all(followed);
        }
      },

      async compensate({ fault }, report, context) {
        // To start a healthy program again would be a fault of ours.
        if (report !== undefined || clean.has(keyOf(context))) return;
        await undoFault(hostOf(fault.host), fault, { signal: context.signal, sudo });
      },
    }),
  ];
}

const keyOf = ({ run, step }: StepContext): string => `${run}/${step}`;

function refuseUnquiet(before: readonly Sample[]): void {
  const failed = before.filter(({ ok }) => !ok);
  if (failed.length > 0)
    throw new DrillError(
      'drill.unquiet',
      `${failed.length} of ${before.length} operations failed before the fault was made: ${failed[0]?.error ?? ''}`,
      { remedy: 'Nothing was done. Find out why, then run a new drill.' },
    );
}

async function until(
  holds: () => Promise<boolean>,
  limit: number,
  { clock, signal }: Pick<StepContext, 'clock' | 'signal'>,
): Promise<boolean> {
  const end = clock.now() + limit;
  for (;;) {
    if (await holds()) return true;
    signal.throwIfAborted();
    if (clock.now() >= end) return false;
    await clock.sleep(LOOK, signal);
  }
}
