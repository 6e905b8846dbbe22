import { ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { notFound } from '../../fault.ts';
import { type Json, micros } from '../../wire.ts';
import { findServerOrDeleted } from './deleted-servers.ts';
import type { Server } from './server.ts';
import type { InstanceAction } from './state.ts';

export const instanceActionRoutes: Routes = {
  'GET servers/{server_id}/os-instance-actions': (call) => {
    const server = findServerOrDeleted(call);
    const actions = call.state.compute.actions.get(server.id) ?? [];
    return ok({ instanceActions: actions.toReversed().map((action) => actionView(call, server, action)) });
  },
  'GET servers/{server_id}/os-instance-actions/{request}': (call) => {
    const server = findServerOrDeleted(call);
    const action = call.state.compute.actions
      .get(server.id)
      ?.find((candidate) => candidate.request_id === call.param('request'));
    if (action === undefined)
      throw notFound(`Action for request_id ${call.param('request')} on instance ${server.id} not found`);
    const events =
      action.finish === null && action.message === null
        ? []
        : [
            {
              event: `compute_${action.action}_instance`,
              start_time: micros(action.start),
              finish_time: micros(action.finish ?? action.start),
              result: action.message === null ? 'Success' : 'Error',
              traceback: null,
              hostId: '',
              host: action.host,
              details: null,
            },
          ];
    return ok({ instanceAction: { ...actionView(call, server, action), events } });
  },
};

const actionView = (call: Call, server: Server, action: InstanceAction): Json => ({
  action: action.action,
  instance_uuid: server.id,
  request_id: action.request_id,
  user_id: action.user_id,
  project_id: action.project_id,
  start_time: micros(action.start),
  message: action.message,
  ...(call.atLeast('2.58') ? { updated_at: micros(action.finish ?? action.start) } : {}),
});
