import { simulateCloud, type SimulatedCloud, type SimulateOptions } from '@groundcrew/sim';
import { RecordReader, type LogRecord } from '../../src/index.ts';

/** Sends requests to a simulated cloud that keeps logs, as an administrator. */
export interface SimClient {
  readonly cloud: SimulatedCloud;
  /** `path` begins with the service: `/compute/v2.1/servers`. An answer that is no JSON is `undefined`. */
  readonly ask: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly status: number; readonly requestId: string; readonly body: unknown }>;
}

const ORIGIN = 'http://sim.test';
const VERSIONS = 'compute 2.90, volume 3.59, placement 1.36';

export async function simClient(options: SimulateOptions = {}): Promise<SimClient> {
  const cloud = simulateCloud({ logs: true, ...options });
  let token = '';
  const ask: SimClient['ask'] = async (method, path, body, headers = {}) => {
    const response = await cloud.handle(
      new Request(ORIGIN + path, {
        method,
        headers: {
          'OpenStack-API-Version': VERSIONS,
          ...(token === '' ? {} : { 'X-Auth-Token': token }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    token ||= response.headers.get('X-Subject-Token') ?? '';
    const text = await response.text();
    return {
      status: response.status,
      requestId: response.headers.get('X-Openstack-Request-Id') ?? '',
      body: text.startsWith('{') ? (JSON.parse(text) as unknown) : undefined,
    };
  };
  const user = { name: 'admin', domain: { id: 'default' }, password: 'secret-of-sim' };
  await ask('POST', '/identity/v3/auth/tokens', {
    auth: {
      identity: { methods: ['password'], password: { user } },
      scope: { project: { name: 'admin', domain: { id: 'default' } } },
    },
  });
  return { cloud, ask };
}

/** Ids of what the scenario `small` has. */
async function seeds({ ask }: SimClient): Promise<{ flavor: string; image: string }> {
  const flavors = (await ask('GET', '/compute/v2.1/flavors')).body as
    | { flavors?: { id: string }[] }
    | undefined;
  const images = (await ask('GET', '/image/v2/images')).body as { images?: { id: string }[] } | undefined;
  return { flavor: flavors?.flavors?.[0]?.id ?? '', image: images?.images?.[0]?.id ?? '' };
}

/** Asks for a server, which is built when the clock is moved. */
export async function askForServer(
  client: SimClient,
  name = 'web',
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly id: string; readonly requestId: string }> {
  const { flavor, image } = await seeds(client);
  const server = { name, flavorRef: flavor, imageRef: image, networks: 'none' };
  const { body, requestId } = await client.ask('POST', '/compute/v2.1/servers', { server }, headers);
  return { id: (body as { server?: { id: string } } | undefined)?.server?.id ?? '', requestId };
}

/** The records of lines, and how many of them belong to none. */
export function recordsOf(lines: readonly string[]): {
  readonly records: LogRecord[];
  readonly strays: number;
} {
  const reader = new RecordReader();
  const records = lines.map((line) => reader.feed(line)).filter((record) => record !== undefined);
  const last = reader.end();
  return { records: last === undefined ? records : [...records, last], strays: reader.strays };
}
