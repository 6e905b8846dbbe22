import { type Reply, replyOf } from './reply.ts';
import type { SimulatedCloud } from '../src/index.ts';

const ORIGIN = 'http://sim.test';

/** The smallest client: a token, and requests made with it. */
export class Client {
  readonly cloud: SimulatedCloud;
  token = '';

  constructor(cloud: SimulatedCloud) {
    this.cloud = cloud;
  }

  async login(user = 'admin', project = user, password = 'secret-of-sim'): Promise<this> {
    const reply = await this.send('POST', '/identity/v3/auth/tokens', {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: user, domain: { id: 'default' }, password } },
        },
        scope: { project: { name: project, domain: { name: 'Default' } } },
      },
    });
    if (reply.status !== 201) throw new Error(`no token: ${reply.status} ${reply.text}`);
    this.token = reply.headers.get('X-Subject-Token') ?? '';
    return this;
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const raw = body instanceof Uint8Array;
    const response = await this.cloud.handle(
      new Request(ORIGIN + path, {
        method,
        headers: {
          ...(this.token === '' ? {} : { 'X-Auth-Token': this.token }),
          ...(body === undefined || raw ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: raw ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
      }),
    );
    return replyOf(response);
  }

  nova(method: string, path: string, body?: unknown, version = '2.93'): Promise<Reply> {
    return this.send(method, `/compute/v2.1/${path}`, body, {
      'OpenStack-API-Version': `compute ${version}`,
    });
  }
  neutron(method: string, path: string, body?: unknown): Promise<Reply> {
    return this.send(method, `/network/v2.0/${path}`, body);
  }
  cinder(method: string, path: string, body?: unknown, version = '3.70'): Promise<Reply> {
    return this.send(method, `/volume/v3/${path}`, body, { 'OpenStack-API-Version': `volume ${version}` });
  }
  glance(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return this.send(method, `/image/v2/${path}`, body, headers);
  }
  placement(method: string, path: string, body?: unknown): Promise<Reply> {
    return this.send(method, `/placement/${path}`, body, { 'OpenStack-API-Version': 'placement 1.39' });
  }
}

/** Ids of what the scenario `small` has. */
export async function parts(client: Client): Promise<{ flavor: string; image: string; network: string }> {
  const flavors = await client.nova('GET', 'flavors');
  const images = await client.glance('GET', 'images?name=cirros');
  const networks = await client.neutron('GET', 'networks?name=private');
  return {
    flavor: flavors.body.flavors.find((flavor: { name: string }) => flavor.name === 'm1.tiny').id,
    image: images.body.images[0].id,
    network: networks.body.networks[0].id,
  };
}
