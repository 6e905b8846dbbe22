import { http, HttpResponse, type HttpHandler } from 'msw';
import type { SimulatedCloud } from '../cloud.ts';
import { ConnectionReset } from '../connection-reset.ts';

/** The origin at which clients in this process find the cloud. */
export const ORIGIN = 'http://sim.groundcrew.example';

/**
 * Makes handlers for Mock Service Worker out of a cloud. They answer requests to the cloud's origin, and no others.
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
