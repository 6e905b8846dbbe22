import type { JournalRecord } from '@groundcrew/runbook';
import type { AuditEvent } from '../trail/event.ts';

/** On what an action acts, by the field of its input that names it. */
const targets: Readonly<Record<string, readonly [field: string, type: string, service: string]>> = {
  'audit.edit-rules': ['group', 'security_group', 'network'],
  'audit.server-state': ['server', 'server', 'compute'],
  'audit.move-server': ['server', 'server', 'compute'],
  'audit.set-tag': ['server', 'server', 'compute'],
  'audit.set-port': ['port', 'port', 'network'],
  'audit.set-visibility': ['image', 'image', 'image'],
  'audit.set-enabled': ['id', 'account', 'identity'],
  'audit.notify': ['channel', 'channel', 'notification'],
};

/**
 * Makes events for the trail from a run: who approved, what was done to what, and the outcome. The same journal gives
 * the same events, so that they may be appended again.
 */
export function responseEvents(records: readonly JournalRecord[]): AuditEvent[] {
  const [first] = records;
  if (first?.event.type !== 'run-started') return [];
  const { run, plan, by } = first.event;
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  return records.flatMap(({ event, at }): AuditEvent[] => {
    if (event.type !== 'step-succeeded' && event.type !== 'step-failed' && event.type !== 'step-compensated')
      return [];
    const step = steps.get(event.step);
    if (step === undefined) return [];
    const [field = '', type = 'unknown', service] = targets[step.action] ?? [];
    const input = step.input as Readonly<Record<string, unknown>>;
    const id = input[field];
    return [
      {
        id: `groundcrew:${run}:${event.step}:${event.type}`,
        at,
        source: `groundcrew run ${run}`,
        kind: 'groundcrew',
        action: `${event.type === 'step-compensated' ? 'undo ' : ''}${step.action}`,
        outcome: event.type === 'step-failed' ? 'failure' : 'success',
        who: by === undefined ? {} : { user_name: by },
        target: {
          type,
          ...(typeof id === 'string' ? { id } : {}),
          ...(service === undefined ? {} : { service }),
        },
        request_ids: event.type === 'step-failed' ? [...event.failure.requestIds] : [],
        ...(event.type === 'step-failed'
          ? { reason: { code: event.failure.code, text: event.failure.message } }
          : {}),
        detail: { title: step.title, plan: plan.digest, run },
      },
    ];
  });
}
