import { type Clock, systemClock } from '@groundcrew/core';
import { type Downtime, measureDowntime, type Meter, type Probe, startMeter } from '@groundcrew/monitoring';
import { type Host, type Implementation, implement, type StepContext } from '@groundcrew/runbook';
import type * as z from 'zod';
import { drill, type DrillTiming } from './drill-action.ts';
import { DrillError } from './drill-error.ts';
import { type DrillReport, judge } from './drill-report.ts';
import { faultName } from './fault.ts';
import { type ArmedFault, armFault, undoFault } from './inject.ts';
import { type DrillEvent, type DrillWatch, follow, UNSEEN } from './watch.ts';

/** What is put to the test, as far as it is code. */
export interface DrillTarget {
  /** As the plan calls it: `keystone`. */
  readonly name: string;
  /** One operation as a user makes it, through the address that users have. */
  readonly probe: Probe;
  /** Whose changes of state are told as the timeline. @default nobody's */
  readonly watch?: readonly DrillWatch[] | undefined;
  /** Is every part there and working? Asked before the fault, and after it was undone. @default if the probe says so */
  readonly whole?: ((signal: AbortSignal) => Promise<boolean>) | undefined;
}

export interface DrillHandsOptions {
  readonly target: DrillTarget;
  /** All that the plan's faults name. */
  readonly hosts: readonly Host[];
  /** As root, or as that user, by `sudo -n`. @default as who one is */
  readonly sudo?: boolean | string | undefined;
  /** Milliseconds between two looks of a watch. @default 250 */
  readonly watchEvery?: number | undefined;
  /** By which is measured. @default the machine's, which no correction of the wall clock moves */
  readonly clock?: Clock | undefined;
  /** Called with each report as soon as it is complete. */
  readonly onReport?: ((report: DrillReport) => void) | undefined;
}

type Input = z.output<typeof drill.input>;
type Timing = z.output<typeof DrillTiming>;

const steadyClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) => systemClock.sleep(ms, signal),
};

/** Milliseconds between two looks at whether it has healed. */
const LOOK = 200;
/** Milliseconds that an undoing may take after an abort; the host does it by itself then. */
const UNDO = 60_000;
/** Seconds between two tries to undo on a host that is not reached. */
const UNDO_AGAIN = 5;

/**
 * The hands of `planDrill`. Whatever happens once the fault is armed, it is undone: here, on every way out, also on an
 * abort; by the step's compensation, or the next attempt, if this process dies; by the host itself after the limit.
 */
export function drillHands(options: DrillHandsOptions): Implementation[] {
  const { target, hosts, sudo, watchEvery = 250, clock = steadyClock } = options;
  const hostOf = (name: string): Host => {
    const host = hosts.find((one) => one.name === name);
    if (host === undefined) throw new DrillError('drill.no-host', `no host ${name} was given`);
    return host;
  };
  const isWhole = async (signal: AbortSignal): Promise<boolean> => {
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
          const began = performance.now();
          const armed = await armFault(host, fault, {
            // Only if nobody else does it.
            deadline: deadlineOf(timing),
            signal: context.signal,
            sudo,
          });
          const measured = await withFault(armed, input, { meter, clock, context, host, sudo });
          const whole = await until(() => isWhole(context.signal), timing.limit, context);
          await clock.sleep(Math.max(timing.settle, timeout), context.signal);
          context.progress(`took ${Math.round((performance.now() - began) / 1_000)} s`);
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

      async compensate({ fault }, report, { signal }) {
        // One that has reported has undone it; to start a healthy program again would be a fault of ours.
        if (report !== undefined) return;
        await undoFault(hostOf(fault.host), fault, { signal, sudo });
      },
    }),
  ];
}

interface WithFault {
  readonly meter: Meter;
  readonly clock: Clock;
  readonly context: StepContext;
  readonly host: Host;
  readonly sudo: boolean | string | undefined;
}

/** Makes the fault, waits until it has healed or the limit is over, and undoes it on every way out. */
async function withFault(
  armed: ArmedFault,
  { fault, timing }: Input,
  { meter, clock, context, host, sudo }: WithFault,
): Promise<{ faultAt: number; faultTook: number; undoneAt: number }> {
  let faultAt = 0;
  let faultTook = 0;
  let undoneAt = 0;
  try {
    const before = meter.samples();
    const failed = before.filter(({ ok }) => !ok);
    if (failed.length > 0)
      throw new DrillError(
        'drill.unquiet',
        `${failed.length} of ${before.length} operations failed before the fault was made: ${failed[0]?.error ?? ''}`,
        { remedy: 'Nothing was done. Find out why, then run a new drill.' },
      );
    context.progress(faultName(fault));
    faultAt = clock.now();
    await armed.inject({ signal: context.signal, sudo });
    faultTook = clock.now() - faultAt;
    await healed(meter, faultAt, timing, clock, context.signal);
  } finally {
    // Before, not after: its effect begins while it runs.
    undoneAt = clock.now();
    try {
      await undoSurely(armed, { deadline: deadlineOf(timing), context, sudo });
    } catch (cause) {
      // oxlint-disable-next-line no-unsafe-finally -- that the fault is still there matters more than why it ended
      throw new DrillError(
        'drill.not-undone',
        `${faultName(fault)} could not be undone: ${cause instanceof Error ? cause.message : String(cause)}`,
        {
          remedy: `On ${host.name}: ${armed.undoBy.map((word) => (/^[\w./=:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')}; it does so by itself within ${deadlineOf(timing)} s after the fault.`,
          cause,
        },
      );
    }
    context.progress(`undone: ${faultName(fault)}`);
  }
  return { faultAt, faultTook, undoneAt };
}

