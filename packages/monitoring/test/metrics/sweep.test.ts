import type { Cloud } from '@groundcrew/core';
import {
  type FaultReply,
  hang,
  htmlPage,
  odd,
  oddAnswers,
  reset,
  simulateCloud,
  status,
  truncate,
} from '@groundcrew/sim';
import { describe, expect, test } from 'vitest';
import {
  collectMetrics,
  type CollectorName,
  metricCollectors,
  type MetricsRound,
} from '../../src/metrics.ts';
import { client } from './clouds.ts';

/*
 * Every collector meets every kind of refusal, failure and odd answer at every endpoint that it touches, on each page and on
 * the second one. What is asked of each combination: no sample says what it did not say without the fault (so that no total is
 * that of half a list, and none is 0), and no collector is `complete` that does not say all that it said before.
 *
 * openstack-exporter issue 214 (`up` while half of it failed); the kinds are those of `odd-answers.ts` of sim.
 */
const simulated = simulateCloud({ scenario: 'unhealthy', loadBalancer: true });

const replies: Readonly<Record<string, FaultReply>> = {
  '401': status(401),
  '403': status(403),
  '404': status(404),
  '404 of a proxy': htmlPage(404),
  '429': status(429, { retryAfter: 1 }),
  '500': status(500),
  '502 of a proxy': htmlPage(502),
  '503': status(503, { retryAfter: 1 }),
  timeout: hang(),
  reset: reset(),
  'reset after the work': reset('after'),
  'cut JSON': truncate(40),
  // Nobody can tell half of a list, without a word of the rest, from a smaller cloud.
  ...Object.fromEntries(oddAnswers.filter((kind) => kind !== 'half').map((kind) => [kind, odd(kind)])),
};

/** Milliseconds of the machine's for one attempt, in the one kind of answer that never comes. */
const ATTEMPT = 25;

/** Bytes of an answer, so that a compressed bomb is soon too large. */
const MAX_BODY = 1024 * 1024;

const clientFor = (kind: string): Cloud =>
  client(simulated, {
    page: 2,
    retries: 0,
    maxBody: MAX_BODY,
    ...(kind === 'timeout' ? { timeout: ATTEMPT } : {}),
  });

const shared = clientFor('');
const impatient = clientFor('timeout');

/** One that has signed in and found the services, unless that is what meets the answer. */
const clientAt = ({ operation }: Endpoint, kind: string): Cloud =>
  operation === 'versions' ? clientFor(kind) : kind === 'timeout' ? impatient : shared;

interface Endpoint {
  readonly service: string;
  readonly operation: string;
  /** Requests of a round. */
  readonly count: number;
}

interface CleanRun {
  readonly name: CollectorName;
  readonly round: MetricsRound;
  readonly endpoints: readonly Endpoint[];
}

const collected = (name: CollectorName, cloud: Cloud): Promise<MetricsRound> =>
  collectMetrics(cloud, { collect: [name], ids: [name] });

async function cleanRun(name: CollectorName): Promise<CleanRun> {
  simulated.requests.clear();
  const round = await collected(name, clientFor(''));
  const counts = new Map<string, Endpoint>();
  for (const { service, operation } of simulated.requests.filter({ method: 'GET' })) {
    const count = (counts.get(`${service} ${operation}`)?.count ?? 0) + 1;
    counts.set(`${service} ${operation}`, { service, operation, count });
  }
  return { name, round, endpoints: [...counts.values()] };
}

/** What `control-characters` puts behind names. */
const UNRULY = '\u001B[2J\u001B]0;title\u0007\u0000\u202E\uFFFD';

/** Values by metric and labels. */
const saidBy = ({ families }: MetricsRound): ReadonlyMap<string, number> =>
  new Map(
    families.flatMap(({ metric, samples }) =>
      samples.map(({ labels, value }) => [
        `${metric.name} ${JSON.stringify(labels.map((label) => label.replaceAll(UNRULY, '')))}`,
        value,
      ]),
    ),
  );

