import { accepted } from '../../../answer.ts';
import type { Call, Routes } from '../../../call.ts';
import { type Json, list, record, str } from '../../../wire.ts';
import { portRoutes } from '../../network/ports.ts';
import { findServer } from '../lifecycle.ts';
import { portsOf } from '../server-view.ts';
import type { Server } from '../server.ts';
import { callRoute } from './ask.ts';

const given = (call: Call): Json => record(Object.values(record(call.body))[0]);

/**
 * Changes a port's addresses behind the caller's back: Nova has answered 202 by the time, and of what then fails only
 * its log tells (the lab answers 202 to a network and to an address that are not there).
 */
function later(call: Call, server: Server, change: (port: Json) => unknown[] | undefined): void {
  const { clock, settings } = call.state;
  clock.after(settings.timing.action, () => {
    for (const port of portsOf(call, server)) {
      const fixed_ips = change(port);
      if (fixed_ips === undefined) continue;
      const asked = callRoute(call, portRoutes, 'PUT ports/{id}', {
        params: { id: port.id },
        body: { port: { fixed_ips } },
      });
      asked.catch(() => undefined);
      return;
    }
  });
}

/** Actions of servers until 2.43 (`multinic.py`). Their records name the version, which `perform` checks. */
export const fixedIpActions: Routes = {
  'POST servers/{id}/action#addFixedIp': (call) => {
    const server = findServer(call);
    const wanted = str(given(call)['networkId']);
    later(call, server, (port) => {
      if (port['network_id'] !== wanted) return undefined;
      const subnet = call.state.network.entities.subnets.find(
        (candidate) => candidate['network_id'] === wanted,
      );
      return subnet === undefined ? undefined : [...list(port['fixed_ips']), { subnet_id: subnet.id }];
    });
    return accepted();
  },
  'POST servers/{id}/action#removeFixedIp': (call) => {
    const server = findServer(call);
    const address = str(given(call)['address']);
    later(call, server, (port) => {
      const ips = list(port['fixed_ips']).map(record);
      return ips.some((ip) => ip['ip_address'] === address)
        ? ips.filter((ip) => ip['ip_address'] !== address)
        : undefined;
    });
    return accepted();
  },
};
