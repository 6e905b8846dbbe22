import { noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { forbidden, notFound } from '../../fault.ts';
import { record, texts } from '../../wire.ts';
import { findServer } from './lifecycle.ts';
import type { Server } from './server.ts';

export const serverTagRoutes: Routes = {
  'GET servers/{server_id}/tags': (call) => ok({ tags: tagged(call, 'index').tags }),
  'PUT servers/{server_id}/tags': (call) =>
    ok({ tags: (tagged(call, 'update_all').tags = texts(record(call.body)['tags'])) }),
  'DELETE servers/{server_id}/tags': (call) => {
    tagged(call, 'delete_all').tags = [];
    return noContent;
  },
  'GET servers/{server_id}/tags/{tag}': (call) => (tagOf(call, 'show'), noContent),
  'PUT servers/{server_id}/tags/{tag}': (call) => {
    const server = tagged(call, 'update');
    const known = server.tags.includes(call.param('tag'));
    if (!known) server.tags = [...server.tags, call.param('tag')];
    return known ? noContent : { status: 201 };
  },
  'DELETE servers/{server_id}/tags/{tag}': (call) => {
    tagOf(call, 'delete');
    tagged(call, 'delete').tags = tagged(call, 'delete').tags.filter((tag) => tag !== call.param('tag'));
    return noContent;
  },
};

/**
 * Finds the server of the path. For a server of another project Nova answers that policy forbids it, for it finds tags
 * by the server's mapping.
 */
function tagged(call: Call, verb: string): Server {
  const server = call.state.compute.servers.get(call.param('server_id'));
  if (server !== undefined && !call.owns(server.project_id))
    throw forbidden(`os_compute_api:os-server-tags:${verb}`, 'policy');
  return findServer(call);
}

function tagOf(call: Call, verb: string): void {
  if (!tagged(call, verb).tags.includes(call.param('tag'))) {
    throw notFound(`Server ${call.param('server_id')} has no tag '${call.param('tag')}'`);
  }
}
