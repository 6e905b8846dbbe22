// Lines that others published, each with its source, as a timeline reads them.
import { expect, test } from 'vitest';
import { type LogRecord } from '../../src/index.ts';
import { timelineOf } from '../../src/timeline.ts';
import { readText } from '../timeline/read-text.ts';

const said = (fields: Partial<LogRecord>): LogRecord => ({
  at: '',
  pid: undefined,
  level: 'debug',
  logger: 'keystoneauth.session',
  requestId: undefined,
  globalRequestId: undefined,
  message: '',
  more: [],
  line: 1,
  ...fields,
});

// openstack/nova, api-guide/source/faults.rst, "Logs": nova's request and the one of neutron that it made, in the format of devstack.
// Its line has no time of its own.
const NOVA = 'req-034279a7-f2dd-40ff-9c93-75768fda494d';
const NEUTRON = 'req-39b315da-e1eb-4ab5-a45b-3f2dbdaba787';
const FAULTS = said({
  requestId: NOVA,
  message: `POST call to network for http://10.0.2.15:9696/v2.0/ports used request id ${NEUTRON} {{(pid=27857) request /usr/local/lib/python2.7/dist-packages/keystoneauth1/session.py:640}}`,
});

test.each([NOVA, NEUTRON])(
  'Nova’s own example of a call graph is followed from either end: %s',
  async (id) => {
    const { value } = await timelineOf(id, {
      sources: [
        {
          service: 'neutron-server',
          records: [said({ requestId: NEUTRON, logger: 'neutron.wsgi', level: 'info' })],
        },
        { service: 'nova-compute', records: [FAULTS] },
      ],
    });
    expect(
      value.spans.map(({ service, requests, untimed }) => [service, requests[0]?.joinedBy, untimed]),
    ).toEqual([
      ['neutron-server', id === NEUTRON ? 'asked' : 'client', 1],
      ['nova-compute', id === NOVA ? 'asked' : 'client', 1],
    ]);
    // No record of it has a time: there is no duration, rather than one of 0.
    expect(value).toMatchObject({ from: undefined, durationMs: undefined, outcome: 'unknown' });
  },
);

// openstack/keystoneauth, doc/source/using-sessions.rst, "Logging": loggers of their own, without `REQ:` and `RESP:`. The times are as
// there, in oslo.log's form.
test('keystoneauth with split loggers', async () => {
  const CINDER = 'req-f4f2058a-9308-4c4a-94e6-5ee1cd6c78bd';
  const url = 'http://cloud.example.com/volume/v2/137155c35fb34172a284a3c2540c92ab/volumes/detail';
  const { value } = await timelineOf(NOVA, {
    sources: [
      {
        service: 'shade',
        host: 'here',
        records: [
          said({
            at: '2017-09-19 22:10:09.400',
            requestId: NOVA,
            logger: 'keystoneauth.session.request',
            message: `curl -g -i -X GET ${url} -H "User-Agent: os-client-config/1.28.0 shade/1.23.1 keystoneauth1/3.2.0 python-requests/2.18.4 CPython/2.7.12" -H "X-Auth-Token: {SHA1}a1d03d2a4cbee590a55f1786d452e1027d5fd781"`,
          }),
          said({
            at: '2017-09-19 22:10:09.466',
            requestId: NOVA,
            logger: 'keystoneauth.session.request-id',
            message: `GET call to volumev2 for ${url} used request id ${CINDER}`,
          }),
        ],
      },
      {
        service: 'cinder-api',
        host: 'there',
        records: [
          said({
            at: '2017-09-19 22:10:10.460',
            requestId: CINDER,
            level: 'info',
            logger: 'cinder.api.openstack.wsgi',
            message: `${url} returned with HTTP 200`,
          }),
        ],
      },
    ],
  });
  expect(value.clocks[1]).toMatchObject({ host: 'there', state: 'bounded', lowerMs: 993, upperMs: 1061 });
  expect(value.spans[1]?.requests[0]?.answers).toEqual([
    {
      status: 200,
      method: undefined,
      path: '/volume/v2/137155c35fb34172a284a3c2540c92ab/volumes/detail',
      ownMs: undefined,
    },
  ]);
});

