import { type Cloud, connect, type ConnectOptions } from '@groundcrew/core';
import type { SimulatedCloud } from '@groundcrew/sim';

/** Lists that come in pages. */
const PAGED =
  /\/(?:servers\/detail|volumes\/detail|snapshots\/detail|backups\/detail|images|ports|networks|subnets|routers|floatingips|security-groups|agents|loadbalancers|lbaas\/pools|amphorae)$/;

interface ClientOptions extends Omit<ConnectOptions, 'auth'> {
  /** @default 'admin' */
  readonly user?: string | undefined;
  /** @default 'admin' */
  readonly project?: string | undefined;
  /** Entries that the cloud gives in a page, whatever it is asked for. */
  readonly page?: number | undefined;
}

/** A client of a simulated cloud without a socket. */
export function client(simulated: SimulatedCloud, options: ClientOptions = {}): Cloud {
  const { user = 'admin', project = 'admin', page, ...more } = options;
  const { settings } = simulated.state;
  const door: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (page !== undefined && request.method === 'GET' && PAGED.test(url.pathname))
      url.searchParams.set('limit', String(page));
    const response = await simulated.handle(new Request(url, request));
    if (response.headers.get('Content-Encoding') !== 'gzip' || response.body === null) return response;
    // What undici's fetch does with a compressed body.
    const body = response.body.pipeThrough(new DecompressionStream('gzip'));
    return new Response(body, { status: response.status, headers: response.headers });
  };
  return connect({
    auth: {
      auth_url: 'http://sim.test/identity/v3',
      username: user,
      password: settings.password,
      project_name: project,
      user_domain_name: 'Default',
      project_domain_name: 'Default',
    },
    region_name: settings.region,
    fetch: door,
    clock: simulated.clock,
    random: () => 0.5,
    ...more,
  });
}