/** Seconds after which the host undoes it by itself. */
const deadlineOf = ({ limit, settle }: Timing): number => Math.ceil((limit + settle) / 1_000) + 30;

/**
 * Undoes it, with a limit of its own: an abort of the run must not keep the fault in place. A host that was cut off from
 * us as well is tried again until it has undone the fault by itself.
 */
async function undoSurely(
  armed: ArmedFault,
  { deadline, context, sudo }: Pick<WithFault, 'context' | 'sudo'> & { readonly deadline: number },
): Promise<void> {
  const end = context.clock.now() + (deadline + UNDO_AGAIN) * 1_000;
  for (;;) {
    try {
      await armed.undo({ signal: AbortSignal.timeout(UNDO), sudo });
      return;
    } catch (error) {
      const unreachable = error instanceof Error && 'code' in error && error.code === 'host-unreachable';
      if (!unreachable || context.signal.aborted || context.clock.now() >= end) throw error;
      context.progress('the host cannot be reached; it undoes the fault by itself');
      await context.clock.sleep(UNDO_AGAIN * 1_000, context.signal);
    }
  }
}

/** Until all has gone well for long enough, operations that hang included, or the limit is over. */
async function healed(
  meter: Meter,
  faultAt: number,
  { settle, limit, timeout }: Timing,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (clock.now() < faultAt + limit) {
    await clock.sleep(LOOK, signal);
    const now = clock.now();
    // What began later may still be under way, and fail.
    const seen = measureDowntime(meter.samples(), { faultAt, until: now - timeout });
    if (seen.healed === true && now - (faultAt + (seen.mttr?.ms ?? 0)) >= settle + timeout) return;
  }
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

function reportOf(
  { fault, target, aims }: Input,
  seen: {
    readonly faultAt: number;
    readonly faultTook: number;
    readonly undoneAt: number;
    readonly samples: Parameters<typeof measureDowntime>[0];
    readonly events: readonly DrillEvent[];
    readonly whole: boolean;
  },
): DrillReport {
  const { faultAt, faultTook, undoneAt, samples, events, whole } = seen;
  const before = samples.filter((one) => one.at + one.duration < faultAt);
  const measured = measureDowntime(samples, { faultAt, until: undoneAt });
  const undoing = measureDowntime(samples, { faultAt: undoneAt, baseline: before });
  const eventOf = ({ at, ...event }: DrillEvent) => ({ ...event, after: Math.round(at - faultAt) });
  const timeline = events.filter(({ at }) => at >= faultAt && at < undoneAt).map(eventOf);
  const detected = timeline.find(({ from, to }) => from !== UNSEEN && to !== UNSEEN);
  const facts = {
    downtime: spanOf(measured.downtime, faultTook),
    faultTook,
    undoing: {
      after: undoneAt - faultAt,
      errors: undoing.errors,
      downtime: spanOf(undoing.downtime, 0),
      timeline: events.filter(({ at }) => at >= undoneAt).map(eventOf),
      whole,
    },
    unknown: [...measured.unknown],
    ...(measured.healed === undefined ? {} : { healed: measured.healed }),
    ...(measured.mttr === undefined ? {} : { mttr: spanOf(measured.mttr, faultTook) }),
  };
  return {
    target,
    fault: faultName(fault),
    at: new Date(faultAt).toISOString(),
    ...facts,
    ...judge(facts, aims),
    ...(measured.degradation === undefined ? {} : { degradation: measured.degradation }),
    ...(measured.baseline.mean === undefined ? {} : { usual: measured.baseline.mean }),
    ...(Number.isFinite(measured.resolution) ? { resolution: measured.resolution } : {}),
    operations: measured.operations,
    errors: measured.errors,
    reasons: { ...measured.reasons },
    timeline,
    ...(detected === undefined ? {} : { detected }),
  };
}

/** Infinity, nothing measured, is no JSON. */
const spanOf = ({ ms, atMost }: Downtime['downtime'], more: number): DrillReport['downtime'] =>
  Number.isFinite(atMost) ? { ms, atMost: atMost + more } : { ms };
