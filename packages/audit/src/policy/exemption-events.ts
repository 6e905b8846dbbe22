import { type Actor, type AuditEvent, auditEvent } from '../trail/event.ts';
import type { Exemption } from './exemption.ts';

export interface ExemptionChange {
  readonly before: readonly Exemption[];
  readonly after: readonly Exemption[];
  /** The person or program that changed the list. */
  readonly who: Actor;
  /** The time of the change; ISO 8601, UTC. */
  readonly at: string;
  /** The place where the list is kept. @default 'exemptions' */
  readonly source?: string | undefined;
}

/**
 * Makes events for the trail from changes of exemptions: granted (`create`), changed (`update`), ended (`delete`).
 *
 * @throws InputError that names the field, if `at` or `who` is not as events want it
 * @example
 * await trail.append(exemptionEvents({ before, after, who: { user_name: 'ada' }, at: new Date().toISOString() }));
 */
export function exemptionEvents(change: ExemptionChange): readonly AuditEvent[] {
  const before = new Map(change.before.map((exemption) => [exemption.id, exemption]));
  const after = new Map(change.after.map((exemption) => [exemption.id, exemption]));
  const granted = change.after.filter(({ id }) => !before.has(id));
  const ended = change.before.filter(({ id }) => !after.has(id));
  const changed = change.after.flatMap((exemption) => {
    const was = before.get(exemption.id);
    return was !== undefined && JSON.stringify(facts(was)) !== JSON.stringify(facts(exemption))
      ? [{ was, exemption }]
      : [];
  });
  return [
    ...granted.map((exemption) => event(change, 'create', exemption, {})),
    ...changed.map(({ was, exemption }) => event(change, 'update', exemption, { before: facts(was) })),
    ...ended.map((exemption) => event(change, 'delete', exemption, {})),
  ];
}

const event = (
  { who, at, source = 'exemptions' }: ExemptionChange,
  action: 'create' | 'update' | 'delete',
  exemption: Exemption,
  more: NonNullable<AuditEvent['detail']>,
): AuditEvent =>
  auditEvent({
    id: `exemption:${exemption.id}:${action}:${at}`,
    at,
    source,
    kind: 'groundcrew',
    action,
    outcome: 'success',
    who,
    target: {
      type: 'exemption',
      id: exemption.id,
      ...(exemption.subject.project === undefined ? {} : { project_id: exemption.subject.project }),
    },
    request_ids: [],
    detail: { ...facts(exemption), ...more },
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
