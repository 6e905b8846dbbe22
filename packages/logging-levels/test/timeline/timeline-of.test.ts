import { expect, test } from 'vitest';
import { type ServiceLog, timelineOf, timelineText } from '../../src/timeline.ts';
import { readText } from './read-text.ts';

// What the services of Zed wrote on the lab (Debian 12) at INFO, as it stands but for the user's and the project's ids: a server that was
// created, and one for which there was no host.
const WHO = '89459855acb4462498ff4b1dccc65b37 6070ae3a9d544aa9ae42b9ddb3114c12 - - default default';
const CREATED = 'req-1fe7fcfd-f60a-4567-9260-bd48831031f7';
const created: Record<string, string> = {
  'nova-api': `2026-11-30 06:33:35.957 16794 INFO nova.api.openstack.requestlog [None ${CREATED} ${WHO}] 127.0.0.1 "POST /v2.1/servers" status: 202 len: 370 microversion: 2.37 time: 0.236571`,
  'glance-api': `2026-11-30 06:33:35.811 17740 INFO eventlet.wsgi.server [None ${CREATED} ${WHO}] 127.0.0.1 - - [30/Nov/2026 06:33:35] "GET /v2/images/0b9dea37-b8fe-4394-825a-7e0eb74d7abd HTTP/1.1" 200 1268 0.042360
2026-11-30 06:33:35.825 17740 INFO eventlet.wsgi.server [None ${CREATED} ${WHO}] 127.0.0.1 - - [30/Nov/2026 06:33:35] "GET /v2/schemas/image HTTP/1.1" 200 6283 0.009789`,
  placement: `2026-11-30 06:33:36.024 17659 INFO placement.requestlog [${CREATED} req-d1e1ad00-9f24-41a4-b824-c2f054fd6393 ${WHO}] 127.0.0.1 "GET /allocation_candidates?limit=1000&resources=DISK_GB%3A1" status: 200 len: 2308 microversion: 1.36
2026-11-30 06:33:36.065 17657 INFO placement.requestlog [${CREATED} req-caa1df6a-328e-4885-b14f-22f5ae03a9fb ${WHO}] 127.0.0.1 "GET /allocations/448d06b2-ac76-4c95-a392-6902b4d83767" status: 200 len: 19 microversion: 1.28
2026-11-30 06:33:36.103 17659 INFO placement.requestlog [${CREATED} req-221fd963-a572-49e5-866d-9eee1e824842 ${WHO}] 127.0.0.1 "PUT /allocations/448d06b2-ac76-4c95-a392-6902b4d83767" status: 204 len: 0 microversion: 1.36
2026-11-30 06:54:15.075 27436 INFO placement.requestlog [req-0b57ebf0-b131-457b-b83a-3485bb710bbd req-0e6ae786-862a-4801-9e42-1adf1dee8186 ${WHO}] 127.0.0.1 "GET /allocations/x" status: 200 len: 254 microversion: 1.0`,
  'nova-compute': `2026-11-30 06:33:36.413 16765 INFO nova.compute.claims [None ${CREATED} ${WHO}] [instance: 448d06b2-ac76-4c95-a392-6902b4d83767] Claim successful on node compute-2
2026-11-30 06:33:36.876 16765 INFO nova.compute.manager [None ${CREATED} ${WHO}] [instance: 448d06b2-ac76-4c95-a392-6902b4d83767] Took 0.52 seconds to build instance.`,
};
const REFUSED = 'req-725e86ee-efd7-4170-9fe0-52127e0f2aea';
const noValidHost: Record<string, string> = {
  'nova-api': `2026-11-30 02:25:40.089 30158 INFO nova.api.openstack.requestlog [None ${REFUSED} ${WHO}] 127.0.0.1 "POST /v2.1/servers" status: 202 len: 370 microversion: 2.75 time: 1.323818`,
  'nova-conductor': `2026-11-30 02:25:40.397 30150 ERROR nova.conductor.manager [None ${REFUSED} ${WHO}] Failed to schedule instances: nova.exception_Remote.NoValidHost_Remote: No valid host was found. 
2026-11-30 02:25:40.397 30150 ERROR nova.conductor.manager Traceback (most recent call last):
2026-11-30 02:25:40.397 30150 ERROR nova.conductor.manager   File "/usr/lib/python3/dist-packages/nova/scheduler/manager.py", line 209, in select_destinations
2026-11-30 02:25:40.397 30150 ERROR nova.conductor.manager     raise exception.NoValidHost(reason="")
2026-11-30 02:25:40.397 30150 ERROR nova.conductor.manager nova.exception_Remote.NoValidHost_Remote: No valid host was found. 
2026-11-30 02:25:40.397 30150 ERROR nova.conductor.manager 
2026-11-30 02:25:40.775 30150 WARNING nova.scheduler.utils [None ${REFUSED} ${WHO}] Failed to compute_task_build_instances: No valid host was found. `,
  'nova-scheduler': `2026-11-30 02:25:40.355 30157 INFO nova.scheduler.manager [None ${REFUSED} ${WHO}] Got no allocation candidates from the Placement API. This could be due to insufficient resources or a temporary occurrence as compute nodes start up.`,
};
const sourcesOf = (logs: Record<string, string>): ServiceLog[] =>
  Object.entries(logs).map(([service, text]) => ({ service, host: 'lab', records: readText(text) }));

