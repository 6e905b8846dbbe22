import { compareMicroversions, type OperationSpec } from '@groundcrew/core';
import { notSimulatedRoutes } from '../not-simulated.ts';
import type { SimulatedService } from '../service.ts';
import { services } from '../services/all.ts';
import { record } from '../wire.ts';
import { type Match, type Route, Router } from './router.ts';

const routers = new Map(
  services.map((service) => [
    service,
    new Router(service.spec, service.routes, notSimulatedRoutes[service.spec.name]),
  ]),
);

/** Every route of a service, for the contract test and the table of coverage. */
export const routesOf = (service: SimulatedService): readonly Route[] => routers.get(service)?.routes ?? [];

/** The routes of a method and a path of the service, or the methods that the path has. */
export const matchRoutes = (
  service: SimulatedService,
  method: string,
  path: string,
): Match | { readonly allow: readonly string[] } | undefined =>
  routers.get(service)?.match(method, path, service.paths.head);

/** Chooses the route that a key of the body names as an action, or the one without an action. */
export function chooseRoute(routes: readonly Route[], body: unknown): Route | undefined {
  const plain = routes.find((route) => route.action === undefined);
  const keys = Object.keys(record(body));
  return routes.find((route) => route.action !== undefined && keys.includes(route.action)) ?? plain;
}

/** The record of a route that is there at a microversion. */
export const specAt = (route: Route, microversion: string): OperationSpec | undefined =>
  [...(route.spec === undefined ? [] : [route.spec]), ...route.others].find(
    ({ since, until }) =>
      (since === undefined || compareMicroversions(microversion, since) >= 0) &&
      (until === undefined || compareMicroversions(microversion, until) < 0),
  );
