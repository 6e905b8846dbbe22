import { milliseconds } from '@groundcrew/ground';
import { waitsFor } from './plan-graph.ts';
import type { Plan, Step } from './plan.ts';
import { limitOf } from '../running/schedule.ts';

/** The time that a plan takes, if every step takes its estimate and every gate opens at once. */
export interface PlanEstimate {
  /** Milliseconds from the start to the last end, with as many steps at a time as the plan allows. */
  readonly durationMs: number;
  /** Milliseconds in which somebody is not served: the sum of the steps', though they may fall together. */
  readonly downtimeMs: number;
  /** Steps without an estimate: they count as nothing, so the plan takes longer than it says. */
  readonly unestimated: readonly string[];
}

/** The length of a plan: its critical path under its concurrency, scheduled as `run` schedules. */
export function estimateOf(plan: Plan): PlanEstimate {
  const { steps, concurrency } = plan;
  const running: { step: Step; until: number }[] = [];
  const waiting = new Set(steps);
  const ended = new Set<string>();
  const inGroup = new Map<string, number>();
  let now = 0;
  while (waiting.size > 0 || running.length > 0) {
    for (const step of waiting) {
      if (running.length >= concurrency.total) break;
      const { group } = step;
      const full = group !== undefined && (inGroup.get(group) ?? 0) >= limitOf(concurrency.groups, group);
      if (full || !waitsFor(step).every((id) => ended.has(id))) continue;
      waiting.delete(step);
      if (group !== undefined) inGroup.set(group, (inGroup.get(group) ?? 0) + 1);
      running.push({ step, until: now + milliseconds(step.estimate?.duration ?? 0) });
    }
    now = Math.min(...running.map(({ until }) => until));
    for (const { step } of running.filter(({ until }) => until === now)) {
      ended.add(step.id);
      if (step.group !== undefined) inGroup.set(step.group, (inGroup.get(step.group) ?? 0) - 1);
    }
    running.splice(0, running.length, ...running.filter(({ until }) => until > now));
  }
  return {
    durationMs: now,
    downtimeMs: steps.reduce((sum, { estimate }) => sum + milliseconds(estimate?.downtime ?? 0), 0),
    unestimated: steps.filter(({ estimate }) => estimate === undefined).map(({ id }) => id),
  };
}
