import { maskText } from '@groundcrew/ground';
import { type Loose, objectIn, textIn, timeIn } from '@groundcrew/monitoring/events';
import { type AuditEvent, outcomes } from '../event.ts';
import { present } from './loose.ts';
import { serviceOf, singular, verbOf } from './names.ts';
import { pathTarget } from './request-path.ts';

/** The type of every CADF event (DSP0262, 1.0.0). */
export const CADF_EVENT = 'http://schemas.dmtf.org/cloud/audit/1.0/event';

export const isCadf = (payload: Loose): boolean => payload['typeURI'] === CADF_EVENT;

export interface CadfFacts {
  /** The id of the message that brought it: the middleware sends request and response under one CADF id. */
  readonly id?: string | undefined;
  readonly source: string;
  readonly at?: string | undefined;
  readonly service?: string | undefined;
  readonly request_ids?: readonly string[] | undefined;
}

/**
 * A CADF event, of Keystone's own notifications (`pycadf`, `keystone/notifications.py`) or of keystonemiddleware's audit
 * filter. Of the latter the target is the service's endpoint and not the thing, which is read from `requestPath`; the
 * request's body is not in it.
 */
export function fromCadf(payload: Loose, facts: CadfFacts): AuditEvent | undefined {
  const id = facts.id ?? textIn(payload['id']);
  // Of an object that is not there each field is not told, and `present` leaves it out.
  const initiator = objectIn(payload['initiator']) ?? {};
  const target = objectIn(payload['target']) ?? {};
  const host = objectIn(initiator['host']) ?? {};
  const reason = objectIn(payload['reason']);
  const told = textIn(payload['action']);
  // When the answer was sent, if it is one: the event's own time is the request's.
  const at = answeredAt(payload) ?? timeIn(payload['eventTime']) ?? facts.at;
  if (id === undefined || told === undefined || at === undefined) return undefined;
  const path = textIn(payload['requestPath']);
  const byPath = path === undefined ? undefined : pathTarget(path);
  // DSP0262 has `success`, `failure`, `pending` and `unknown`.
  const outcome = outcomes.find((known) => known === payload['outcome']) ?? 'unknown';
  const assignment = path === undefined ? assignmentIn(payload, told) : undefined;
  return {
    id,
    at,
    source: facts.source,
    kind: path === undefined ? 'cadf' : 'audit.http',
    action: verbOf(told),
    outcome,
    who: actorOf(initiator, host),
    target: present({
      type: byPath?.type ?? typeOf(told, target),
      id: path === undefined ? idOf(payload, target, assignment) : byPath?.id,
      name: path === undefined ? textIn(target['name']) : undefined,
      project_id: textIn(target['project_id']) ?? projectOfTarget(payload, byPath?.type),
      service: facts.service ?? serviceOf(toldIn(target['name'])) ?? serviceOf(toldIn(serviceIn(target))),
    }),
    request_ids: [
      ...new Set([
        ...['request_id', 'global_request_id'].flatMap((name) => textIn(initiator[name]) ?? []),
        ...(facts.request_ids ?? []),
      ]),
    ],
    ...(reason === undefined
      ? {}
      : {
          reason: present({
            code: textIn(reason['reasonCode']),
            text: outcome === 'failure' ? masked(textIn(reason['reasonType'])) : undefined,
          }),
        }),
    ...(path === undefined
      ? assignment === undefined
        ? {}
        : { detail: assignment }
      : // A query may hold a signature (Swift's temporary URLs), the path itself a token.
        { detail: present({ path: masked(path), correlation: correlationIn(payload) }) }),
  };
}

/**
 * The text of a field of CADF. Where keystonemiddleware was not told who asks, or of which service the endpoint is, it writes
 * this word (`taxonomy.UNKNOWN`; keystonemiddleware/audit/_api.py, `_create_event` and `get_target_resource`): nobody is called
 * so. Names that Keystone itself writes (`username`) are names, whatever they are.
 */
function toldIn(value: unknown): string | undefined {
  const text = textIn(value);
  return text === 'unknown' ? undefined : text;
}

const masked = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : maskText(text);

/**
 * The fields with which Keystone tells, beside the event itself, who gets which role where (keystone/notifications.py,
 * `CadfRoleAssignmentNotificationWrapper`).
 */
const ASSIGNMENT = ['role', 'user', 'group', 'project', 'domain'] as const;

/** The role, the user or group, and the project or domain of a role assignment. */
function assignmentIn(payload: Loose, action: string): Record<string, string | boolean> | undefined {
  if (!action.endsWith('.role_assignment')) return undefined;
  const told = ASSIGNMENT.flatMap((name) => {
    const value = textIn(payload[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  const inherited = payload['inherited_to_projects'];
  return {
    ...Object.fromEntries(told),
    ...(typeof inherited === 'boolean' ? { inherited_to_projects: inherited } : {}),
  };
}

/** An assignment has no id: the one in its target is made up by pycadf for each event. */
const idOf = (payload: Loose, target: Loose, assignment: object | undefined): string | undefined =>
  assignment === undefined ? (textIn(payload['resource_info']) ?? textIn(target['id'])) : undefined;

function actorOf(initiator: Loose, host: Loose): AuditEvent['who'] {
  const credential = objectIn(initiator['credential']);
  const kind = textIn(credential?.['type']);
  // Of a login that fails, `id` is made up for a user who is not known; `user_id` is Keystone's own word.
  const isUnknown = textIn(initiator['user_name']) !== undefined && initiator['user_id'] === undefined;
  const trustor = textIn(initiator['trustor_id']) ?? textIn(initiator['trustee_id']);
  return present({
    user_id: toldIn(initiator['user_id']) ?? (isUnknown ? undefined : toldIn(initiator['id'])),
    user_name: textIn(initiator['username']) ?? textIn(initiator['user_name']) ?? toldIn(initiator['name']),
    project_id: toldIn(initiator['project_id']),
    project_name: toldIn(initiator['project_name']),
    domain_id: toldIn(initiator['domain_id']) ?? toldIn(initiator['user_domain_id']),
    on_behalf_of: trustor,
    by_means_of: kind === undefined ? undefined : present({ kind, id: textIn(credential?.['id']) }),
    address: toldIn(host['address']),
    agent: toldIn(host['agent']),
  });
}

/** `created.user`, or `service/compute/servers`. */
function typeOf(action: string, target: Loose): string {
  const [, thing] = action.split('.');
  if (thing !== undefined) return singular(thing);
  // No URI is no type: `unknown`.
  const uri = textIn(target['typeURI']) ?? '';
  return singular(uri.split('/').at(-1) ?? '') || 'unknown';
}

function serviceIn(target: Loose): string | undefined {
  const [first, second] = (textIn(target['typeURI']) ?? '').split('/');
  return first === 'service' || first === 'data' ? second : first;
}

const projectOfTarget = (payload: Loose, type: string | undefined): string | undefined =>
  type === 'project' ? undefined : textIn(objectIn(payload['target'])?.['tenant_id']);

function answeredAt(payload: Loose): string | undefined {
  const chain = payload['reporterchain'];
  return Array.isArray(chain) ? timeIn(objectIn(chain.at(-1))?.['reporterTime']) : undefined;
}

/** The id that request and response of one call have in common. */
function correlationIn(payload: Loose): string | undefined {
  const tags: readonly unknown[] = Array.isArray(payload['tags']) ? payload['tags'] : [];
  const tag = tags.find((text) => typeof text === 'string' && text.startsWith('correlation_id?value='));
  return typeof tag === 'string' ? tag.slice('correlation_id?value='.length) : undefined;
}
