import { describe, expect, test } from 'vitest';
import { isNotFound, isOverLimit, observeList } from '../../src/index.ts';
import { isServiceFault, parseFault } from '../../src/errors/fault.ts';
import { cloudOfRoutes } from './cloud-of-routes.ts';

// Each row names the file of the service that writes such a body, or the report that shows it.
describe('the words of services beyond the first six', () => {
  test.each<[string, number, unknown, string, string | undefined]>([
    [
      'Barbican (`barbican/api/hooks.py`, JSONErrorHook; `api/controllers/secrets.py`)',
      404,
      { code: 404, title: 'Not Found', description: 'Secret not found.' },
      'Secret not found.',
      'Not Found',
    ],
    [
      'Zaqar (`zaqar/transport/wsgi/errors.py`, HTTPBadRequestAPI)',
      400,
      { title: 'Invalid API request', description: 'Limit must be at least 1 and no greater than 20.' },
      'Limit must be at least 1 and no greater than 20.',
      'Invalid API request',
    ],
    [
      'Gnocchi (`gnocchi/rest/api.py`, by `pecan/core.py`)',
      409,
      { code: 409, title: 'Conflict', description: 'Archive policy low already exists' },
      'Archive policy low already exists',
      'Conflict',
    ],
    [
      'Gnocchi, without a reason (`gnocchi/indexer/__init__.py`, NoSuchArchivePolicy)',
      400,
      {
        code: 400,
        title: 'Bad Request',
        description: { cause: 'Archive policy does not exist', detail: 'low' },
      },
      'Archive policy does not exist',
      'Bad Request',
    ],
    [
      'Gnocchi, in detail (`gnocchi/rest/api.py`, abort of a voluptuous.Invalid)',
      400,
      {
        code: 400,
        title: 'Bad Request',
        description: {
          cause: 'Invalid input',
          reason: "extra keys not allowed @ data['query']",
          detail: ['query'],
        },
      },
      "extra keys not allowed @ data['query']",
      'Bad Request',
    ],
    [
      'Designate (`designate/api/middleware.py`)',
      404,
      { code: 404, type: 'zone_not_found', message: 'Could not find Zone', request_id: 'r' },
      'Could not find Zone',
      'zone_not_found',
    ],
    [
      'Designate, without words (`designate/api/middleware.py`, MessagingTimeout)',
      504,
      { code: 504, type: 'timeout', request_id: 'r' },
      'timeout',
      'timeout',
    ],
    [
      'Designate, an invalid object (`designate/objects/adapters/api_v2/validation_error.py`)',
      400,
      {
        code: 400,
        type: 'invalid_object',
        errors: { errors: [{ path: ['name'], message: 'is no domain' }] },
      },
      'is no domain',
      'invalid_object',
    ],
    [
      'Ironic without faultstring (fog/fog-openstack issue 197)',
      406,
      {
        error_message:
          '{"code": 406, "description": "Invalid value for X-OpenStack-Ironic-API-Version header", "title": "Not Acceptable"}',
      },
      'Invalid value for X-OpenStack-Ironic-API-Version header',
      'Not Acceptable',
    ],
    [
      'Glance through webob (`webob/exc.py`, json_formatter over the HTML template of a body)',
      404,
      {
        message: 'No image found with ID x<br /><br />\n\n\n',
        code: '404 Not Found',
        title: 'Not Found',
      },
      'No image found with ID x',
      'Not Found',
    ],
    [
      'Apigee before Neutron (vagrant-openstack-plugin 83)',
      404,
      { fault: { faultstring: 'Not Found', detail: { errorcode: 'X' } } },
      'Not Found',
      undefined,
    ],
    [
      'Octavia (`octavia/common/exceptions.py`, NotFound, by `wsme/api.py`, format_exception)',
      404,
      { faultcode: 'Client', faultstring: 'Load Balancer x not found.', debuginfo: null },
      'Load Balancer x not found.',
      'Client',
    ],
    [
      'Neutron (kubernetes-sigs/cluster-api-provider-openstack issue 917)',
      409,
      {
        NeutronError: {
          type: 'PortInUseAsTrunkParent',
          message: 'Port 66fa0fdf is currently a parent port for trunk 69cbe964.',
          detail: '',
        },
      },
      'Port 66fa0fdf is currently a parent port for trunk 69cbe964.',
      'PortInUseAsTrunkParent',
    ],
    [
      'Heat, of what it does not call safe (`heat/api/middleware/fault.py`)',
      500,
      {
        code: 500,
        title: 'Internal Server Error',
        explanation: 'The server has either erred or is incapable of performing the requested operation.',
        error: { type: 'DBError', traceback: null },
      },
      'The server has either erred or is incapable of performing the requested operation.',
      'DBError',
    ],
    [
      'Heat (`heat/api/middleware/fault.py`)',
      404,
      {
        code: 404,
        title: 'Not Found',
        explanation: 'The resource could not be found.',
        error: { message: 'The Stack (x) could not be found.', type: 'EntityNotFound', traceback: null },
      },
      'The Stack (x) could not be found.',
      'EntityNotFound',
    ],
    [
      'Magnum (`magnum/api/middleware/parsable_error.py`)',
      404,
      {
        errors: [
          {
            status: 404,
            code: 'client',
            title: 'Cluster x could not be found',
            detail: 'Cluster x could not be found.',
            links: [],
          },
        ],
      },
      'Cluster x could not be found.',
      'Cluster x could not be found',
    ],
  ])('%s', (_, status, body, message, type) => {
    const fault = parseFault(status, JSON.stringify(body));
    expect({ message: fault.message, type: fault.type }).toEqual({ message, type });
  });

  // octavia/common/exceptions.py, QuotaException; designate/exceptions.py, OverQuota; kubernetes-sigs/cluster-api-provider-openstack
  // issue 2131.
  test.each([
    [403, { faultcode: 'Client', faultstring: 'Quota has been met for resources: load_balancer' }],
    [413, { code: 413, type: 'over_quota', message: 'Quota exceeded for zones.' }],
    [
      409,
      {
        NeutronError: {
          type: 'OverQuota',
          message: "Quota exceeded for resources: ['network'].",
          detail: '',
        },
      },
    ],
  ])('a used-up quota, said with %s', async (status, body) => {
    await using site = await cloudOfRoutes({ compute: '@/compute/v2.1' }, () => ({ status, body }));
    const caught = await Array.fromAsync(site.cloud.compute.keypairs.list()).catch((error: unknown) => error);
    expect(isOverLimit(caught)).toBe(true);
  });
});

