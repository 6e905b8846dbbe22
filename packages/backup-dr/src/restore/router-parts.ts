import { type Cloud, unlessGone } from '@groundcrew/core';
import type { StepContext } from '@groundcrew/runbook';
import type { z } from 'zod';
import { isRouterInterface } from '../point/needs.ts';
import { toWire } from '../point/wire.ts';
import { idOf } from './resolve-body.ts';
import type { connectRouter } from './restore-actions.ts';

type Connection = z.output<typeof connectRouter.input>;

/** The port by which a router has an address of a subnet; `undefined` if it has none. */
export async function connectedPort(
  cloud: Cloud,
  { router, subnet, address }: Connection,
  context: StepContext,
): Promise<string | undefined> {
  const [routerId, subnetId] = [idOf(router, context), idOf(subnet, context)];
  for await (const port of cloud.network.ports.list({ device_id: routerId }, { signal: context.signal })) {
    const isOn = port.fixed_ips.some(
      (ip) => ip.subnet_id === subnetId && (address === null || ip.ip_address === address),
    );
    if (port.device_id === routerId && isOn && isRouterInterface(toWire(port))) return port.id;
  }
  return undefined;
}

/**
 * Connects a router with a subnet. By the subnet's gateway Neutron makes the port; another address takes a port that is made
 * first, with the mark of the step as its description, by which another attempt finds it.
 */
export async function connected(
  cloud: Cloud,
  connection: Connection,
  mark: string,
  context: StepContext,
): Promise<{ readonly port: string }> {
  const { routers, ports } = cloud.network;
  const { signal } = context;
  const id = idOf(connection.router, context);
  const subnet_id = idOf(connection.subnet, context);
  const known = context.attempt > 1 ? await connectedPort(cloud, connection, context) : undefined;
  if (known !== undefined) return { port: known };
  if (connection.address === null) {
    const { port_id: port } = await routers.addInterface({ id, subnet_id }, { signal });
    return { port };
  }
  const made =
    (context.attempt > 1 ? await markedPort(cloud, mark, context) : undefined) ??
    (
      await ports.create(
        {
          network_id: idOf(connection.network, context),
          fixed_ips: [{ subnet_id, ip_address: connection.address }],
          description: mark,
          security_groups: connection.groups.map((group) => idOf(group, context)),
        },
        { signal },
      )
    ).id;
  await routers.addInterface({ id, port_id: made }, { signal });
  return { port: made };
}

/** Disconnects a router, and deletes a port that was made for it and never connected. */
export async function disconnected(
  cloud: Cloud,
  connection: Connection,
  mark: string,
  context: StepContext,
): Promise<void> {
  const { signal } = context;
  const port = await connectedPort(cloud, connection, context);
  await unlessGone(async () => {
    if (port !== undefined)
      return cloud.network.routers.removeInterface(
        { id: idOf(connection.router, context), port_id: port },
        { signal },
      );
    const made = await markedPort(cloud, mark, context);
    return made && cloud.network.ports.delete({ id: made }, { signal, missingOk: true });
  });
}

async function markedPort(
  cloud: Cloud,
  mark: string,
  { signal }: Pick<StepContext, 'signal'>,
): Promise<string | undefined> {
  for await (const port of cloud.network.ports.list({ description: mark }, { signal }))
    if (port.description === mark) return port.id;
  return undefined;
}

type Routes = readonly { readonly destination: string; readonly nexthop: string }[];

const routesText = (routes: Routes): string =>
  JSON.stringify(routes.map(({ destination, nexthop }) => `${destination} ${nexthop}`).toSorted());

/** Whether a router has exactly these routes. */
export async function hasRoutes(
  cloud: Cloud,
  id: string,
  routes: Routes,
  { signal }: Pick<StepContext, 'signal'>,
): Promise<boolean> {
  const { routes: now = [] } = await cloud.network.routers.get({ id }, { signal });
  return routesText(now) === routesText(routes);
}
