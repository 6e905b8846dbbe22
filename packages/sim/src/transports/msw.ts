import { http, HttpResponse, type HttpHandler } from 'msw';
import type { SimulatedCloud } from '../cloud.ts';
import { ConnectionReset } from '../connection-reset.ts';

/** Where the cloud is, for clients in this process. */
export const ORIGIN = 'http://sim.groundcrew.example';

/**
 * The cloud as handlers of Mock Service Worker: requests to its origin go to it, all others to whatever else there
 * is.
 *
 * @example
 * const cloud = simulateCloud();
 * const server = setupServer(...handlers(cloud));
 * // auth_url: `${ORIGIN}/identity/v3`
 */
export function handlers(cloud: SimulatedCloud, origin: string = ORIGIN): HttpHandler[] {
  return [
    http.all(`${origin}/*`, async ({ request }) => {
      try {
        return await cloud.handle(request);
      } catch (error) {
        if (error instanceof ConnectionReset) return HttpResponse.error();
        throw error;
      }
    }),
  ];
}