/**
 * Answers to one and the same question, "is server x there", by who gave them: nova/api/openstack/wsgi.py, neutron-lib's
 * `exceptions`, keystone/server/flask/application.py, placement/util.py (`json_error_formatter`), webob/exc.py, swift/common/swob.py.
 */
const OWN: readonly [string, string][] = [
  ['Nova', '{"itemNotFound": {"code": 404, "message": "Instance x could not be found."}}'],
  [
    'Nova, of an API that it no longer has (openstack-exporter/openstack-exporter issue 247)',
    '{"itemNotFound": {"code": 404, "message": "The resource could not be found."}}',
  ],
  [
    'Neutron',
    '{"NeutronError": {"type": "PortNotFound", "message": "Port x could not be found.", "detail": ""}}',
  ],
  ['Keystone', '{"error": {"code": 404, "message": "Could not find project: x.", "title": "Not Found"}}'],
  [
    'Placement',
    '{"errors": [{"status": 404, "title": "Not Found", "detail": "No resource provider", "request_id": "r"}]}',
  ],
  [
    'Glance',
    '{"message": "No image found with ID x<br /><br />\\n\\n\\n", "code": "404 Not Found", "title": "Not Found"}',
  ],
  ['Designate, without words', '{"code": 404, "type": "zone_not_found", "request_id": "req-1"}'],
  ['webob in text', '404 Not Found\n\nThe resource could not be found.\n\n   '],
  [
    'webob in HTML',
    '<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  The resource could not be found.<br /><br />\n\n\n\n </body>\n</html>',
  ],
  ['Swift', '<html><h1>Not Found</h1><p>The resource could not be found.</p></html>'],
];
const OTHERS: readonly [string, string][] = [
  [
    'nginx',
    '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n',
  ],
  [
    'Apache',
    '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n',
  ],
  [
    'HAProxy',
    '<html><body><h1>404 Not Found</h1>\nThe requested resource could not be found.\n</body></html>\n',
  ],
  ['ingress-nginx', 'default backend - 404'],
  ['Traefik', '404 page not found\n'],
  ['Kong', '{"message":"no Route matched with those values"}'],
  ['Kong 3', '{"message":"no Route matched with those values","request_id":"b0"}'],
  ['AWS API Gateway', '{"message":"Not Found"}'],
  ['Google', '{"error": {"code": 404, "message": "Not found", "status": "NOT_FOUND"}}'],
  ['Apigee', '{"fault":{"faultstring":"Not Found","detail":{"errorcode":"X"}}}'],
  ['Spring', '{"timestamp":"2026-01-01","status":404,"error":"Not Found","path":"/x"}'],
  ['nobody', ''],
  ['JSON of nothing', '{}'],
  ['null', 'null'],
];

describe('a 404 is a fact only if the service itself says so', () => {
  test.each(OWN)('%s: itself', (_, text) => expect(isServiceFault(text)).toBe(true));
  test.each(OTHERS)('%s: somebody else', (_, text) => expect(isServiceFault(text)).toBe(false));

  const versions = {
    versions: [{ id: 'v2.1', status: 'CURRENT', links: [{ rel: 'self', href: '/compute/v2.1/' }] }],
  };
  const missing = async (body: string, known: boolean): Promise<Record<string, unknown>> => {
    await using site = await cloudOfRoutes({ compute: '@/compute/v2.1' }, ({ url }) =>
      url === '/compute/' && known ? { body: versions } : { status: 404, body },
    );
    const { servers } = site.cloud.compute;
    const settled = (promise: Promise<unknown>): Promise<unknown> =>
      promise.then(
        () => 'done',
        () => 'refused',
      );
    return {
      isNotFound: await servers.get({ id: 'x' }).catch((error: unknown) => isNotFound(error)),
      deleted: await settled(servers.delete({ id: 'x' }, { missingOk: true })),
      gone: await settled(servers.waitGone('x')),
      listed: (await observeList('servers', servers.list())).completeness,
    };
  };
  const fact = { isNotFound: true, deleted: 'done', gone: 'done', listed: 'unsupported' };
  const none = { isNotFound: false, deleted: 'refused', gone: 'refused', listed: 'failed' };

  test.each(OWN.slice(0, 1))('%s at a URL that is known', async (_, text) =>
    expect(await missing(text, true)).toEqual(fact),
  );
  test.each(OWN.slice(0, 1))('%s at a URL that nothing confirms', async (_, text) =>
    expect(await missing(text, false)).toEqual(none),
  );
  test.each(OTHERS)('%s before a URL that is known', async (_, text) =>
    expect(await missing(text, true)).toEqual(none),
  );
});
