import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogRecord } from '../../src/index.ts';
import { clockSkews } from '../../src/timeline/clock-skew.ts';
import { type ServiceLog, timelineOf, timelineText } from '../../src/timeline.ts';

const id = (number: number): string => `req-00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
const START = Date.parse('2026-11-30T03:12:00Z');

/** As oslo.log writes a time: what is below a millisecond is cut off. */
const written = (ms: number): string =>
  new Date(Math.floor(ms)).toISOString().replace('T', ' ').replace('Z', '');

function recordAt(ms: number, fields: Partial<LogRecord>): LogRecord {
  return {
    at: written(ms),
    pid: '7',
    level: 'debug',
    logger: 'nova.compute.manager',
    requestId: id(1),
    globalRequestId: undefined,
    message: 'said',
    more: [],
    line: 1,
    ...fields,
  };
}

const REQUEST = (url: string) =>
  `REQ: curl -g -i -X GET ${url}?a=b -H "Accept: application/json" -H "X-Auth-Token: {SHA256}abc"`;
const ANSWER = (url: string, callee: string) =>
  `GET call to placement for ${url}?a=b used request id ${callee}`;

interface Call {
  readonly from: number;
  readonly to: number;
  /** Milliseconds from the start of the request to it, on the way, in the service, and back. */
  readonly begins: number;
  readonly way: number;
  readonly work: number;
  readonly back: number;
  /** What the service logs: the answer before it is sent, after it, or none; and whether it says something before. */
  readonly access: 'requestlog' | 'eventlet' | 'none';
  readonly says: boolean;
  /** Work that goes on after the answer, as of a cast. */
  readonly later: number;
  readonly url: number;
}

const HOSTS = ['ctl', 'compute', 'network', 'storage'];
/** To the tenth of a millisecond, evenly: doubles would nearly all be tiny. */
const aTime = (most: number) => fc.nat(most * 10).map((tenths) => tenths / 10);
const aCall: fc.Arbitrary<Call> = fc.record({
  from: fc.nat(3),
  to: fc.nat(3),
  begins: aTime(5000),
  way: aTime(300),
  work: aTime(2000),
  back: aTime(300),
  access: fc.constantFrom('requestlog', 'eventlet', 'none'),
  says: fc.boolean(),
  later: aTime(4000),
  url: fc.nat(1),
});

/** What the hosts write, each by its own clock. All calls are made by one request, from any host to any other, side by side. */
function logsOf(calls: readonly Call[], skews: readonly number[]): ServiceLog[] {
  const logs = HOSTS.map((): { at: number; record: LogRecord }[] => []);
  const write = (host: number, at: number, fields: Partial<LogRecord>) =>
    logs[host]?.push({ at, record: recordAt(START + at + (skews[host] ?? 0), fields) });
  for (const [index, call] of calls.entries()) {
    const callee = id(index + 100);
    const url = `http://10.0.0.1:8778/${call.url}`;
    const { from, to, begins } = call;
    const arrives = begins + call.way;
    const answers = arrives + call.work;
    write(from, begins, { logger: 'keystoneauth.session', message: REQUEST(url) });
    const own = { requestId: callee, globalRequestId: id(1) };
    if (call.says) write(to, arrives, own);
    if (call.access === 'requestlog')
      write(to, answers, {
        ...own,
        level: 'info',
        logger: 'placement.requestlog',
        message: '10.0.0.2 "GET /0" status: 200 len: 9 microversion: 1.36',
      });
    if (call.access === 'eventlet')
      write(to, answers + 0.2, {
        ...own,
        level: 'info',
        logger: 'neutron.wsgi',
        message: `10.0.0.2 "GET /0 HTTP/1.1" status: 200  len: 9 time: ${((call.work + 0.2) / 1000).toFixed(7)}`,
      });
    write(from, answers + call.back, { logger: 'keystoneauth.session', message: ANSWER(url, callee) });
    write(to, answers + call.back + call.later, own);
  }
  return HOSTS.map((host, index) => ({
    service: `service-${host}`,
    host,
    records: (logs[index] ?? []).toSorted((a, b) => a.at - b.at).map(({ record }) => record),
  }));
}

