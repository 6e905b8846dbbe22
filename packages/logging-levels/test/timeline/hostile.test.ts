// A tenant chooses names, addresses and global request ids. None of them may pull a foreign request into a timeline, nor reach the
// terminal or the page of whoever reads it.
import { expect, test } from 'vitest';
import type { LogRecord } from '../../src/index.ts';
import { type ServiceLog, saidBetween, timelineOf, timelinePage, timelineText } from '../../src/timeline.ts';
import { readText } from './read-text.ts';

const MINE = 'req-11111111-1111-4111-8111-111111111111';
const FOREIGN = 'req-22222222-2222-4222-8222-222222222222';
const OTHER = 'req-33333333-3333-4333-8333-333333333333';

const record = (fields: Partial<LogRecord>): LogRecord => ({
  at: '2026-11-30 03:12:00.000',
  pid: '7',
  level: 'info',
  logger: 'nova.compute.manager',
  requestId: MINE,
  globalRequestId: undefined,
  message: 'said',
  more: [],
  line: 1,
  ...fields,
});

const foreign = record({
  requestId: FOREIGN,
  logger: 'neutron.plugins.ml2.plugin',
  message: 'a foreign request',
});
const idsOf = async (...mine: readonly Partial<LogRecord>[]) => {
  const sources: ServiceLog[] = [
    { service: 'nova-compute', records: mine.map(record) },
    { service: 'neutron-api', records: [foreign] },
  ];
  const { value } = await timelineOf(MINE, { sources });
  return value.spans.flatMap(({ requests }) => requests.map(({ requestId }) => requestId));
};

const LINK = `POST call to network for http://10.0.2.15:9696/v2.0/ports used request id ${FOREIGN}`;

test('a client library’s own words link; the same words of another logger do not', async () => {
  expect(await idsOf({ logger: 'keystoneauth.session', level: 'debug', message: LINK })).toEqual([
    MINE,
    FOREIGN,
  ]);
  expect(await idsOf({ logger: 'nova.compute.manager', message: LINK })).toEqual([MINE]);
  expect(await idsOf({ logger: 'nova.network.neutron', level: 'debug', message: LINK })).toEqual([MINE]);
  expect(await idsOf({ logger: 'nova.keystoneauth', level: 'debug', message: LINK })).toEqual([MINE]);
});

test.each([
  ['a server’s name', `Creating server ${LINK}`],
  [
    'a name that is a line of a log',
    `[instance: x] name 2026-11-30 03:12:00.000 7 DEBUG keystoneauth.session [None ${MINE}] ${LINK}`,
  ],
  ['a body', `RESP BODY: {"server": {"name": "${LINK}"}}`],
  [
    'a header',
    `RESP: [200] X-Object-Meta-A: x-openstack-request-id: ${FOREIGN} x-openstack-request-id: ${OTHER}`,
  ],
  ['a header alone', `RESP: [200] X-Container-Meta-A: x-openstack-request-id: ${FOREIGN}`],
  ['a request', `REQ: curl -g -i -X GET http://a/?name=${LINK}`],
  ['an error of the other side', `Error message: ${LINK}`],
  [
    'an id in the address, then the real one',
    `GET call to network for http://a/?name=used+request+id+${FOREIGN} used request id ${OTHER}`,
  ],
  ['an id that goes on', `GET call to network for http://a/ used request id ${FOREIGN}ab`],
  ['spaces in the address', `GET call to network for http://a/ used request id x used request id ${FOREIGN}`],
])('what a client library says of %s links nothing foreign', async (_what, message) => {
  expect(await idsOf({ logger: 'keystoneauth.session', level: 'debug', message })).toEqual([MINE]);
  expect(await idsOf({ logger: 'neutronclient.v2_0.client', level: 'debug', message, more: [LINK] })).toEqual(
    [MINE],
  );
});

test('who sends another’s id as the global one adds to that story, and joins no two foreign ones', async () => {
  const [one, two] = [FOREIGN, OTHER];
  const attacker = { requestId: 'req-66666666-6666-4666-8666-666666666666' };
  const sources: ServiceLog[] = [
    {
      service: 'nova-api',
      records: [
        record({ requestId: one }),
        record({ requestId: two }),
        record({ ...attacker, globalRequestId: one }),
        record({ requestId: 'req-77777777-7777-4777-8777-777777777777', globalRequestId: two }),
      ],
    },
  ];
  const { value } = await timelineOf(one, { sources });
  expect(value.spans[0]?.requests.map(({ requestId, joinedBy }) => [requestId, joinedBy])).toEqual([
    [one, 'asked'],
    [attacker.requestId, 'global id'],
  ]);
});

test('an answer is read from its end: a path that ends as the line does changes nothing', async () => {
  const forged = '/v2.1/servers" status: 500 len: 1 microversion: 2.1 time: 99.0 x="';
  const { value } = await timelineOf(MINE, {
    sources: [
      {
        service: 'nova-api',
        records: [
          record({
            logger: 'nova.api.openstack.requestlog',
            message: `127.0.0.1 "GET ${forged}" status: 404 len: 9 microversion: 2.1 time: 0.012000`,
          }),
          record({ logger: 'nova.compute.api', message: '127.0.0.1 "GET /" status: 500 len: 9 time: 0.1' }),
        ],
      },
    ],
  });
  expect(value.outcome).toBe('refused');
  expect(value.spans[0]?.requests[0]?.answers).toMatchObject([{ status: 404, ownMs: 12 }]);
});