test('a server that was created: each service, in order, with its answers and how long', async () => {
  const { value, completeness } = await timelineOf(CREATED, { sources: sourcesOf(created) });
  expect(completeness).toBe('complete');
  expect(value).toMatchObject({
    seen: true,
    outcome: 'answered',
    failedFirst: undefined,
    // When the access line of nova-api says that the request began: it is the only line, and the last one.
    from: '2026-11-30T06:33:35.720Z',
    to: '2026-11-30T06:33:36.876Z',
    durationMs: 1155.571,
  });
  expect(value.spans.map(({ service, outcome, durationMs }) => [service, outcome, durationMs])).toEqual([
    ['nova-api', 'answered', 236.571],
    ['glance-api', 'answered', 56.36],
    ['placement', 'answered', 79],
    ['nova-compute', 'unknown', 463],
  ]);
  expect(value.spans[0]?.requests).toMatchObject([
    {
      requestId: CREATED,
      joinedBy: 'asked',
      answers: [{ status: 202, method: 'POST', path: '/v2.1/servers', ownMs: 236.571 }],
    },
  ]);
  // Glance takes the id of its caller for its own: two answers under one id.
  expect(value.spans[1]?.requests).toMatchObject([{ answers: [{ ownMs: 42.36 }, { ownMs: 9.789 }] }]);
  // What a client asks for stands behind the path, and may be a secret.
  expect(value.spans[2]?.requests[0]?.answers[0]?.path).toBe('/allocation_candidates');
  expect(value.spans[2]?.requests.map(({ joinedBy, answers }) => [joinedBy, answers[0]?.status])).toEqual([
    ['global id', 200],
    ['global id', 200],
    ['global id', 204],
  ]);
});

test('a request that Placement served leads to the whole of what it was for', async () => {
  const sources = sourcesOf(created);
  const whole = await timelineOf(CREATED, { sources });
  for (const order of [sources, sources.toReversed()]) {
    const { value } = await timelineOf('req-221fd963-a572-49e5-866d-9eee1e824842', { sources: order });
    expect(value.spans.map(({ service, records }) => [service, records])).toEqual(
      whole.value.spans.map(({ service, records }) => [service, records]),
    );
    // Of the very id that was asked for: Placement's answer.
    expect(value.outcome).toBe('answered');
  }
});

test('no valid host: where it failed first, with the exception', async () => {
  const timeline = await timelineOf(REFUSED, { sources: sourcesOf(noValidHost) });
  expect(timeline.value).toMatchObject({
    outcome: 'failed',
    failedFirst: {
      service: 'nova-conductor',
      at: '2026-11-30T02:25:40.397Z',
      level: 'error',
      exception: 'nova.exception_Remote.NoValidHost_Remote: No valid host was found.',
      line: 1,
      isSureToBeFirst: true,
    },
  });
  expect(timeline.value.spans.map(({ service, outcome }) => [service, outcome])).toEqual([
    ['nova-api', 'answered'],
    ['nova-scheduler', 'unknown'],
    ['nova-conductor', 'failed'],
  ]);
  expect(timelineText(timeline)).toContain(
    'failed first: nova-conductor on lab at 2026-11-30T02:25:40.397Z, nova.conductor.manager: nova.exception_Remote.NoValidHost_Remote: No valid host was found.',
  );
});

test('an id that no log has is told as not seen, with what was read', async () => {
  const sources = sourcesOf({ ...created, empty: '' });
  const timeline = await timelineOf('req-00000000-0000-4000-8000-000000000000', { sources });
  expect(timeline.value).toMatchObject({ seen: false, outcome: 'unknown', spans: [], durationMs: undefined });
  const text = timelineText(timeline);
  expect(text).toContain('req-00000000-0000-4000-8000-000000000000 was not seen in 5 sources, 9 records');
  expect(text).toContain('placement on lab: 4 records, 2026-11-30T06:33:36.024Z to 2026-11-30T06:54:15.075Z');
  expect(text).toContain('empty on lab: 0 records');
});

test('a source that breaks off takes no other down, and is a gap', async () => {
  const [first, ...others] = sourcesOf(created);
  const broken = {
    service: 'neutron-api',
    host: 'lab',
    records: async function* broken() {
      yield* readText(created['nova-api'] ?? '');
      throw new Error('unexpected end of file');
    },
  };
  const { value, completeness, gaps } = await timelineOf(CREATED, {
    sources: [broken, ...(first === undefined ? [] : [first]), ...others],
  });
  expect(completeness).toBe('partial');
  expect(gaps).toMatchObject([{ what: 'neutron-api on lab', kind: 'failed', why: 'unexpected end of file' }]);
  expect(value.spans).toHaveLength(5);
});