test('the true skew is always within the bounds, and clocks that are told to contradict each other never do here', async () => {
  let bounded = 0;
  let bothSides = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(aCall, { minLength: 1, maxLength: 12 }),
      fc.array(fc.integer({ min: -7_200_000, max: 7_200_000 }), { minLength: 4, maxLength: 4 }),
      async (calls, skews) => {
        const { value } = await timelineOf(id(1), { sources: logsOf(calls, skews) });
        const trueSkew = (host: string) => skews[HOSTS.indexOf(host)] ?? 0;
        for (const { host, relativeTo, state, lowerMs, upperMs } of value.clocks) {
          expect(state).not.toBe('contradictory');
          const skew = trueSkew(host) - trueSkew(relativeTo);
          expect(lowerMs ?? Number.NEGATIVE_INFINITY).toBeLessThanOrEqual(skew);
          expect(upperMs ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(skew);
          if (state === 'bounded') bounded += 1;
          if (state === 'bounded' && lowerMs !== undefined && upperMs !== undefined) bothSides += 1;
        }
      },
    ),
    { numRuns: 300 },
  );
  // Bounds that are never given would be true as well.
  expect(bounded).toBeGreaterThan(100);
  expect(bothSides).toBeGreaterThan(50);
});

const oneCall = (skews: readonly number[], more: Partial<Call> = {}) =>
  logsOf(
    [
      {
        from: 0,
        to: 1,
        begins: 0,
        way: 10,
        work: 100,
        back: 20,
        access: 'requestlog',
        says: true,
        later: 0,
        url: 0,
        ...more,
      },
    ],
    skews,
  );

test('one call gives both bounds, as narrow as its way there and back', async () => {
  const { value } = await timelineOf(id(1), { sources: oneCall([0, 5000]) });
  expect(value.clocks).toEqual([
    { host: 'ctl', relativeTo: 'ctl', state: 'reference', lowerMs: 0, upperMs: 0 },
    { host: 'compute', relativeTo: 'ctl', state: 'bounded', lowerMs: 5000 - 20 - 1, upperMs: 5000 + 10 + 1 },
  ]);
});

test('times are moved only if that is asked for, and each span tells by how much', async () => {
  const sources = oneCall([0, 5000]);
  const asWritten = await timelineOf(id(1), { sources });
  expect(asWritten.value.spans.map(({ from, correctedByMs }) => [from, correctedByMs])).toEqual([
    ['2026-11-30T03:12:00.000Z', 0],
    ['2026-11-30T03:12:05.010Z', 0],
  ]);
  const corrected = await timelineOf(id(1), { sources, correctClocks: true });
  expect(corrected.value.spans.map(({ from, correctedByMs }) => [from, correctedByMs])).toEqual([
    ['2026-11-30T03:12:00.000Z', 0],
    ['2026-11-30T03:12:00.015Z', -4995],
  ]);
  expect(timelineText(corrected)).toContain('times moved by -4995 ms');
  // Clocks that may agree are left alone.
  const alike = await timelineOf(id(1), { sources: oneCall([0, 3]), correctClocks: true });
  expect(alike.value.spans.every(({ correctedByMs }) => correctedByMs === 0)).toBe(true);
});

test('of two equal calls side by side either may be the one that was answered: the earlier one counts', async () => {
  const call = {
    from: 0,
    to: 1,
    way: 10,
    back: 20,
    access: 'requestlog',
    says: true,
    later: 0,
    url: 0,
  } as const;
  const { value } = await timelineOf(id(1), {
    sources: logsOf(
      [
        { ...call, begins: 0, work: 1000 },
        { ...call, begins: 500, work: 2000 },
      ],
      [0, 5000],
    ),
  });
  // By the later one the skew of the first would be at most 4,511 ms.
  expect(value.clocks[1]).toMatchObject({ state: 'bounded', lowerMs: 4979, upperMs: 5011 });
});

