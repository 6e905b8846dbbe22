import { ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { notificationOf, rule, timestamp } from './notifications.ts';
import { matchesQuery, page } from './page.ts';
import type { Notification, VMove } from './state.ts';

export const vmoveRoutes: Routes = {
  'GET notifications/{notification}/vmoves': rule('vmoves:index', (call) => {
    const notification = ofHost(call);
    const asked = matchesQuery(call, ['status', 'type'], moveView);
    const filter = (move: VMove): boolean => move.notification === notification.id && asked(move);
    return ok({ vmoves: page(call, call.state.instanceHa.vmoves, filter, moveView).map(moveView) });
  }),
  'GET notifications/{notification}/vmoves/{vmove}': rule('vmoves:detail', (call) => {
    ofHost(call);
    const id = call.param('vmove');
    const found = call.state.instanceHa.vmoves.get(id);
    if (found === undefined) throw notFound(`No vm move with id ${id}.`);
    return ok({ vmove: moveView(found) });
  }),
};

function ofHost(call: Call): Notification {
  const found = notificationOf(call);
  if (found.type !== 'COMPUTE_HOST') throw badRequest(`This notification ${found.id} without vm moves.`);
  return found;
}

const moveView = (move: VMove): object => ({
  id: move.row,
  uuid: move.id,
  notification_uuid: move.notification,
  instance_uuid: move.server,
  instance_name: move.name,
  source_host: move.source,
  dest_host: move.dest,
  start_time: timestamp(move.start),
  end_time: timestamp(move.end),
  status: move.status,
  type: 'evacuation',
  message: move.message,
  created_at: timestamp(move.created),
  updated_at: timestamp(move.end ?? move.start),
  deleted_at: null,
  deleted: false,
});
