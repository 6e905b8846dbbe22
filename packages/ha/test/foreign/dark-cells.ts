import { type Cloud, connect } from '@groundcrew/core';
import type { SimulatedCloud } from '@groundcrew/sim';

/**
 * A client of a Nova of which the cell with these hosts does not respond, as it answers from 2.69 on (nova
 * `api/openstack/compute/views/servers.py`, `_show_from_down_cell`; `services.py`, `_get_service_detail`; upstream's samples
 * `servers-details-resp` and `services-list-get-resp` of v2.69): `UNKNOWN`, and a few keys. With a filter that a down cell
 * cannot apply Nova leaves its servers out.
 */
export const withDarkCell = (simulated: SimulatedCloud, hosts: ReadonlySet<string>): Cloud =>
  answering(simulated, (request, response) => darkened(request, response, hosts));

/** The administrator's account, of a cloud that is asked without a socket. */
export const administratorOf = ({ state: { settings } }: SimulatedCloud) => ({
  auth: {
    auth_url: 'http://sim.groundcrew.example/identity/v3',
    username: 'admin',
    password: settings.password,
    project_name: 'admin',
    user_domain_name: 'Default',
    project_domain_name: 'Default',
  },
  region_name: settings.region,
});

/** A client of a cloud whose answers are changed on the way. */
export function answering(
  simulated: SimulatedCloud,
  change: (request: Request, response: Response) => Promise<Response>,
): Cloud {
  return connect({
    ...administratorOf(simulated),
    clock: simulated.clock,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      return change(request, await simulated.handle(request));
    },
  });
}

/** The answer of a Nova whose cell with these hosts is down. */
export async function darkened(
  request: Request,
  response: Response,
  hosts: ReadonlySet<string>,
): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const isList = /\/(os-services|servers\/detail)$/.test(pathname);
  if (request.method !== 'GET' || response.status !== 200 || hosts.size === 0 || !isList) return response;
  const body = (await response.json()) as Record<string, Record<string, unknown>[]>;
  if (Array.isArray(body['services']))
    body['services'] = body['services'].map((row) =>
      hosts.has(String(row['host'])) ? { binary: row['binary'], host: row['host'], status: 'UNKNOWN' } : row,
    );
  if (Array.isArray(body['servers']))
    body['servers'] = body['servers'].flatMap((row) => {
      if (!hosts.has(String(row['OS-EXT-SRV-ATTR:host']))) return [row];
      if (searchParams.has('host')) return [];
      const { id, tenant_id, created, links } = row;
      return [{ id, tenant_id, created, links, status: 'UNKNOWN' }];
    });
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  return new Response(JSON.stringify(body), { status: 200, headers });
}