async function wrongWith({ name, round }: CleanRun, endpoint: Endpoint, kind: string, skip: number) {
  const { service, operation } = endpoint;
  const reply = Object.entries(replies).find(([key]) => key === kind)?.[1] as FaultReply;
  const fault = simulated.fault({ match: { service, operation, method: 'GET' }, skip, reply });
  let after: MetricsRound;
  try {
    after = await collected(name, clientAt(endpoint, kind));
  } finally {
    fault.stop();
  }
  const where = `${service} ${operation}${skip > 0 ? ' from the second on' : ''} answers ${kind}`;
  if (fault.struck === 0) return [`${where}: it was never asked`];
  return differences(round, after, where);
}

/** What a round says with a fault that it may not say, beside the clean one. */
function differences(before: MetricsRound, after: MetricsRound, where: string): string[] {
  const clean = saidBy(before);
  const said = saidBy(after);
  const wrong = [...said]
    .filter(([key, value]) => clean.get(key) !== value)
    .map(([key, value]) => `${where}: ${key} is ${value}, and was ${clean.get(key)}`);
  for (const { collector, completeness, gaps } of after.collectors) {
    const count = ({ families }: MetricsRound): number =>
      families.filter((family) => family.collector === collector).flatMap(({ samples }) => samples).length;
    if (completeness !== 'complete') {
      if (gaps.length === 0) wrong.push(`${where}: ${collector} is ${completeness} without a gap`);
    } else if (count(after) !== count(before))
      wrong.push(`${where}: ${collector} is complete with ${count(after)} of ${count(before)} samples`);
  }
  return wrong;
}

// Its backup service is down: nothing could be backed up.
for (const service of simulated.state.blockStorage.services.values())
  if (service.binary === 'cinder-backup') Object.assign(service, { deadSince: undefined, disabled: false });
// More than a page of each.
for (let number = 1; number <= 3; number += 1) {
  const { id } = await shared.blockStorage.volumes.create({ name: `disk-${number}`, size: number });
  await simulated.clock.advance('10s');
  await shared.blockStorage.snapshots.create({ volume_id: id, name: `snapshot-${number}` });
  await shared.blockStorage.backups.create({ volume_id: id, name: `backup-${number}` });
  await simulated.clock.advance('1m');
}

const runs: CleanRun[] = [];
for (const name of Object.keys(metricCollectors)) runs.push(await cleanRun(name as CollectorName));

const kinds = Object.keys(replies);
const placesOf = ({ endpoints }: CleanRun): (readonly [Endpoint, number])[] =>
  endpoints.flatMap((endpoint) =>
    (endpoint.count > 1 ? [0, 1] : [0]).map((skip) => [endpoint, skip] as const),
  );
// Of others than Nova a status UNKNOWN is a status like any other.
const kindsAt = ({ service }: Endpoint): readonly string[] =>
  kinds.filter((kind) => kind !== 'down-cell' || service === 'compute');
const combinations = runs.flatMap(placesOf).reduce((sum, [endpoint]) => sum + kindsAt(endpoint).length, 0);

describe(`${runs.length} collectors, ${kinds.length} kinds of answers, ${combinations} combinations with endpoints`, () => {
  test.each(runs.map((run) => [run.name, placesOf(run).length, run] as const))(
    '%s at %i places',
    async (_name, _count, run) => {
      expect(run.round.collectors).toMatchObject([{ completeness: 'complete', gaps: [] }]);
      expect(run.round.families.length).toBeGreaterThan(0);
      const wrong: string[] = [];
      for (const [endpoint, skip] of placesOf(run))
        for (const kind of kindsAt(endpoint)) wrong.push(...(await wrongWith(run, endpoint, kind, skip)));
      expect(wrong).toEqual([]);
    },
  );

  test('what comes instead of a token: no sample says anything else, and no collector is complete with less', async () => {
    const wrong: string[] = [];
    const clean = await collectMetrics(clientFor(''), {});
    for (const [kind, reply] of Object.entries(replies)) {
      const fault = simulated.fault({ match: { service: 'identity', method: 'POST' }, reply });
      const after = await collectMetrics(clientFor(kind), {});
      fault.stop();
      wrong.push(...differences(clean, after, kind));
    }
    expect(wrong).toEqual([]);
  });
});
