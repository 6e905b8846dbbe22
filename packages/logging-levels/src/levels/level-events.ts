import type { JournalRecord } from '@groundcrew/runbook';
import { LevelTarget } from './level-target.ts';
import { restoreNotedLevels, setLevels } from './actions.ts';

/** A change of levels, in the form that the trail of `@groundcrew/audit` takes. */
export interface LevelEvent {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly source: string;
  readonly kind: 'groundcrew';
  readonly action: string;
  readonly outcome: 'success' | 'failure';
  readonly who: { readonly user_name?: string };
  readonly target: { readonly type: 'service'; readonly id: string; readonly service?: 'block-storage' };
  readonly request_ids: string[];
  readonly reason?: { readonly code: string; readonly text: string };
  readonly detail: Readonly<Record<string, string>>;
}

/**
 * Makes events for an audit trail from the journal of a run: each time that a level was set or put back, by whom, and whether it
 * succeeded. The same journal gives the same events, so that they may be appended again.
 *
 * @example
 * await trail.append(levelEvents(await journal.read()));
 */
export function levelEvents(records: readonly JournalRecord[]): LevelEvent[] {
  const [first] = records;
  if (first?.event.type !== 'run-started') return [];
  const { run, plan } = first.event;
  let { by } = first.event;
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  const events: LevelEvent[] = [];
  for (const { event, at, sequence } of records) {
    // Who puts back may be another.
    if (event.type === 'run-resumed') by = event.by;
    if (event.type !== 'step-succeeded' && event.type !== 'step-failed') continue;
    const step = steps.get(event.step);
    if (step?.action !== setLevels.name && step?.action !== restoreNotedLevels.name) continue;
    const told = LevelTarget.safeParse((step.input as { readonly target?: unknown }).target);
    if (!told.success) continue;
    const { service, level, kind } = told.data;
    events.push({
      id: `groundcrew:${run}:${event.step}:${sequence}`,
      at,
      source: `groundcrew run ${run}`,
      kind: 'groundcrew',
      action: step.action,
      outcome: event.type === 'step-failed' ? 'failure' : 'success',
      who: by === undefined ? {} : { user_name: by },
      target: {
        type: 'service',
        id: service,
        ...(kind === 'cinder' ? { service: 'block-storage' } : {}),
      },
      request_ids: event.type === 'step-failed' ? [...event.failure.requestIds] : [],
      ...(event.type === 'step-failed'
        ? { reason: { code: event.failure.code, text: event.failure.message } }
        : {}),
      detail: { title: step.title, level, plan: plan.digest, run },
    });
  }
  return events;
}
