/** A token, and where the services are that it is for. */
export interface LabToken {
  readonly text: string;
  readonly compute: string;
  readonly network: string;
  readonly blockStorage: string;
}

interface Catalogue {
  readonly token: {
    readonly catalog: readonly {
      readonly type: string;
      readonly endpoints: readonly { readonly interface: string; readonly url: string }[];
    }[];
  };
}

/** Asks Keystone for a token, by the variables of the `openstack` command: it is to live longer than any client. */
export async function tokenOf(env: Readonly<Record<string, string>>): Promise<LabToken> {
  const domain = { name: 'Default' };
  const user = { name: env['OS_USERNAME'], password: env['OS_PASSWORD'], domain };
  const answer = await fetch(`${env['OS_AUTH_URL']?.replace(/\/v3\/?$/, '')}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: { methods: ['password'], password: { user } },
        scope: { project: { name: env['OS_PROJECT_NAME'], domain } },
      },
    }),
  });
  const { catalog } = ((await answer.json()) as Catalogue).token;
  const url = (...types: string[]): string => {
    const found = catalog.find(({ type }) => types.includes(type));
    return found?.endpoints.find((endpoint) => endpoint.interface === 'public')?.url ?? '';
  };
  return {
    text: answer.headers.get('x-subject-token') ?? '',
    compute: url('compute'),
    network: url('network'),
    blockStorage: url('volumev3', 'block-storage'),
  };
}

type Things = readonly Readonly<Record<string, unknown>>[];

/** What a token shows of a project, in what must not change. @throws where a service answers with an error */
export async function seenWith({ text, compute, network, blockStorage }: LabToken): Promise<{
  readonly servers: Things;
  readonly ports: Things;
  readonly volumes: Things;
}> {
  const get = async (url: string, key: string, ...fields: string[]): Promise<Things> => {
    const answer = await fetch(url, { headers: { 'x-auth-token': text } });
    if (!answer.ok) throw new TypeError(`${url} answers ${answer.status}`);
    const things = ((await answer.json()) as Readonly<Record<string, Things>>)[key] ?? [];
    return things.map((thing) => Object.fromEntries(fields.map((field) => [field, thing[field]])));
  };
  return {
    servers: await get(`${compute}/servers/detail`, 'servers', 'id', 'name', 'status', 'addresses'),
    ports: await get(`${network}/v2.0/ports`, 'ports', 'id', 'mac_address', 'fixed_ips', 'device_id'),
    volumes: await get(`${blockStorage}/volumes/detail`, 'volumes', 'id', 'name', 'status', 'size'),
  };
}
