import { routesOf } from './request/routes.ts';
import { services } from './services/all.ts';

/** The share of a service's operations that is simulated. */
export interface Coverage {
  readonly service: string;
  readonly operations: number;
  readonly simulated: number;
  /** `servers.addFixedIp`, … */
  readonly missing: readonly string[];
}

/** The coverage of each service, computed from its routes. */
export const coverage = (): Coverage[] =>
  services.map((service) => {
    const recorded = routesOf(service).filter((route) => route.spec !== undefined);
    const missing = recorded.filter((route) => route.handler === undefined).map((route) => route.operation);
    return {
      service: service.spec.name,
      operations: recorded.length,
      simulated: recorded.length - missing.length,
      missing,
    };
  });
