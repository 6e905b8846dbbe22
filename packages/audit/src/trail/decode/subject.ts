import { type Loose, objectIn, textIn } from '@groundcrew/monitoring/events';
import { entryOf } from './loose.ts';
import { singular } from './names.ts';

/** The thing that a notification is about. */
export interface Subject {
  readonly type: string;
  readonly ids: readonly string[];
  /** The fields that it tells of the thing. */
  readonly body: Loose;
}

/** Services that tell of a thing under the name of who worked on it. */
const workers: Readonly<Record<string, string>> = {
  // nova/conductor/manager.py and nova/scheduler/manager.py: both work on servers.
  compute_task: 'server',
  scheduler: 'server',
};

/** The fields with a thing's id, if it is not under `uuid`, `id` or `TYPE_id`; the most trusted first. */
const named: Readonly<Record<string, readonly string[]>> = {
  // The path of a request has the number (os-aggregates/{id}), beside which Nova tells a uuid.
  aggregate: ['id', 'aggregate_id'],
  // nova/notifications/objects/flavor.py: `flavorid` is the API's id.
  flavor: ['flavorid', 'flavor_id'],
  // os-keypairs/{name}: a keypair has no other id.
  keypair: ['name', 'key_name'],
  server: ['instance_uuid', 'instance_id', 'uuid', 'id', 'server_id'],
  // masakari/notifications/objects/notification.py
  notification: ['notification_uuid', 'uuid'],
  // A host's metrics, by the host (nova/notifications/objects/metrics.py).
  metric: ['nodename', 'host'],
};

/**
 * The thing, or the things: Neutron answers a bulk request with one notification, in which the collection is a list
 * (neutron/pecan_wsgi/hooks/notifier.py sends the API's own answer). A part that is no list has no elements, and an element
 * without an id is none that could be named.
 */
export function subjectOf(body: Loose, told: string): Subject {
  const type = entryOf(workers, told) ?? told;
  const many = new Set((listIn(body, type) ?? []).flatMap((element) => idIn(element, type) ?? []));
  if (many.size > 0) return { type, ids: [...many], body };
  const request = objectIn(body['request_spec']);
  const thing = objectIn(body[type]) ?? body;
  const several =
    textsIn(body['instance_uuids']) ?? (type === 'server' ? textsIn(body['instances']) : undefined);
  if (several !== undefined && several.length > 0) return { type, ids: several, body };
  const id =
    idIn(thing, type) ?? idIn(body, type) ?? (request === undefined ? undefined : idIn(request, type));
  return { type, ids: id === undefined ? [] : [id], body: thing };
}

/** `security_group_rules: [{…}, {…}]`. */
function listIn(body: Loose, type: string): Loose[] | undefined {
  for (const [name, value] of Object.entries(body)) {
    if (!Array.isArray(value) || value.length === 0 || singular(name) !== type) continue;
    const objects = (value as readonly unknown[]).map(objectIn).filter((object) => object !== undefined);
    if (objects.length > 0) return objects;
    const ids = textsIn(value);
    if (ids !== undefined && ids.length > 0) return ids.map((id) => ({ id }));
  }
  return undefined;
}

const textsIn = (value: unknown): string[] | undefined =>
  Array.isArray(value) ? value.flatMap((element) => textIn(element) ?? []) : undefined;

function idIn(thing: Loose, type: string): string | undefined {
  for (const name of entryOf(named, type) ?? ['uuid', 'id', `${type}_id`, 'resource_id']) {
    const id = textIn(thing[name]);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** The reason of a failure, wherever a service puts it, and the class of the exception. */
export function faultIn(
  body: Loose,
): { readonly code?: string | undefined; readonly text: string } | undefined {
  // Nova and Masakari: `fault`; Nova's tasks and libvirt: `reason`; `compute.exception`: the payload itself.
  for (const source of [body['fault'], body['reason'], body['exception'], body]) {
    const fault = objectIn(source);
    const text = textIn(fault?.['exception_message']) ?? textIn(fault?.['message']);
    if (text !== undefined) return { code: textIn(fault?.['exception']), text };
  }
  for (const name of ['reason', 'exception', 'last_error', 'error', 'fault', 'status_reason']) {
    const text = textIn(body[name]);
    if (text !== undefined) return { text };
  }
  return undefined;
}
