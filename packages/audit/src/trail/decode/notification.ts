import { maskText } from '@groundcrew/ground';
import { type Loose, type OsloNotification, textIn, unversioned } from '@groundcrew/monitoring/events';
import type { AuditEvent } from '../event.ts';
import { eventTypeOf } from './event-type.ts';
import { kept, present } from './loose.ts';
import { serviceOf } from './names.ts';
import { faultIn, subjectOf } from './subject.ts';

/**
 * A notification of a service's own. Who did it is the request's user, from its context; the user and project in the
 * payload are the thing's owner, and no answer to who.
 */
export function fromNotification(message: OsloNotification, source: string): AuditEvent | undefined {
  const { id, at, payload, eventType, isError, context } = message;
  if (at === undefined) return undefined;
  const versioned = unversioned(payload);
  const body = versioned?.body ?? payload;
  const { type: told, action, outcome } = eventTypeOf(eventType, isError);
  const { type, ids, body: thing } = subjectOf(body, told);
  const fault = outcome === 'failure' ? faultIn(body) : undefined;
  const initiator = textIn(body['action_initiator_user']);
  return {
    id,
    at,
    source,
    kind: versioned === undefined ? 'notification' : `${versioned.namespace}.versioned`,
    action,
    outcome,
    who: present({
      user_id: context.user_id ?? initiator,
      user_name: context.user_name,
      project_id: context.project_id ?? textIn(body['action_initiator_project']),
      project_name: context.project_name,
      domain_id: context.domain_id,
      address: context.address,
    }),
    target: present({
      type,
      id: ids.length === 1 ? ids[0] : undefined,
      name: textIn(thing['name']) ?? textIn(thing['display_name']),
      project_id: textIn(thing['project_id']) ?? textIn(thing['tenant_id']) ?? textIn(thing['owner']),
      service: serviceOf(textIn(message.publisher.split(/[.:-]/)[0])),
      ids: ids.length > 1 ? [...ids] : undefined,
    }),
    request_ids: [...new Set([...context.request_ids, ...[textIn(body['request_id'])].filter(isText)])],
    ...(fault === undefined
      ? {}
      : { reason: present({ code: fault.code, text: maskText(fault.text).slice(0, 2_000) }) }),
    detail: detailOf(thing, body, eventType, outcome),
  };
}

const isText = (value: string | undefined): value is string => value !== undefined;

/** The detail of an event: the body of the thing; for failures and unknown families also the fields beside it. */
function detailOf(
  thing: Loose,
  body: Loose,
  eventType: string,
  outcome: AuditEvent['outcome'],
): NonNullable<AuditEvent['detail']> {
  const whole = outcome === 'failure' ? { ...body, ...thing } : thing;
  const detail = kept(whole) as NonNullable<AuditEvent['detail']>;
  return outcome === 'unknown' ? { ...detail, event_type: eventType } : detail;
}
