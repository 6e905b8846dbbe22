import { ok } from '../../answer.ts';
import { admin, type Call, type Handler, type Routes } from '../../call.ts';
import { badRequest, conflict, notFound, ServiceFault } from '../../fault.ts';
import { metadata, micros, text } from '../../wire.ts';
import { matchesQuery, page } from './page.ts';
import { startRecovery, tasksOf } from './recovery.ts';
import type { Notification } from './state.ts';

/** `duplicate_notification_detection_interval` */
const DUPLICATE = 180_000;

export const rule = (name: string, handler: Handler): Handler => admin(`os_masakari_api:${name}`, handler);

export const notificationRoutes: Routes = {
  'GET notifications': rule('notifications:index', (call) => {
    const since = call.query.get('generated-since');
    const from = since === null ? Number.NEGATIVE_INFINITY : Date.parse(zoned(since));
    if (Number.isNaN(from)) throw badRequest('Invalid generated-since value');
    const asked = matchesQuery(call, ['status', 'source_host_uuid', 'type'], view);
    const filter = (notification: Notification): boolean =>
      notification.generated >= from && asked(notification);
    return ok({ notifications: page(call, call.state.instanceHa.notifications, filter, view).map(view) });
  }),
  'POST notifications': rule('notifications:create', (call) => {
    const { instanceHa, ids } = call.state;
    const given = call.envelope('notification');
    const name = text(given['hostname']) ?? '';
    const type = text(given['type']) ?? '';
    const host = instanceHa.hostNamed(name);
    if (host === undefined) throw badRequest(`Host with name ${name} could not be found.`);
    if (host.on_maintenance)
      throw conflict(
        `Notification received from host ${name} of type '${type}' is ignored as the host is already under maintenance.`,
      );
    const payload = metadata(given['payload']);
    const generated = Date.parse(zoned(text(given['generated_time']) ?? ''));
    if (Number.isNaN(generated))
      throw badRequest(
        `Invalid input for field/attribute generated_time. Value: ${text(given['generated_time'])}. '${text(given['generated_time'])}' is not a 'date-time'`,
      );
    const same = (notification: Notification): boolean =>
      notification.type === type &&
      notification.host === host.id &&
      notification.generated >= generated - DUPLICATE &&
      JSON.stringify(sorted(notification.payload)) === JSON.stringify(sorted(payload));
    if (instanceHa.notifications.find(same) !== undefined)
      throw conflict(`Notification received from host ${name} of type ${type} is duplicate.`);
    const made: Notification = instanceHa.notifications.add({
      id: ids.uuid(),
      row: instanceHa.row('notifications'),
      type,
      host: host.id,
      payload,
      generated,
      status: 'new',
      done: [],
      created: call.now,
      updated: null,
    });
    const answer = { notification: view(made) };
    startRecovery(call.state, made);
    return { status: 202, body: answer };
  }),
  'GET notifications/{notification}': rule('notifications:detail', (call) => {
    const found = notificationOf(call);
    if (!call.atLeast('1.1')) return ok({ notification: view(found) });
    const host = call.state.instanceHa.hosts.get(found.host);
    // The engine reads the recovery method of the host's segment, and fails if there is none.
    if (host === undefined)
      throw new ServiceFault(
        500,
        "Unexpected API Error. Please report this at https://bugs.launchpad.net/masakari/ and attach the Masakari API log if possible.\n<class 'masakari.exception_Remote.MasakariException_Remote'>",
      );
    return ok({ notification: { ...view(found), recovery_workflow_details: tasksOf(found) } });
  }),
};

export function notificationOf(call: Call): Notification {
  const id = call.param('notification');
  const found = call.state.instanceHa.notifications.get(id);
  if (found === undefined) throw notFound(`No notification with id ${id}.`);
  return found;
}

/** A moment without a zone is in UTC. */
const zoned = (moment: string): string => (/(Z|[+-]\d{2}:?\d{2})$/i.test(moment) ? moment : `${moment}Z`);

const sorted = (payload: Readonly<Record<string, string>>): unknown =>
  Object.entries(payload).toSorted(([a], [b]) => (a < b ? -1 : 1));

export const timestamp = (ms: number | null): string | null => (ms === null ? null : micros(ms));

const view = (notification: Notification): object => ({
  id: notification.row,
  notification_uuid: notification.id,
  generated_time: timestamp(notification.generated),
  source_host_uuid: notification.host,
  type: notification.type,
  payload: notification.payload,
  status: notification.status,
  created_at: timestamp(notification.created),
  updated_at: timestamp(notification.updated),
  deleted_at: null,
  deleted: false,
});
