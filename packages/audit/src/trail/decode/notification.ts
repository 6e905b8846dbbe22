import type { AuditEvent, EventOutcome } from '../event.ts';
import type { Notification } from './envelope.ts';
import { kept, type Loose, objectIn, present, textIn } from './loose.ts';
import { serviceOf, singular, verbOf } from './names.ts';

const phases: Readonly<Record<string, EventOutcome>> = {
  start: 'pending',
  end: 'success',
  error: 'failure',
  exists: 'success',
};

/**
 * A notification of a service's own. Who did it is the request's user, from its context; the user and project in the
 * payload are the thing's owner, and no answer to who.
 */
export function fromNotification(message: Notification, source: string): AuditEvent | undefined {
  const { id, at, payload, eventType, context } = message;
  if (at === undefined) return undefined;
  const versioned = objectIn(payload['nova_object.data']);
  const body = versioned === undefined ? payload : flattened(versioned);
  const { type, action, phase } = partsOf(eventType);
  const thing = bodyOf(body, type);
  const fault = objectIn(body['fault']);
  const failure = textIn(fault?.['exception_message']) ?? textIn(body['message']);
  const outcome = phase === undefined ? 'success' : (phases[phase] ?? 'unknown');
  const initiator = textIn(body['action_initiator_user']);
  return {
    id,
    at,
    source,
    kind: versioned === undefined ? 'notification' : 'nova.versioned',
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
      id: idOf(thing, type, body),
      name: textIn(thing['name']) ?? textIn(thing['display_name']),
      project_id: textIn(thing['project_id']) ?? textIn(thing['tenant_id']) ?? textIn(thing['owner']),
      service: serviceOf(textIn(message.publisher.split(/[.:-]/)[0])),
    }),
    request_ids: [
      ...new Set([
        ...context.request_ids,
        ...(textIn(body['request_id']) ? [String(body['request_id'])] : []),
      ]),
    ],
    ...(outcome === 'failure' && failure !== undefined ? { reason: { text: failure.slice(0, 2_000) } } : {}),
    detail: kept(thing) as NonNullable<AuditEvent['detail']>,
  };
}

/** `compute.instance.create.end`, `security_group_rule.create.end`, `image.create`, `instance.live_migration_abort.start`. */
function partsOf(eventType: string): { type: string; action: string; phase: string | undefined } {
  const parts = eventType.split('.');
  const last = parts.at(-1) ?? '';
  const phase = last in phases ? parts.pop() : undefined;
  const action = parts.length > 1 ? verbOf(parts.pop() ?? '') : 'unknown';
  return { type: singular(parts.at(-1) ?? 'unknown'), action: phase === 'exists' ? 'exists' : action, phase };
}

/** Neutron puts the thing under its own name; others are the thing. */
const bodyOf = (body: Loose, type: string): Loose => objectIn(body[type]) ?? body;

function idOf(thing: Loose, type: string, body: Loose): string | undefined {
  const names = ['id', 'uuid', `${type}_id`, 'instance_id', 'instance_uuid', 'resource_id'];
  for (const name of names) {
    const id = textIn(thing[name]) ?? textIn(body[name]);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Nova's versioned objects, without their wrapping. */
function flattened(data: Loose): Loose {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, unwrapped(value)]));
}

function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  const inner = objectIn(objectIn(value)?.['nova_object.data']);
  return inner === undefined ? value : flattened(inner);
}
