import { accepted } from '../../answer.ts';
import type { Call } from '../../call.ts';
import { messageOf } from '@groundcrew/ground';
import { text } from '../../wire.ts';
import { blankServer } from './blank-server.ts';
import { connectVolumes } from './block-devices.ts';
import { zoneOf } from './hosts.ts';
import { tellScheduled, tellUnscheduled } from './instance-log.ts';
import { markActive, markFailed, startTask } from './lifecycle.ts';
import { allocate, NO_VALID_HOST, schedule } from './scheduler.ts';
import { readServerRequest, type ServerRequest } from './server-request.ts';
import { linksOf } from './server-view.ts';
import type { Server } from './server.ts';

/** Accepts a request for servers, and starts to build them. */
export function create(call: Call) {
  const request = readServerRequest(call);
  const { compute } = call.state;
  const { name, count, fields, password } = request;
  const made: Server[] = [];
  for (let index = 0; index < count; index += 1) {
    const server = blankServer(call.state, {
      ...fields,
      name: count === 1 ? name : `${name}-${index + 1}`,
      // Each server keeps the flavor as it was at its creation.
      flavor: { ...fields.flavor, extra_specs: { ...fields.flavor.extra_specs } },
    });
    made.push(compute.servers.add(server));
    build(call, server, request);
  }
  const [first] = made as [Server];
  return accepted(
    {
      server: {
        id: first.id,
        links: linksOf(call, 'servers', first.id),
        'OS-DCF:diskConfig': text(call.envelope('server')['OS-DCF:diskConfig']) ?? 'MANUAL',
        security_groups: first.security_groups.map((group) => ({ name: group })),
        adminPass: password,
      },
    },
    { Location: `${call.base}/servers/${first.id}` },
  );
}

/** Schedules a server, connects it and starts it, each after its time. */
function build(call: Call, server: Server, { host: asked, devices, connect }: ServerRequest): void {
  const { state } = call;
  const { compute, clock, settings } = state;
  const action = compute.began(server, 'create', call);
  const host = schedule(state, server, { only: asked });
  const step = Math.min(1000, settings.timing.build / 4);
  if (host !== undefined) {
    allocate(state, server, host);
    tellScheduled(state, server, action);
  }
  clock.after(step, () => {
    if (server.task_state !== 'scheduling') return;
    if (host === undefined) {
      markFailed(state, server, NO_VALID_HOST);
      tellUnscheduled(state, server, action, NO_VALID_HOST);
      action.finish = clock.now();
      action.message = 'Error';
      return;
    }
    server.host = host;
    server.availability_zone = zoneOf(state, host);
    try {
      connect(server);
      connectVolumes(state, server, devices);
    } catch (error) {
      markFailed(state, server, `Build of instance ${server.id} aborted: ${messageOf(error)}`);
      return;
    }
    startTask(
      state,
      server,
      'spawning',
      settings.timing.build - step,
      () => markActive(state, server),
      action,
    );
  });
}