// hashicorp/packer, issue 9977; canonical/hotsos, its tests' NEUTRON_HTTP; opendev's and Debian's Glance write eventlet's own format.
test.each([
  [
    '2020-09-22 06:27:45.766 20945 INFO nova.osapi_compute.wsgi.server [req-8fcfa6b3-41f6-4bee-9883-17c69e69766c d7306399300a41378120b6a8887178e7 ef8b4874092945e2985cf60e8a9dadf8 - default default] 10.3.252.171 "GET /v2.1/servers/1691a1cf-c220-468d-b6b1-5ed1e5c6b1e4 HTTP/1.1" status: 404 len: 527 time: 0.0342519',
    'refused',
    { status: 404, method: 'GET', path: '/v2.1/servers/1691a1cf-c220-468d-b6b1-5ed1e5c6b1e4', ownMs: 34.252 },
    '2020-09-22T06:27:45.731Z',
  ],
  [
    '2022-05-11 16:19:55.704 27285 INFO neutron.wsgi [req-4e357374-8d66-4a11-b13f-b073bae102da 0122338208ab123efa5f69ba30a470c41561d7d3438f8fbb46d09ba32211d99f 42774781002541059577441343bef15d - c13f73c6835d43b1b7572644e5b3ae72 c13f73c6835d43b1b7572644e5b3ae72] 10.55.12.152,127.0.0.1 "POST /v2.0/floatingips HTTP/1.1" status: 201  len: 1022 time: 8.7183912',
    'answered',
    { status: 201, method: 'POST', path: '/v2.0/floatingips', ownMs: 8718.391 },
    '2022-05-11T16:19:46.985Z',
  ],
])('the answer, and when the request began by how long it took: %s', async (line, outcome, answer, from) => {
  const records = readText(line);
  const { value } = await timelineOf(records[0]?.requestId ?? '', { sources: [{ service: 'x', records }] });
  expect(value).toMatchObject({ outcome, from, spans: [{ requests: [{ answers: [answer] }] }] });
});

// elasticluster/elasticluster, issue 660: an error that names the other side's request. It is shown, and not followed, since what
// stands in a message may be anybody's text.
test('a request that an error mentions is not followed', async () => {
  const MENTIONED = 'req-c1d9a12b-4f86-45d7-a879-a4f6cf22c3a3';
  const id = 'req-5138fd5d-0f86-4a7e-ad64-06e739d6c0ae';
  const records = readText(
    `2019-08-19 15:54:35.385 1437 INFO nova.compute.manager [${id} 85e9ede8610641dcb75e67b76e0a8833 bf6641220c7747fa9810449e45b7a232 - 387dbcd0ba384713ad51666944113ab8 387dbcd0ba384713ad51666944113ab8] [instance: 1451041c-da04-478c-93dd-0acb60dd149a] Took 0.12 seconds to destroy the instance on the hypervisor.
2019-08-19 15:54:36.424 1437 ERROR nova.network.neutronv2.api [${id} 85e9ede8610641dcb75e67b76e0a8833 bf6641220c7747fa9810449e45b7a232 - 387dbcd0ba384713ad51666944113ab8 387dbcd0ba384713ad51666944113ab8] Unable to clear device ID for port '62347407-0d4e-438c-adf3-e0fd1011a6cd': BadRequest: Expecting to find domain in user. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error. (HTTP 400) (Request-ID: ${MENTIONED})
2019-08-19 15:54:36.424 1437 ERROR nova.network.neutronv2.api Traceback (most recent call last):
2019-08-19 15:54:36.424 1437 ERROR nova.network.neutronv2.api   File "/usr/lib/python2.7/site-packages/nova/network/neutronv2/api.py", line 686, in _unbind_ports`,
  );
  const { value } = await timelineOf(id, {
    sources: [
      { service: 'nova-compute', records },
      { service: 'keystone', records: [said({ requestId: MENTIONED })] },
    ],
  });
  expect(value.spans.map(({ service }) => service)).toEqual(['nova-compute']);
  expect(value.failedFirst).toMatchObject({
    logger: 'nova.network.neutronv2.api',
    at: '2019-08-19T15:54:36.424Z',
  });
  expect(value.failedFirst?.message).toContain(MENTIONED);
});