test('without a call that was told nothing is known', async () => {
  const [, ...others] = oneCall([0, 5000]);
  const silent = { service: 'silent', host: 'ctl', records: [recordAt(START, {})] };
  const { value } = await timelineOf(id(1), { sources: [silent, ...others] });
  expect(value.clocks[1]).toMatchObject({ state: 'unknown', lowerMs: undefined, upperMs: undefined });
});

test('a clock that was set between two calls is told as a contradiction, not as a skew', async () => {
  const before = oneCall([0, 0]);
  const after = logsOf(
    [
      { from: 2, to: 3, begins: 1, way: 0, work: 0, back: 0, access: 'none', says: false, later: 0, url: 0 },
      {
        from: 0,
        to: 1,
        begins: 2000,
        way: 10,
        work: 100,
        back: 20,
        access: 'requestlog',
        says: true,
        later: 0,
        url: 0,
      },
    ],
    [0, 60_000, 0, 0],
  );
  const { value } = await timelineOf(id(1), {
    sources: [...before.slice(0, 2), ...after.slice(0, 2)].map((source) => ({
      ...source,
      records: [...(source.records as LogRecord[])],
    })),
  });
  expect(value.clocks[1]).toMatchObject({ state: 'contradictory', lowerMs: undefined });
});

test('a service that takes its caller’s id (Glance) is no pair: which record belongs to which call is not known', async () => {
  const url = 'http://10.0.0.1:9292/v2/images/1';
  const { value } = await timelineOf(id(1), {
    sources: [
      {
        service: 'nova-compute',
        host: 'compute',
        records: [
          recordAt(START, {}),
          recordAt(START + 1000, { logger: 'keystoneauth.session', message: REQUEST(url) }),
          recordAt(START + 1100, { logger: 'keystoneauth.session', message: ANSWER(url, id(1)) }),
        ],
      },
      // An earlier call, by somebody who did not tell of it.
      {
        service: 'glance-api',
        host: 'ctl',
        records: [recordAt(START + 100, { logger: 'glance.api.v2.images' })],
      },
    ],
  });
  expect(value.clocks.map(({ state }) => state)).toEqual(['reference', 'unknown']);
});

test('which failed first is sure only as far as the clocks are', async () => {
  const failing = async (skew: number, apart: number, silent = false) => {
    const sources = oneCall([0, skew]).slice(0, 2);
    const [caller, callee] = sources.map(({ records }) => records as LogRecord[]);
    const failed = (ms: number, fields: Partial<LogRecord> = {}) =>
      recordAt(ms, { level: 'error', message: 'Failed', ...fields });
    const { value } = await timelineOf(id(1), {
      sources: [
        { service: 'a', host: 'ctl', records: [...(silent ? [] : (caller ?? [])), failed(START + 50)] },
        {
          service: 'b',
          host: 'compute',
          records: [...(callee ?? []), failed(START + 50 + skew + apart, { requestId: id(100) })],
        },
      ],
    });
    return [value.failedFirst?.service, value.failedFirst?.isSureToBeFirst];
  };
  expect(await failing(5000, 2000)).toEqual(['a', true]);
  // By their times `a` was first; by the bounds of the clocks it may have been either.
  expect(await failing(5000, 5)).toEqual(['a', false]);
  expect(await failing(5000, 2000, true)).toEqual(['a', false]);
});

test('clocks that were compared among themselves only are told against one of them', () => {
  const skews = clockSkews(['api', 'scheduler', 'placement', 'alone'], 'api', [
    { of: 'placement', than: 'scheduler', mostMs: 30 },
    { of: 'scheduler', than: 'placement', mostMs: 5 },
  ]);
  expect(skews).toEqual([
    { host: 'api', relativeTo: 'api', state: 'reference', lowerMs: 0, upperMs: 0 },
    { host: 'scheduler', relativeTo: 'api', state: 'unknown', lowerMs: undefined, upperMs: undefined },
    { host: 'placement', relativeTo: 'scheduler', state: 'bounded', lowerMs: -5, upperMs: 30 },
    { host: 'alone', relativeTo: 'api', state: 'unknown', lowerMs: undefined, upperMs: undefined },
  ]);
});
