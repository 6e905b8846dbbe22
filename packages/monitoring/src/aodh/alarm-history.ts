import { optionsSchema, parseArguments, type ReadOptions, readOptions } from '@groundcrew/ground';
import { type Cloud, gapOf, known, type Known, type Observed, Timestamp } from '@groundcrew/core';
import { z } from 'zod';

export interface AlarmHistoryOptions extends ReadOptions {
  /** The most that are read, newest first. @default 100 */
  readonly limit?: number | undefined;
}

/** What happened to an alarm. */
export interface AlarmChange {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: Known<'creation' | 'rule change' | 'state transition' | 'deletion'>;
  /** The state that it entered, and why; of other changes `undefined`. */
  readonly state: Known<'ok' | 'alarm' | 'insufficient data'> | undefined;
  readonly reason: string | undefined;
  /** The fields of its definition that were set. Not their values: those of actions are secrets. */
  readonly changed: readonly string[];
  readonly userId: string | undefined;
  readonly projectId: string | undefined;
}

const historyOptions = optionsSchema<AlarmHistoryOptions>({
  ...readOptions,
  limit: z.int().min(1).max(10_000).optional(),
});

const Detail = z.looseObject({
  state: z.string().nullish(),
  state_reason: z.string().nullish(),
  transition_reason: z.string().nullish(),
});

/** The details are JSON in a text (`aodh/api/controllers/v2/alarms.py`, `AlarmChange`). */
const Change = z
  .looseObject({
    event_id: z.string(),
    timestamp: Timestamp,
    type: known(['creation', 'rule change', 'state transition', 'deletion']),
    detail: z.string().nullish(),
    user_id: z.string().nullish(),
    project_id: z.string().nullish(),
  })
  .transform(({ event_id, timestamp, type, detail, user_id, project_id }): AlarmChange => {
    const details = detailsIn(detail);
    const isTransition = type === 'state transition';
    return {
      id: event_id,
      at: timestamp,
      kind: type,
      state: isTransition ? (details?.state ?? undefined) : undefined,
      reason: isTransition ? (details?.transition_reason ?? details?.state_reason ?? undefined) : undefined,
      changed: isTransition ? [] : Object.keys(details ?? {}).slice(0, MOST_FIELDS),
      userId: user_id ?? undefined,
      projectId: project_id ?? undefined,
    };
  });

const MOST_FIELDS = 100;

function detailsIn(detail: string | null | undefined): z.output<typeof Detail> | undefined {
  try {
    return Detail.safeParse(JSON.parse(detail ?? '')).data;
  } catch {
    // It is told that it changed, and not what.
    return undefined;
  }
}

/**
 * What happened to an alarm, newest first. Empty without a gap where Aodh keeps no history (`record_history`), and a gap where there is no
 * such alarm.
 *
 * @throws InputError on an option that there is not
 */
export async function alarmHistory(
  cloud: Cloud,
  alarm: string,
  options: AlarmHistoryOptions = {},
): Promise<Observed<readonly AlarmChange[]>> {
  parseArguments('alarmHistory', historyOptions, options);
  parseArguments('alarmHistory', z.strictObject({ alarm: z.string().min(1) }), { alarm });
  const { limit = 100, signal } = options;
  const at = new Date(cloud.clock.now()).toISOString();
  const source = 'Aodh alarm history';
  try {
    const { body } = await cloud.request('alarm', {
      path: `alarms/${encodeURIComponent(alarm)}/history`,
      query: { limit },
      schema: z.array(Change),
      operation: 'alarms.history',
      signal,
    });
    return { value: body.slice(0, limit), at, source, completeness: 'complete', gaps: [] };
  } catch (error) {
    const gap = gapOf(`history of alarm ${alarm}`, error);
    // An alarm that there is not says nothing of the cloud.
    const kind = 'status' in (error as object) && gap.kind === 'unsupported' ? 'failed' : gap.kind;
    const completeness = kind === 'denied' || kind === 'unsupported' ? kind : 'failed';
    return { value: [], at, source, completeness, gaps: [{ ...gap, kind }] };
  }
}
