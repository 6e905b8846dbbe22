import type { SimState } from '../../sim-state.ts';

/** The guests of a host that has lost its power are off. Nova is told of it by nobody. */
export function cutPower(state: SimState, host: string): void {
  for (const server of state.compute.servers.kept())
    if (server.host === host && (server.power_state === 1 || server.power_state === 3))
      server.hasShutDown = true;
}

/** Starts the guests of a host again that ran when it lost its power. */
export function givePower(state: SimState, host: string): void {
  for (const server of state.compute.servers.kept()) if (server.host === host) server.hasShutDown = false;
}
