import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { type SimulatedCloud, simulateCloud } from '@groundcrew/sim';
import { type Measurement, timed } from '../../core/bench/measure.ts';
import { exposition } from './exposition.ts';

/** The site of openstack-exporter's issue 214, which that reads in 30 seconds. */
const SITE = { hosts: 40, servers: 1_000, ports: 1_800 };
const ROUNDS = 5;
/** What is collected if nothing is said, with the quotas that that exporter reads, too. */
const EVERYTHING = [
  'servers',
  'hypervisors',
  'compute-services',
  'volumes',
  'snapshots',
  'backups',
  'pools',
  'volume-services',
  'images',
  'networks',
  'subnets',
  'ports',
  'routers',
  'floating-ips',
  'security-groups',
  'network-agents',
  'ip-availability',
  'compute-quotas',
  'volume-quotas',
  'network-quotas',
];

interface Round {
  readonly ms: number;
  readonly calls: number;
  readonly planned: number;
  readonly peakMiB: number;
}

/**
 * A site's round beside fetching the same pages; 100,000 servers beside 10,000, in memory, and beside the plan, in calls. The
 * simulated cloud is in this process, each round in one of its own. Then what an exporter of 100,000 series costs, beside what
 * Prometheus needs to take them in.
 */
export async function bench(): Promise<Measurement[]> {
  return [...(await site()), ...(await huge()), ...(await exposition())];
}

async function site(): Promise<Measurement[]> {
  await using simulated = cloudOf(SITE);
  const { url, connectOptions } = await simulated.listen();
  const rounds: Round[] = [];
  const fetched: number[] = [];
  for (let number = 0; number < ROUNDS; number += 1) {
    simulated.requests.clear();
    rounds.push(await round(connectOptions, EVERYTHING));
    const asked = simulated.requests.filter({ method: 'GET' }).slice(-(rounds.at(-1)?.calls ?? 0));
    const token = [...simulated.state.identity.tokens.values()].at(-1)?.id ?? '';
    fetched.push(await timed(() => fetchAll(url, token, asked)));
  }
  const [first] = rounds as [Round];
  const ms = median(rounds.map((each) => each.ms));
  const { hosts, servers, ports } = SITE;
  return [
    measured({
      name: `a round of a site: ${hosts} hosts, ${servers} servers, ${ports} ports, beside fetch + JSON.parse of the same pages`,
      unit: 'ms',
      value: ms,
      baseline: median(fetched),
    }),
    measured({
      name: "its requests, beside the plan's",
      unit: 'requests',
      value: first.calls,
      baseline: first.planned,
      aim: 1,
    }),
    measured({
      name: 'its peak memory, beside a round of services only',
      unit: 'MiB',
      value: first.peakMiB,
      baseline: (await round(connectOptions, ['compute-services'])).peakMiB,
    }),
  ];
}

async function huge(): Promise<Measurement[]> {
  const rounds: Round[] = [];
  for (const servers of [10_000, 100_000]) {
    await using simulated = cloudOf({ hosts: 500, servers, ports: 0 });
    const { connectOptions } = await simulated.listen();
    rounds.push(await round(connectOptions, ['servers'], SMALL_HEAP));
  }
  const [small, large] = rounds as [Round, Round];
  return [
    measured({
      name: "requests for 100,000 servers, beside the plan's",
      unit: 'requests',
      value: large.calls,
      baseline: large.planned,
      aim: 1,
    }),
    measured({
      name: 'peak memory of a round over 100,000 servers, beside one over 10,000, both with a heap of 64 MiB',
      unit: 'MiB',
      value: large.peakMiB,
      baseline: small.peakMiB,
      aim: 1.3,
    }),
    measured({
      name: 'a round over 100,000 servers, beside ten over 10,000',
      unit: 'ms',
      value: large.ms,
      baseline: 10 * small.ms,
    }),
  ];
}

const measured = ({
  aim,
  ...line
}: Pick<Measurement, 'name' | 'unit' | 'value' | 'baseline'> & { readonly aim?: number }): Measurement => ({
  ...line,
  ratio: line.value / line.baseline,
  aim,
});

/** Without it the longer round has only the more garbage: V8 takes what a machine has before it clears away. */
const SMALL_HEAP = ['--max-semi-space-size=2', '--max-old-space-size=64'];

async function round(
  connectOptions: object,
  collect: readonly string[],
  flags: readonly string[] = [],
): Promise<Round> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...flags,
    '--conditions=@groundcrew/source',
    path.join(import.meta.dirname, 'round.ts'),
    JSON.stringify(connectOptions),
    JSON.stringify(collect),
  ]);
  return JSON.parse(stdout) as Round;
}

/** Four at once, as a round does. */
async function fetchAll(
  url: string,
  token: string,
  asked: readonly { readonly path: string; readonly microversion: string | undefined }[],
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let request = asked[next++]; request !== undefined; request = asked[next++]) {
      const version = request.microversion;
      const service = request.path.startsWith('/volume') ? 'volume' : 'compute';
      const response = await fetch(`${url}${request.path}`, {
        headers: {
          'x-auth-token': token,
          ...(version === undefined ? {} : { 'openstack-api-version': `${service} ${version}` }),
        },
      });
      if (!response.ok) throw new Error(`${request.path}: ${response.status}`);
      JSON.parse(await response.text());
    }
  };
  await Promise.all(Array.from({ length: 4 }, lane));
}

/** The scenario `huge`, with so many things. */
function cloudOf({ hosts, servers, ports }: typeof SITE): SimulatedCloud {
  const simulated = simulateCloud({ scenario: 'huge' });
  const { compute, network } = simulated.state;
  const kept = new Set(
    compute.hypervisors
      .values()
      .slice(0, hosts)
      .map(({ host }) => host),
  );
  for (const { id, host } of compute.hypervisors.values())
    if (!kept.has(host)) compute.hypervisors.delete(id);
  for (const { id, host, binary } of compute.services.values())
    if (binary === 'nova-compute' && !kept.has(host)) compute.services.delete(id);
  for (const { id, host } of network.agents.values())
    if (host.startsWith('compute-') && !kept.has(host)) network.agents.delete(id);
  const [template] = compute.servers.newestFirst();
  if (template === undefined) throw new Error('the scenario has no servers');
  const places = [...kept];
  const idOf = (index: number): string => `5eed0000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
  compute.servers.imagine({
    count: servers,
    make: (index) => ({
      ...template,
      id: idOf(index),
      serial: index + 1,
      name: `vm-${index}`,
      host: places[index % hosts] ?? '',
    }),
    indexOf: (id) => {
      const index = Number.parseInt(id.slice(-12), 16);
      return index < servers ? index : undefined;
    },
  });
  const [port] = network.ports.values();
  if (port === undefined) throw new Error('the scenario has no port');
  for (let index = 0; index < ports; index += 1)
    network.ports.add({ ...port, id: `90200000-0000-4000-8000-${String(index).padStart(12, '0')}` });
  return simulated;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
