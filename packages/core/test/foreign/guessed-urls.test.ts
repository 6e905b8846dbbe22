import { describe, expect, test } from 'vitest';
import { connect, isNotFound, observeList } from '../../src/index.ts';
import { credentials } from '../scripted-cloud.ts';
import { TestClock } from '../test-clock.ts';
import { type Answer, cloudOfRoutes } from './cloud-of-routes.ts';

const html = (body: string): Answer => ({ status: 404, headers: { 'content-type': 'text/html' }, body });
const plain = (body: string): Answer => ({ status: 404, headers: { 'content-type': 'text/plain' }, body });

/** What proxies, gateways and web servers answer to a path that they do not know. */
const others: Record<string, Answer> = {
  nginx: html(
    '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
  ),
  // kubernetes/ingress-nginx: its default backend
  'ingress-nginx': plain('default backend - 404'),
  Apache: html(
    '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n',
  ),
  HAProxy: html('<html><body><h1>404 Not Found</h1>\nThe requested URL was not found.\n</body></html>\n'),
  Traefik: plain('404 page not found\n'),
  Envoy: plain(''),
  Kong: { status: 404, body: { message: 'no Route matched with those values', request_id: 'c0ffee' } },
  APISIX: { status: 404, body: { error_msg: '404 Route Not Found' } },
  AWS: { status: 404, body: { message: 'Not Found' } },
  // vagrant-openstack-plugin issue 83
  Apigee: {
    status: 404,
    body: { fault: { faultstring: 'Not Found', detail: { errorcode: 'CLASSIFICATION_FAILURE' } } },
  },
  // Spring Boot's `BasicErrorController`
  Spring: {
    status: 404,
    body: { timestamp: '2026-01-01T00:00:00Z', status: 404, error: 'Not Found', path: '/x' },
  },
  Google: {
    status: 404,
    body: { error: { code: 404, message: 'Method does not exist.', status: 'NOT_FOUND' } },
  },
  'an empty object': { status: 404, body: {} },
  'a list': { status: 404, body: [] },
};

/** What services answer for a thing that is not there. */
const own: Record<string, Answer> = {
  'Nova, Cinder': {
    status: 404,
    body: { itemNotFound: { code: 404, message: 'Instance s could not be found.' } },
  },
  Neutron: {
    status: 404,
    body: { NeutronError: { type: 'NetworkNotFound', message: 'Network s could not be found.', detail: '' } },
  },
  Keystone: {
    status: 404,
    body: { error: { code: 404, title: 'Not Found', message: 'Could not find user: s.' } },
  },
  Placement: {
    status: 404,
    body: {
      errors: [
        {
          status: 404,
          title: 'Not Found',
          detail: 'No resource provider',
          code: 'placement.undefined_code',
          request_id: 'req-1',
        },
      ],
    },
  },
  'Glance in JSON': {
    status: 404,
    body: {
      message: 'No image found with ID s<br /><br />\n\n\n',
      code: '404 Not Found',
      title: 'Not Found',
    },
  },
  // webob's `WSGIHTTPException.html_template_obj`
  'Glance in HTML': html(
    '<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  No image found with ID s<br /><br />\n\n\n\n </body>\n</html>',
  ),
  // webob's `plain_template_obj`: what Nova answers for a route that it does not have
  'webob in text': plain('404 Not Found\n\nThe resource could not be found.\n\n   '),
};

const document = {
  versions: [
    {
      id: 'v2.1',
      status: 'CURRENT',
      version: '2.96',
      min_version: '2.1',
      links: [{ rel: 'self', href: '/compute/v2.1/' }],
    },
  ],
};
const compute = (answer: Answer) =>
  cloudOfRoutes({ compute: '@/compute/v2.1' }, ({ url }) =>
    url === '/compute/' ? { body: document } : answer,
  );
const caught = (error: unknown): unknown => error;

// eu-sovereign-cloud/spec issue 245: an ingress without a backend answers a deletion 404, and what was to be deleted leaks.
describe('a 404 of somebody else is no fact, also where the service is confirmed', () => {
  test.each(Object.entries(others))('%s', async (_, answer) => {
    await using at = await compute(answer);
    const { servers } = at.cloud.compute;
    const error = await servers.get({ id: 's' }).catch(caught);
    expect(isNotFound(error)).toBe(false);
    expect(error).toMatchObject({ status: 404, remedy: expect.stringContaining('not the service’s own') });
    await expect(servers.waitGone('s')).rejects.toMatchObject({ status: 404 });
    await expect(servers.delete({ id: 's' }, { missingOk: true })).rejects.toMatchObject({ status: 404 });
    expect((await observeList('servers', servers.list())).completeness).toBe('failed');
  });

  test.each(Object.entries(others))('%s: nor that there is none of that id, for find', async (_, answer) => {
    await using at = await cloudOfRoutes({ compute: '@/compute/v2.1' }, ({ url }) => {
      if (url === '/compute/') return { body: document };
      return url.startsWith('/compute/v2.1/servers/detail') ? { body: { servers: [] } } : answer;
    });
    await expect(at.cloud.compute.servers.find('s', { missingOk: true })).rejects.toMatchObject({
      status: 404,
    });
  });
});