test('what can be read once is refused; what gives less the second time is a gap', async () => {
  const generator = (function* records() {
    yield* readText(created['nova-api'] ?? '');
  })();
  await expect(
    timelineOf(CREATED, { sources: [{ service: 'nova-api', records: generator }] }),
  ).rejects.toThrow(/timelineOf: sources\.0\.records: .*read twice/);
  const { gaps, completeness } = await timelineOf(CREATED, {
    sources: [{ service: 'nova-api', records: () => generator }],
  });
  expect(completeness).toBe('partial');
  expect(gaps).toMatchObject([
    { what: 'nova-api', why: 'it gave 1 records the first time, and 0 the second' },
  ]);
});

test('options are read strictly', async () => {
  const sources = sourcesOf(created);
  await expect(timelineOf('not an id', { sources })).rejects.toThrow(
    'timelineOf: requestId: is no request id',
  );
  await expect(timelineOf(CREATED, { sources: [] })).rejects.toThrow('timelineOf: sources: are none');
  await expect(timelineOf(CREATED, { sources, to: 'yesterday' })).rejects.toThrow('timelineOf: to');
  await expect(
    timelineOf(CREATED, { sources: [{ service: 'x', offset: 'CET', records: [] }] }),
  ).rejects.toThrow('timelineOf: sources.0.offset: is no UTC offset');
  await expect(
    timelineOf(CREATED, { sources, from: '2026-11-30T07:00:00Z', to: '2026-11-30T06:00:00Z' }),
  ).rejects.toThrow('timelineOf: to: is not after from');
});

test('a zone: the offset of the source, or what is written; without a time a record is told, not dropped', async () => {
  const line = (at: string, id = CREATED) =>
    `${at} 1 INFO nova.compute.manager [None ${id} ${WHO}] Took 0.52 seconds to build instance.`;
  const { value } = await timelineOf(CREATED, {
    sources: [
      { service: 'berlin', offset: '+01:00', records: readText(line('2026-11-30 07:33:35.000')) },
      { service: 'utc', records: readText(line('2026-11-30 06:33:35.500')) },
      {
        service: 'none',
        records: readText(line('2026-11-30 06:33:35.000')).flatMap((record) => [
          { ...record, at: '2026-02-30 06:33:35.000' },
          { ...record, at: 'Nov 30 06:33:35' },
          { ...record, at: '2026-11-30T06:33:36.000-00:30' },
        ]),
      },
    ],
    // Records without a time are taken: whether they are of these moments is not known.
    from: '2026-11-30T06:33:35Z',
  });
  expect(value.spans.map(({ service, from, records, untimed }) => [service, from, records, untimed])).toEqual(
    [
      ['berlin', '2026-11-30T06:33:35.000Z', 1, 0],
      ['utc', '2026-11-30T06:33:35.500Z', 1, 0],
      ['none', '2026-11-30T07:03:36.000Z', 3, 2],
    ],
  );
});

test('a clock that goes back is told', async () => {
  const at = (time: string, pid: number) =>
    `2026-11-30 ${time} ${pid} INFO nova.compute.manager [None ${CREATED} ${WHO}] said`;
  const read = async (...lines: string[]) => {
    const { value } = await timelineOf(CREATED, {
      sources: [{ service: 'nova-compute', records: readText(lines.join('\n')) }],
    });
    return value.spans[0];
  };
  expect(await read(at('06:33:36.000', 1), at('06:33:35.999', 1), at('06:33:30.000', 2))).toMatchObject({
    wentBack: false,
    durationMs: 6000,
  });
  expect(await read(at('06:33:36.000', 1), at('06:33:30.000', 1))).toMatchObject({ wentBack: true });
});

test('who it was, by a trail; one that fails is a gap', async () => {
  const asked: string[] = [];
  const trail = {
    async *find({ request_id }: { readonly request_id: string }) {
      asked.push(request_id);
      yield { event: { who: { user_id: 'u1', user_name: 'demo', project_id: 'p1' } } };
      yield { event: { who: { user_id: 'u1', user_name: 'demo', project_id: 'p1' } } };
      yield { event: { who: {} } };
      if (request_id === CREATED) throw new Error('the store is locked');
    },
  };
  const inner = 'req-221fd963-a572-49e5-866d-9eee1e824842';
  const timeline = await timelineOf(inner, { sources: sourcesOf(created), trail });
  expect(asked).toEqual([inner, CREATED]);
  expect(timeline.value.who).toEqual([
    {
      requestId: inner,
      user_id: 'u1',
      user_name: 'demo',
      project_id: 'p1',
      project_name: undefined,
      address: undefined,
    },
  ]);
  expect(timeline.gaps).toMatchObject([{ what: `the trail, of ${CREATED}`, why: 'the store is locked' }]);
  expect(timelineText(timeline)).toContain('sent by demo of project p1');
});

test('a signal ends it', async () => {
  const controller = new AbortController();
  controller.abort(new Error('enough'));
  await expect(
    timelineOf(CREATED, { sources: sourcesOf(created), signal: controller.signal }),
  ).rejects.toThrow('enough');
});
