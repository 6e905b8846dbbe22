import { spawnSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import type { SimulatedCloud } from '@groundcrew/sim';
import { measured, type Measurement, median, timed } from '../../core/bench/measure.ts';
import type { CollectorName } from '../src/metrics.ts';
import { fetchAll } from './fetch-all.ts';
import { ours, type ReadRound, SMALL_HEAP, Worker } from './worker.ts';
import { siteOf } from './simulated-site.ts';

/** The site of openstack-exporter's issue 214, which that reads in 30 seconds. */
const SITE = { hosts: 40, servers: 1_000, ports: 1_800 };
const ROUNDS = 5;
const PYTHON = '/usr/bin/python3';

/** What is collected if nothing is said, with the quotas that that exporter reads, too. */
const EVERYTHING: readonly CollectorName[] = [
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

/** A site's round beside openstacksdk's, figure by figure, and beside fetching the same pages. */
export async function site(): Promise<Measurement[]> {
  await using simulated = siteOf(SITE);
  const { url, connectOptions, env } = await simulated.listen();
  await using reader = ours('reader.ts', { entry: connectOptions, collect: EVERYTHING });
  const [first] = await roundsOf(simulated, reader, 1);
  const fetched: number[] = [];
  const own = await roundsOf(simulated, reader, ROUNDS, async () => {
    const token = [...simulated.state.identity.tokens.values()].at(-1)?.id ?? '';
    const asked = simulated.requests.filter({ method: 'GET' });
    fetched.push(await timed(() => fetchAll(url, token, asked)));
  });
  const peak = reader.peak();
  await using small = ours('reader.ts', { entry: connectOptions, collect: EVERYTHING }, SMALL_HEAP);
  await roundsOf(simulated, small, ROUNDS);
  const { hosts, servers, ports } = SITE;
  const what = `a round of a site: ${hosts} hosts, ${servers} servers, ${ports} ports`;
  const ms = median(own.map((round) => round.ms));
  return [
    ...(await besideSdk(what, simulated, env, { first, own, peak })),
    measured({
      name: `${what}, beside fetch + JSON.parse of the same pages`,
      unit: 'ms',
      value: ms,
      baseline: median(fetched),
    }),
    measured({
      name: "its requests, beside the plan's",
      unit: 'requests',
      value: own.at(-1)?.calls ?? Number.NaN,
      baseline: first?.planned ?? Number.NaN,
      aim: 1,
    }),
    ...memoryLines(await idleMemory(), peak, small.peak()),
  ];
}

/** Decision 0021 says what of it is node's own, and what is garbage that nobody asked node to clear away. */
const memoryLines = (idle: number, peak: number, small: number): Measurement[] =>
  [['its peak memory', peak] as const, [`its peak memory with ${SMALL_HEAP.join(' ')}`, small] as const].map(
    ([what, value]) =>
      measured({
        name: `${what}, beside that of a process in which node does nothing`,
        unit: 'MiB',
        value,
        baseline: idle,
      }),
  );

type Counted = ReadRound & { readonly calls: number };

/** Rounds of a reader, each with the requests that the cloud saw meanwhile. */
async function roundsOf(
  simulated: SimulatedCloud,
  reader: Worker,
  count: number,
  after: () => Promise<void> = () => Promise.resolve(),
): Promise<Counted[]> {
  const rounds: Counted[] = [];
  for (let number = 0; number < count; number += 1) {
    simulated.requests.clear();
    const round = await reader.next<ReadRound>();
    rounds.push({ ...round, calls: simulated.requests.count() });
    await after();
  }
  return rounds;
}

interface Ours {
  readonly first: Counted | undefined;
  readonly own: readonly Counted[];
  readonly peak: number;
}

/** Debian's python3-openstacksdk with the same figures of the same cloud; without it, there is nothing to compare with. */
async function besideSdk(
  what: string,
  simulated: SimulatedCloud,
  env: Readonly<Record<string, string>>,
  { first, own, peak }: Ours,
): Promise<Measurement[]> {
  if (spawnSync(PYTHON, ['-c', 'import openstack']).status !== 0) {
    process.stderr.write(
      'openstacksdk is not installed (apt-get install python3-openstacksdk): not compared\n',
    );
    return [];
  }
  await using reader = new Worker(PYTHON, ['bench/sdk-reader.py'], env);
  const [begun] = await roundsOf(simulated, reader, 1);
  const theirs = await roundsOf(simulated, reader, 3);
  const [last] = own.slice(-1);
  const [other] = theirs.slice(-1);
  if (first === undefined || begun === undefined || last === undefined || other === undefined)
    throw new Error('there was no round');
  const count = requireSame(last.figures, other.figures);
  return [
    measured({
      name: `${what}, beside ${count} of its metrics by openstacksdk, equal in each series`,
      unit: 'ms',
      value: median(own.map((round) => round.ms)),
      baseline: median(theirs.map((round) => round.ms)),
      aim: 0.2,
    }),
    measured({
      name: "its requests, beside openstacksdk's",
      unit: 'requests',
      value: last.calls,
      baseline: other.calls,
      aim: 1,
    }),
    measured({
      name: "the first round's requests, the token and what versions there are included, beside openstacksdk's",
      unit: 'requests',
      value: first.calls,
      baseline: begun.calls,
      aim: 1,
    }),
    measured({
      name: "its peak memory, beside openstacksdk's",
      unit: 'MiB',
      value: peak,
      baseline: reader.peak(),
      aim: 0.5,
    }),
  ];
}

/** How many metrics the other reader has. @throws Error if one of them has other series or values here */
function requireSame(own: ReadRound['figures'], theirs: ReadRound['figures']): number {
  const sorted = (samples: ReadRound['figures'][string]): string[] =>
    samples.map((sample) => JSON.stringify(sample)).toSorted();
  const metrics = Object.entries(theirs).filter(([, samples]) => samples.length > 0);
  for (const [name, samples] of metrics)
    if (!isDeepStrictEqual(sorted(own[name] ?? []), sorted(samples)))
      throw new Error(`${name} is not what openstacksdk reads: ${JSON.stringify([own[name], samples])}`);
  return metrics.length;
}

async function idleMemory(): Promise<number> {
  await using idle = new Worker(process.execPath, [
    '-e',
    'process.stdin.on("data", () => console.log("{}"))',
  ]);
  await idle.next();
  return idle.peak();
}
