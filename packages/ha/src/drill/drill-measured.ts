import { type Downtime, measureDowntime } from '@groundcrew/monitoring';
import type * as z from 'zod';
import type { drill } from './drill-action.ts';
import { type DrillReport, judge } from './drill-report.ts';
import { faultName } from './fault.ts';
import { type DrillEvent, UNSEEN } from './watch.ts';

/** Makes the report of a measurement. Pure. */
export function reportOf(
  { fault, target, aims, timing: { slowerBy } }: z.output<typeof drill.input>,
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
  const before = samples.filter((sample) => sample.at + sample.duration < faultAt);
  const measured = measureDowntime(samples, { faultAt, until: undoneAt, slowerBy });
  const undoing = measureDowntime(samples, { faultAt: undoneAt, baseline: before, slowerBy });
  const eventOf = ({ at, ...event }: DrillEvent) => ({ ...event, afterMs: Math.round(at - faultAt) });
  const timeline = events.filter(({ at }) => at >= faultAt && at < undoneAt).map(eventOf);
  const detected = timeline.find(({ from, to }) => from !== UNSEEN && to !== UNSEEN);
  const facts = {
    downtime: spanOf(measured.downtime, faultTook),
    faultTookMs: faultTook,
    undoing: {
      afterMs: undoneAt - faultAt,
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
    ...(measured.degradation === undefined
      ? {}
      : {
          degradation: {
            absoluteMs: measured.degradation.absolute,
            relative: measured.degradation.relative,
          },
        }),
    ...(measured.baseline.mean === undefined ? {} : { usualMs: measured.baseline.mean }),
    ...(Number.isFinite(measured.resolution) ? { resolutionMs: measured.resolution } : {}),
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