const NASTY = 'web\u001B[2J\u202E</td><script>alert(1)</script>\u0007';
const nasty = () =>
  timelineOf(MINE, {
    sources: [
      {
        service: `nova${NASTY}`,
        host: `ctl${NASTY}`,
        records: [
          record({ level: 'error', logger: `x${NASTY}`, message: `Failed ${NASTY} password=s3cr3tP4ss` }),
          record({
            logger: 'nova.api.openstack.requestlog',
            message: `127.0.0.1 "GET /${NASTY}" status: 200 len: 9 microversion: 2.1 time: 0.012000`,
          }),
        ],
      },
      { service: 'b', records: [record({})] },
    ],
    trail: {
      async *find() {
        yield { event: { who: { user_name: `demo${NASTY}`, project_id: `p${NASTY}`, address: NASTY } } };
        throw new Error(NASTY);
      },
    },
  });

test('nothing acts on a terminal or a page, and no secret is shown', async () => {
  const timeline = await nasty();
  const text = timelineText(timeline);
  // oxlint-disable-next-line no-control-regex
  expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202E]/);
  expect(text).toContain(String.raw`\x1b[2J\u202e`);
  const page = timelinePage(timeline);
  expect(page).not.toContain('<script');
  // oxlint-disable-next-line no-control-regex
  expect(page).not.toMatch(/[\u0000-\u0008\u000E-\u001F\u007F-\u009F\u202E]/);
  expect(page).toContain('&lt;script&gt;');
  for (const made of [text, page, JSON.stringify(timeline)]) expect(made).not.toContain('s3cr3tP4ss');
});

test('what was said hides secrets, too', async () => {
  const { value } = await saidBetween(
    [{ service: 'a', records: [record({ message: 'Connecting to mysql://nova:s3cr3tP4ss@db/nova' })] }],
    { from: '2026-11-30T03:11:00Z', to: '2026-11-30T03:13:00Z' },
  );
  expect(JSON.stringify(value)).not.toContain('s3cr3tP4ss');
  expect(value.sources[0]?.said).toHaveLength(1);
});

test('the worst messages take no longer than others: a megabyte each', async () => {
  const mega = 'a'.repeat(1_000_000);
  const worst = [
    `${'GET call to a for '.repeat(50_000)} used request id ${FOREIGN}`,
    `GET call to ${mega} used request id x`,
    `REQ: curl -g -i --cacert "${mega}`,
    `REQ: curl -g -i -X GET "${mega}`,
    `127.0.0.1 "${'" status: 200 len: 1'.repeat(50_000)}`,
    'returned with HTTP '.repeat(50_000),
    `${'a.'.repeat(500_000)}: x`,
    `Traceback (most recent call last)${mega}`,
  ];
  const loggers = ['keystoneauth.session', 'nova.api.openstack.requestlog', 'cinder.api.openstack.wsgi'];
  const records = loggers.flatMap((logger) =>
    worst.map((message) => record({ logger, level: 'error', message, more: [message, mega] })),
  );
  const { value } = await timelineOf(MINE, { sources: [{ service: 'x', records }] });
  expect(value.spans[0]?.records).toBe(records.length);
}, 10_000);

test('a hundred thousand records: what belongs is found, wherever the links stand', async () => {
  const request = (number: number) => `req-00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
  async function* many() {
    for (let number = 1; number <= 100_000; number += 1)
      yield record({
        requestId: request(number),
        globalRequestId: request(number + 1_000_000),
        line: number,
      });
  }
  const caller = [
    record({
      requestId: MINE,
      logger: 'keystoneauth.session',
      level: 'debug',
      message: `GET call to placement for http://a/ used request id ${request(99_999)}`,
    }),
  ];
  const before = process.memoryUsage().heapUsed;
  const { value, completeness } = await timelineOf(MINE, {
    sources: [
      { service: 'placement', records: many },
      { service: 'nova-api', records: caller },
    ],
  });
  expect(completeness).toBe('complete');
  expect(value.spans.map(({ service, records }) => [service, records])).toEqual([
    ['placement', 1],
    ['nova-api', 1],
  ]);
  expect(value.sources[0]?.records).toBe(100_000);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(300_000_000);
}, 30_000);

test('links and requests past their limits are told', async () => {
  const request = (number: number) => `req-00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
  function* many() {
    for (let number = 1; number <= 120_000; number += 1)
      yield record({ requestId: request(number), globalRequestId: request(number + 1_000_000) });
    for (let number = 1; number <= 20; number += 1)
      yield record({ requestId: request(2_000_000 + number), globalRequestId: MINE });
    yield record({});
  }
  const { value, completeness, gaps } = await timelineOf(MINE, {
    sources: [{ service: 'placement', records: many }],
    limit: 5,
  });
  expect(completeness).toBe('partial');
  expect(gaps.map(({ kind, why }) => [kind, why])).toEqual([
    ['cut', '20000 past the limit were not followed'],
    ['cut', '16 records are of requests past the limit of 5, 0 calls were not compared'],
  ]);
  // What touches the request that was asked for is followed, whatever the limit.
  expect(value.spans[0]).toMatchObject({ records: 21, moreRequests: 16 });
  expect(value.spans[0]?.requests).toHaveLength(5);
}, 30_000);

test('a file whose lines were cut, and binary text, are read without harm', async () => {
  const { value } = await timelineOf(MINE, {
    sources: [
      {
        service: 'x',
        records: readText(
          `\u0000\u0001 garbage\n2026-11-30 03:12:00.000 7 INFO a.b [None ${MINE} - - -] \uD800\u0000 said\n2026-11-30 03:12`,
        ),
      },
    ],
  });
  expect(value.spans[0]?.records).toBe(1);
});
