import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { connect } from '../src/index.ts';
import { createSend } from '../src/wire/transport.ts';
import { compare, type Measurement, startServer, timed } from './measure.ts';

const SERVERS = 20_000;
const GETS = 5_000;
const CONCURRENCY = 32;

/** The client against the least that could do the same. */
export async function bench(): Promise<Measurement[]> {
  const server = await startServer(SERVERS);
  try {
    return [
      await list(server.url),
      await gets(server.url),
      await getsByKy(server.url),
      await coldStart(),
      ...(await openstacksdk(server.url)),
    ];
  } finally {
    await server.stop();
  }
}

const client = (url: string) =>
  connect({
    auth: {
      auth_url: `${url}/v3`,
      username: 'bench',
      password: 'bench',
      project_name: 'bench',
      user_domain_id: 'default',
      project_domain_id: 'default',
    },
  });

async function listed(url: string): Promise<void> {
  let count = 0;
  for await (const server of client(url).compute.servers.list()) count += server.name === '' ? 0 : 1;
  if (count !== SERVERS) throw new Error(`listed ${count} servers`);
}

function list(url: string): Promise<Measurement> {
  return compare({
    name: `list ${SERVERS} servers, each validated, against fetch + JSON.parse`,
    unit: 'ms',
    aim: 1.5,
    rounds: 7,
    ours: () => timed(() => listed(url)),
    baseline: () =>
      timed(async () => {
        let count = 0;
        for (let next: string | undefined = `${url}/v2.1/servers/detail`; next !== undefined;) {
          const response: Response = await fetch(next);
          const page = JSON.parse(await response.text()) as {
            servers: unknown[];
            servers_links?: { href: string }[];
          };
          count += page.servers.length;
          next = page.servers_links?.[0]?.href;
        }
        if (count !== SERVERS) throw new Error(`fetched ${count} servers`);
      }),
  });
}

function gets(url: string): Promise<Measurement> {
  const cloud = client(url);
  return compare({
    name: `${GETS} single GETs, ${CONCURRENCY} at a time, against fetch + JSON.parse`,
    unit: 'ms',
    aim: 1.25,
    rounds: 7,
    ours: () => timed(() => inParallel((index) => cloud.compute.servers.get({ id: `s${index}` }))),
    baseline: () => timed(() => inParallel((index) => plainGet(url, index))),
  });
}

/** The floor of the GETs: ky and `fetch` alone, with the headers that a call has. Nothing is placed, checked, timed or told. */
function getsByKy(url: string): Promise<Measurement> {
  const send = createSend();
  const headers = {
    accept: 'application/json',
    'x-auth-token': 'bench',
    'openstack-api-version': 'compute 2.1',
  };
  return compare({
    name: `${GETS} single GETs by ky alone, against fetch + JSON.parse`,
    unit: 'ms',
    rounds: 7,
    ours: () =>
      timed(() =>
        inParallel(async (index) => {
          const request = { method: 'GET', url: `${url}/v2.1/servers/s${index}`, headers, timeout: 60_000 };
          return JSON.parse(await (await send(request)).text()) as unknown;
        }),
      ),
    baseline: () => timed(() => inParallel((index) => plainGet(url, index))),
  });
}

const plainGet = async (url: string, index: number): Promise<unknown> =>
  JSON.parse(await (await fetch(`${url}/v2.1/servers/s${index}`)).text()) as unknown;

async function inParallel(work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < GETS) {
      next += 1;
      await work(next);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
}

/** In fresh processes, from what `pnpm build` made: what a user's program pays before its first call. */
function coldStart(): Promise<Measurement> {
  const root = path.join(import.meta.dirname, '..');
  const built = path.join(root, 'dist', 'index.js');
  if (!existsSync(built)) throw new Error('core is not built: run `pnpm build` first');
  const run = (script: string): number => {
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
    });
    if (child.status !== 0) throw new Error(child.stderr);
    return Number(child.stdout);
  };
  const clocked = (work: string): string =>
    `const t = performance.now(); ${work}; console.log(performance.now() - t);`;
  const auth = `{ auth_url: 'http://127.0.0.1:1/v3', username: 'u', password: 'p', project_name: 'p', user_domain_id: 'default', project_domain_id: 'default' }`;
  return compare({
    name: 'cold import and connect(), against importing ky and zod',
    unit: 'ms',
    aim: 1.5,
    rounds: 21,
    ours: async () =>
      run(clocked(`const { connect } = await import('@groundcrew/core'); connect({ auth: ${auth} })`)),
    baseline: async () => run(clocked(`await import('ky'); await import('zod')`)),
  });
}

/** Debian's python3-openstacksdk with the same list; without it, there is nothing to compare with. */
async function openstacksdk(url: string): Promise<Measurement[]> {
  const python = '/usr/bin/python3';
  if (spawnSync(python, ['-c', 'import openstack']).status !== 0) {
    process.stderr.write(
      'openstacksdk is not installed (apt-get install python3-openstacksdk): not compared\n',
    );
    return [];
  }
  const script = `
import openstack, time
c = openstack.connection.Connection(auth=dict(auth_url='${url}/v3', username='bench', password='bench', project_name='bench', user_domain_id='default', project_domain_id='default'), region_name='RegionOne', compute_default_microversion='2.1')
t = time.perf_counter()
n = sum(1 for s in c.compute.servers())
assert n == ${SERVERS}, n
print((time.perf_counter() - t) * 1000)`;
  return [
    await compare({
      name: `list ${SERVERS} servers, against openstacksdk`,
      unit: 'ms',
      rounds: 3,
      ours: () => timed(() => listed(url)),
      baseline: async () => {
        const child = spawnSync(python, ['-c', script], { encoding: 'utf8' });
        if (child.status !== 0) throw new Error(child.stderr);
        return Number(child.stdout);
      },
    }),
  ];
}