// A web application firewall answers 400 or 403 to a path that it does not like; a service's own 400 is about the id's form.
test("a firewall's 400 does not say that there is none of that id, for find", async () => {
  await using at = await cloudOfRoutes({ compute: '@/compute/v2.1' }, ({ url }) =>
    url.startsWith('/compute/v2.1/servers/detail')
      ? { body: { servers: [] } }
      : {
          status: 400,
          headers: { 'content-type': 'text/html' },
          body: '<html><body>Bad Request</body></html>',
        },
  );
  await expect(at.cloud.compute.servers.find('s', { missingOk: true })).rejects.toMatchObject({
    status: 400,
  });
});

describe("a service's own 404 is one, where the service is confirmed, and nowhere else", () => {
  test.each(Object.entries(own))('%s', async (_, answer) => {
    await using at = await compute(answer);
    const { servers } = at.cloud.compute;
    expect(isNotFound(await servers.get({ id: 's' }).catch(caught))).toBe(true);
    await servers.waitGone('s');
    await servers.delete({ id: 's' }, { missingOk: true });
    expect((await observeList('servers', servers.list())).completeness).toBe('unsupported');
    // The document was asked for once, when the first 404 came.
    expect(at.seen.filter(({ url }) => url === '/compute/')).toHaveLength(1);
  });

  // Paste's urlmap has Nova itself answer below a path that is not its own (`nova/api/openstack/urlmap.py`): the right words at
  // the wrong URL. rust-osauth issue 18 and fog-openstack issue 420 (`/v3/v3/domains`) came there by catalogues of real clouds.
  test.each(Object.entries(own))('%s, where nothing tells that this is its place', async (_, answer) => {
    await using at = await cloudOfRoutes({ compute: '@/wrong/v2.1' }, () => answer);
    const { servers } = at.cloud.compute;
    expect(isNotFound(await servers.get({ id: 's' }).catch(caught))).toBe(false);
    await expect(servers.waitGone('s')).rejects.toMatchObject({ status: 404 });
    expect((await observeList('servers', servers.list())).completeness).toBe('failed');
  });
});

describe('Swift has no version document', () => {
  // Swift's own words (`swift/common/swob.py`), and where it tells of itself.
  const gone = html('<html><h1>Not Found</h1><p>The resource could not be found.</p></html>');
  test.each<[string, Answer, boolean]>([
    ['it tells of itself at /info', { body: { swift: { version: '2.30.0' } } }, true],
    [
      'operators may switch that off (`expose_info = false`)',
      html('<html><h1>Not Found</h1><p>no</p></html>'),
      false,
    ],
  ])('%s', async (_, info, isFact) => {
    await using at = await cloudOfRoutes({ 'object-store': '@/swift/v1/AUTH_p' }, ({ url }) => {
      if (url === '/swift/info') return info;
      return url === '/swift/v1/AUTH_p/c/o' ? gone : { status: 412, body: 'Bad URL' };
    });
    const error = await at.cloud.request('object-store', { path: 'c/o' }).catch(caught);
    expect(isNotFound(error)).toBe(isFact);
    expect(error).toMatchObject({ status: 404 });
  });
});

describe('HEAD has no body to tell by', () => {
  const group = { id: 'g', user_id: 'u' };
  test.each<[string, Record<string, string>, boolean]>([
    ["Keystone's, by its request id", { 'x-openstack-request-id': 'req-1' }, true],
    ["Keystone's, by what it varies by", { vary: 'X-Auth-Token' }, true],
    ["a proxy's", { server: 'nginx' }, false],
  ])('%s', async (_, headers, isFact) => {
    await using at = await cloudOfRoutes({ identity: '@/identity/v3' }, ({ method, url }) =>
      method === 'HEAD'
        ? { status: 404, headers }
        : url === '/identity/v3/' || url === '/identity/'
          ? {
              body: {
                version: { id: 'v3.14', status: 'stable', links: [{ rel: 'self', href: '/identity/v3/' }] },
              },
            }
          : undefined,
    );
    const error = await at.cloud.identity.groups.checkUser(group).catch(caught);
    expect(isNotFound(error)).toBe(isFact);
    expect(error).toMatchObject({ status: 404 });
  });
});

