// What our own client says and hears, beside the logs of the services that it asked: one story.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from '@groundcrew/core';
import { conversationLog, recordConversation, type RecordedExchange } from '@groundcrew/core/conversation';
import { simulateCloud, type SimulatedCloud, status } from '@groundcrew/sim';
import { expect, test } from 'vitest';
import type { LogRecord } from '../../src/index.ts';
import { readLogs } from '../../src/read.ts';
import { timelineOf, timelineText } from '../../src/timeline.ts';
import { readText } from './read-text.ts';

/** By how much the clock of the services is ahead of the client's. */
const AHEAD = 5000;
const RUN = 'req-00000000-0000-4000-8000-00000000000f';

/** What a service writes of the requests that it got, as Nova's access log has it: each in the middle of its exchange. */
const accessLog = (
  cloud: SimulatedCloud,
  service: string,
  exchanges: readonly RecordedExchange[],
): LogRecord[] =>
  cloud.requests.filter({ service }).flatMap(({ method, path: asked, status: answered, requestId }) => {
    const exchange = exchanges.find(({ answer }) => answer?.requestId === requestId);
    // Version documents are not told the id.
    if (exchange === undefined) return [];
    const at = Date.parse(exchange.at) + exchange.durationMs / 2 + AHEAD;
    const time = new Date(at).toISOString().replace('T', ' ').replace('Z', '');
    return readText(
      `${time} 7 INFO nova.api.openstack.requestlog [None ${requestId} - - - - - -] 127.0.0.1 "${method} ${asked}" status: ${answered} len: 5 microversion: 2.1 time: 0.000100`,
    );
  });

test('a client’s recording is a source of a timeline, and tells by how much the clocks differ', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'own-client-'));
  await using cloud = simulateCloud({ seed: 7 });
  const { connectOptions } = await cloud.listen({ port: 0 });
  const exchanges: RecordedExchange[] = [];
  using conversation = recordConversation({ to: (exchange) => void exchanges.push(exchange) });
  await using client = connect({ ...connectOptions, clock: cloud.clock, fetch: conversation.fetch });
  cloud.fault({
    match: { operation: 'servers.list' },
    first: 1,
    reply: status(500, { message: 'no cell\nanswered' }),
  });
  await expect(Array.fromAsync(client.compute.servers.list())).rejects.toThrow('no cell');
  await Array.fromAsync(client.network.networks.list());

  const log = path.join(folder, 'script.log');
  await writeFile(log, exchanges.map((exchange) => conversationLog(exchange, { requestId: RUN })).join(''));
  const reading = readLogs(log);
  const records = await Array.fromAsync(reading);
  // Every line is a record of oslo.log's, and nobody's line is among them: not in what the error said, either.
  expect(reading.report()).toMatchObject({ gaps: [] });
  expect(records.length).toBe(
    exchanges.reduce((count, { answer }) => count + (answer?.requestId === undefined ? 3 : 4), 0),
  );
  expect(new Set(records.map(({ format, level, logger }) => [format, level, logger].join(' ')))).toEqual(
    new Set(['oslo debug groundcrewclient.session']),
  );

  const sources = [
    { service: 'our-script', host: 'laptop', records },
    { service: 'nova-api', host: 'ctl-1', records: accessLog(cloud, 'compute', exchanges) },
    { service: 'neutron-server', host: 'ctl-1', records: accessLog(cloud, 'network', exchanges) },
  ];
  const failed = exchanges.find(({ operation }) => operation === 'servers.list')?.answer?.requestId ?? '';
  for (const id of [RUN, failed]) {
    const timeline = await timelineOf(id, { sources, correctClocks: true });
    expect(timeline.completeness).toBe('complete');
    const { spans, outcome, clocks } = timeline.value;
    expect(spans.map(({ service }) => service).toSorted()).toEqual([
      'neutron-server',
      'nova-api',
      'our-script',
    ]);
    const nova = spans.find(({ service }) => service === 'nova-api');
    expect(nova?.requests.find(({ requestId }) => requestId === failed)).toMatchObject({
      joinedBy: id === failed ? 'asked' : 'client',
      answers: [{ status: 500, method: 'GET' }],
    });
    expect(outcome).toBe('failed');
    // One of the two is the reference; the other is ahead or behind by what the services' clock is off.
    const bounded = clocks.find(({ state }) => state === 'bounded');
    const sign = bounded?.host === 'ctl-1' ? 1 : -1;
    const [low = 0, high = 0] = [bounded?.lowerMs, bounded?.upperMs]
      .map((ms) => (ms ?? 0) * sign)
      .toSorted((a, b) => a - b);
    expect(low).toBeLessThanOrEqual(AHEAD);
    expect(high).toBeGreaterThanOrEqual(AHEAD);
    expect(timelineText(timeline)).toContain('our-script');
  }

  // Without an id of the run each exchange is a story of its own.
  const apart = readText(exchanges.map((exchange) => conversationLog(exchange)).join(''));
  const alone = await timelineOf(failed, {
    sources: [{ service: 'our-script', records: apart }, ...sources.slice(1)],
  });
  expect(alone.value.spans.map(({ service }) => service).toSorted()).toEqual(['nova-api', 'our-script']);
  await rm(folder, { recursive: true });
});
