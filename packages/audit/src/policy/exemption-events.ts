import { type Actor, type AuditEvent, auditEvent } from '../trail/event.ts';
import type { Exemption } from './exemption.ts';

export interface ExemptionChange {
  readonly before: readonly Exemption[];
  readonly after: readonly Exemption[];
  /** Who changed the list. */
  readonly who: Actor;
  /** When; ISO 8601, UTC. */
  readonly at: string;
  /** Where the list is kept. @default 'exemptions' */
  readonly source?: string | undefined;
}

/**
 * What was done to exemptions, as events for the trail: granted (`create`), changed (`update`), ended (`delete`).
 *
 * @throws InputError that names the field, if `at` or `who` is not as events want it
 * @example
 * await trail.append(exemptionEvents({ before, after, who: { user_name: 'ada' }, at: new Date().toISOString() }));
 */
export function exemptionEvents(change: ExemptionChange): readonly AuditEvent[] {
  const before = new Map(change.before.map((one) => [one.id, one]));
  const after = new Map(change.after.map((one) => [one.id, one]));
  const granted = change.after.filter(({ id }) => !before.has(id));
  const ended = change.before.filter(({ id }) => !after.has(id));
  const changed = change.after.flatMap((one) => {
    const was = before.get(one.id);
    return was !== undefined && JSON.stringify(facts(was)) !== JSON.stringify(facts(one))
      ? [{ was, one }]
      : [];
  });
  return [
    ...granted.map((one) => event(change, 'create', one, {})),
    ...changed.map(({ was, one }) => event(change, 'update', one, { before: facts(was) })),
    ...ended.map((one) => event(change, 'delete', one, {})),
  ];
}

const event = (
  { who, at, source = 'exemptions' }: ExemptionChange,
  action: 'create' | 'update' | 'delete',
  one: Exemption,
  more: NonNullable<AuditEvent['detail']>,
): AuditEvent =>
  auditEvent({
    id: `exemption:${one.id}:${action}:${at}`,
    at,
    source,
    kind: 'groundcrew',
    action,
    outcome: 'success',
    who,
    target: {
      type: 'exemption',
      id: one.id,
      ...(one.subject.project === undefined ? {} : { project_id: one.subject.project }),
    },
    request_ids: [],
    detail: { ...facts(one), ...more },
  });

/** In one order, whatever order the file has. */
const facts = ({ policy, subject, owner, reason, expires }: Exemption) => ({
  policy,
  subject: Object.fromEntries(
    Object.entries(subject)
      .filter((entry): entry is [string, string] => entry[1] !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ),
  owner,
  reason,
  expires,
});