// kubernetes/ingress-nginx takes a default backend of one's own, and API gateways have mocks: 200 and JSON for every path.
describe('a gateway that answers 200 with JSON to everything confirms no base', () => {
  test.each<[string, Answer, boolean]>([
    ["a gateway's", { body: { status: 'ok' } }, false],
    ["a service's, by its request id", { headers: { 'x-openstack-request-id': 'req-1' }, body: {} }, true],
    ["Neutron's own list of resources", { body: { resources: [] } }, true],
  ])('%s', async (_, answer, isFact) => {
    await using at = await cloudOfRoutes({ network: '@/neutron' }, ({ url }) => {
      if (url === '/neutron' || url === '/neutron/') return { status: 403, body: 'no' };
      return url === '/neutron/v2.0/' ? answer : own['Neutron'];
    });
    expect(isNotFound(await at.cloud.network.networks.get({ id: 'n' }).catch(caught))).toBe(isFact);
  });
});

describe('a root that is hidden', () => {
  // gtema/openstack issue 1243, ContainX/openstack4j issue 1150, fog-openstack issue 405.
  const network = { id: 'n', name: 'n' };
  const gone: Answer = {
    status: 404,
    body: { NeutronError: { type: 'NetworkNotFound', message: 'no', detail: '' } },
  };

  test('for a minute only: what was guessed is not believed after what was confirmed', async () => {
    let isHidden = true;
    const clock = new TestClock();
    await using at = await cloudOfRoutes(
      { network: '@/neutron' },
      ({ url }) => {
        if (isHidden) return others['ingress-nginx'];
        if (url === '/neutron' || url === '/neutron/')
          return {
            body: {
              versions: [{ id: 'v2.0', status: 'CURRENT', links: [{ rel: 'self', href: '/neutron/v2.0/' }] }],
            },
          };
        return url.startsWith('/neutron/v2.0/') ? { body: { network, networks: [] } } : gone;
      },
      { clock },
    );
    const { networks } = at.cloud.network;
    await expect(networks.get({ id: 'n' })).rejects.toMatchObject({ status: 404, code: 'http' });
    isHidden = false;
    clock.advance(59_000);
    // Still the guessed URL, and now Neutron's own words: they are of no network.
    await expect(networks.waitGone('n')).rejects.toMatchObject({ status: 404, code: 'http' });
    clock.advance(1_000);
    expect((await observeList('networks', networks.list())).completeness).toBe('complete');
    expect(at.seen.at(-1)?.url).toMatch(/^\/neutron\/v2\.0\/networks/);
  });

  test('that is shown while the call is under way does not confirm the base that the call had guessed', async () => {
    const clock = new TestClock();
    let isHidden = true;
    await using at = await cloudOfRoutes(
      { network: '@/neutron' },
      ({ url }) => {
        if (isHidden && url.startsWith('/neutron/networks')) {
          isHidden = false;
          clock.advance(60_000);
          return gone;
        }
        if (isHidden) return others['ingress-nginx'];
        return url === '/neutron' || url === '/neutron/'
          ? {
              body: {
                versions: [
                  { id: 'v2.0', status: 'CURRENT', links: [{ rel: 'self', href: '/neutron/v2.0/' }] },
                ],
              },
            }
          : { body: { network, networks: [] } };
      },
      { clock },
    );
    await expect(at.cloud.network.networks.waitGone('n')).rejects.toMatchObject({
      status: 404,
      code: 'http',
    });
  });

  test('an outage is no guess, and no 404', async () => {
    await using at = await cloudOfRoutes({ network: '@/neutron' }, () => ({ status: 503, body: '' }));
    await expect(at.cloud.network.networks.waitGone('n')).rejects.toMatchObject({ status: 503 });
  });
});

describe('endpoint_override of another version on purpose', () => {
  test('is confirmed by the document of that version', async () => {
    const versions = {
      version: { id: 'v2.0', status: 'SUPPORTED', links: [{ rel: 'self', href: '/compute/v2/' }] },
    };
    await using at = await cloudOfRoutes({ compute: '@/compute/v2.1' }, ({ url }) =>
      url === '/compute/v2/' ? { body: versions } : own['Nova, Cinder'],
    );
    const cloud = connect({
      ...credentials(`${at.base}/identity/v3`),
      clock: new TestClock(),
      endpoint_override: { compute: `${at.base}/compute/v2` },
    });
    expect(isNotFound(await cloud.compute.servers.get({ id: 's' }).catch(caught))).toBe(true);
  });
});
