import { known, type Known, Timestamp } from '@groundcrew/core';
import { z } from 'zod';
import { type AlarmAction, actionOf } from './alarm-action.ts';
import { type AlarmRule, ruleOf } from './alarm-rule.ts';

/** An alarm of Aodh. */
export interface Alarm {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly type: string;
  readonly rule: AlarmRule;
  /** Whether anybody evaluates it. The state of one that is not enabled is that of the time when it was. */
  readonly isEnabled: boolean;
  /** `insufficient data` is where every alarm begins, and where it is as long as nothing is known: it is never `ok`. */
  readonly state: Known<'ok' | 'alarm' | 'insufficient data'>;
  /** When it entered the state, and why; ISO 8601, UTC. */
  readonly since: string | undefined;
  readonly reason: string | undefined;
  readonly severity: Known<'low' | 'moderate' | 'critical'>;
  readonly projectId: string | undefined;
  readonly userId: string | undefined;
  /** When its definition was last changed; ISO 8601, UTC. */
  readonly changedAt: string | undefined;
  /**
   * When it was last evaluated. Aodh writes that only where its evaluators have no coordinator between them
   * (`aodh/evaluator/__init__.py`, `_evaluate_alarm`), and not of alarms on events: an old time alone does not say that nobody does.
   */
  readonly evaluatedAt: string | undefined;
  /** Outside of these times it is not evaluated; none is always. */
  readonly timeConstraints: readonly {
    readonly name: string;
    /** In cron's format. */
    readonly start: string;
    readonly durationMs: number;
    readonly timezone: string | undefined;
  }[];
  readonly actions: {
    readonly ok: readonly AlarmAction[];
    readonly alarm: readonly AlarmAction[];
    readonly insufficientData: readonly AlarmAction[];
  };
}

const Actions = z.array(z.string().transform(actionOf)).nullish();

/** @see https://docs.openstack.org/aodh/latest/contributor/webapi/v2.html */
export const AlarmSchema = z
  .looseObject({
    alarm_id: z.string(),
    name: z.string(),
    description: z.string().nullish(),
    type: z.string(),
    enabled: z.boolean(),
    state: known(['ok', 'alarm', 'insufficient data']),
    state_timestamp: Timestamp.nullish(),
    state_reason: z.string().nullish(),
    severity: known(['low', 'moderate', 'critical']),
    project_id: z.string().nullish(),
    user_id: z.string().nullish(),
    timestamp: Timestamp.nullish(),
    evaluate_timestamp: Timestamp.nullish(),
    time_constraints: z
      .array(
        z.looseObject({
          name: z.string(),
          start: z.string(),
          duration: z.number(),
          timezone: z.string().nullish(),
        }),
      )
      .nullish(),
    ok_actions: Actions,
    alarm_actions: Actions,
    insufficient_data_actions: Actions,
  })
  .transform((alarm): Alarm => ({
    id: alarm.alarm_id,
    name: alarm.name,
    description: alarm.description ?? undefined,
    type: alarm.type,
    rule: ruleOf(alarm.type, alarm[`${alarm.type}_rule`]),
    isEnabled: alarm.enabled,
    state: alarm.state,
    since: alarm.state_timestamp ?? undefined,
    reason: alarm.state_reason ?? undefined,
    severity: alarm.severity,
    projectId: alarm.project_id ?? undefined,
    userId: alarm.user_id ?? undefined,
    changedAt: alarm.timestamp ?? undefined,
    evaluatedAt: alarm.evaluate_timestamp ?? undefined,
    timeConstraints: (alarm.time_constraints ?? []).map(({ name, start, duration, timezone }) => ({
      name,
      start,
      durationMs: duration * 1000,
      timezone: timezone ?? undefined,
    })),
    actions: {
      ok: alarm.ok_actions ?? [],
      alarm: alarm.alarm_actions ?? [],
      insufficientData: alarm.insufficient_data_actions ?? [],
    },
  }));
