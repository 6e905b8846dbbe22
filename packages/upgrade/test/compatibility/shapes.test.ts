import { requestShapes } from '@groundcrew/upgrade/compatibility';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const shape = (path: string) => requestShapes([{ service: 'x', method: 'GET', path }]).shapes[0]?.path;

test.each([
  ['/v2.1/0123456789abcdef0123456789abcdef/servers/detail?all_tenants=1', '/v2.1/servers/detail'],
  [
    'http://c:8774/v2.1/servers/6b0a1c1e-1111-4222-8333-444455556666/os-volume_attachments',
    '/v2.1/servers/{id}/os-volume_attachments',
  ],
  ['/compute/v2.1/flavors/m1.small/os-extra_specs', '/v2.1/flavors/{id}/os-extra_specs'],
  ['/v2.1/os-keypairs/mykey', '/v2.1/os-keypairs/{id}'],
  ['/v2.1/os-hypervisors/statistics', '/v2.1/os-hypervisors/statistics'],
  ['/v2.1/servers/{server_id}/metadata/role', '/v2.1/servers/{id}/metadata/{id}'],
  ['/v3/auth/tokens', '/v3/auth/tokens'],
  [
    '/v3/OS-FEDERATION/identity_providers/corp/protocols/saml/auth',
    '/v3/OS-FEDERATION/identity_providers/{id}/protocols/{id}/auth',
  ],
  ['/v2.0/lbaas/loadbalancers/6b0a1c1e-1111-4222-8333-444455556666', '/v2.0/lbaas/loadbalancers/{id}'],
  ['/v2.0/networks.json', '/v2.0/networks'],
  ['/v2/images/6b0a1c1e-1111-4222-8333-444455556666/tags/gold', '/v2/images/{id}/tags/{id}'],
  [
    '/resource_providers/6b0a1c1e-1111-4222-8333-444455556666/inventories/VCPU',
    '/resource_providers/{id}/inventories/{id}',
  ],
  ['/', '/'],
  ['', '/'],
])('%s is %s', (path, template) => {
  expect(shape(path)).toBe(template);
});

test('whatever the ids, the template is one', () => {
  const aName = fc.oneof(
    fc.uuid(),
    fc.stringMatching(/^[0-9a-f]{32}$/),
    fc
      .stringMatching(/^[A-Za-z0-9._~@:%-]{1,40}$/)
      .filter(
        (name) =>
          !/^(?:add|action|auth|capabilities|capacities|config|defaults?|delete|detail|disable|enable|info|me|statistics|summary|sync_instances|tasks|OS-[A-Z\d-]*)(?:\.json)?$/.test(
            name,
          ),
      ),
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-f]{32}$/), aName, aName, (project, server, key) => {
      expect(shape(`/v2.1/${project}/servers/${server}/tags/${key}?x=${key}`)).toBe(
        '/v2.1/servers/{id}/tags/{id}',
      );
    }),
  );
});

test('the template of a template is itself, of whatever text', () => {
  const aSegment = fc.oneof(
    fc.string(),
    fc.constantFrom('v2', 'v2.1', 'servers', 'metadata', '{id}', '..', 'OS-X', 'lbaas'),
    fc.uuid(),
  );
  fc.assert(
    fc.property(fc.array(aSegment, { maxLength: 20 }), (segments) => {
      const once = shape(`/${segments.join('/')}`) ?? '';
      expect(shape(once)).toBe(once);
    }),
  );
});

test('a long log of few shapes is few rows; beyond the limit they are counted', () => {
  function* log(length: number) {
    for (let index = 0; index < length; index += 1)
      yield {
        service: 'nova',
        method: 'GET',
        path: `/v2.1/servers/${index}`,
        userAgent: 'openstacksdk/4.0 python/3.13',
      };
  }
  expect(requestShapes(log(200_000))).toEqual({
    shapes: [
      {
        service: 'nova',
        method: 'GET',
        path: '/v2.1/servers/{id}',
        microversion: undefined,
        userAgent: 'openstacksdk/4.0',
        times: 200_000,
      },
    ],
    requests: 200_000,
    cut: 0,
    unread: 0,
  });
  const many = Array.from({ length: 30 }, (_, index) => ({
    service: `s${index}`,
    method: 'GET',
    path: '/',
    times: 2,
  }));
  expect(requestShapes(many, { limit: 10 })).toMatchObject({ requests: 60, cut: 40 });
  expect(requestShapes(many, { limit: 10 }).shapes).toHaveLength(10);
});

test('a microversion that is not told is another shape than none', () => {
  const asked = (microversion: string | null | undefined) => ({
    service: 'nova',
    method: 'GET',
    path: '/',
    microversion,
  });
  const { shapes } = requestShapes([
    asked(null),
    asked(undefined),
    asked('compute 2.96'),
    asked('2.96'),
    asked(null),
  ]);
  expect(shapes.map(({ microversion, times }) => [microversion, times])).toEqual([
    [null, 2],
    [undefined, 1],
    ['2.96', 2],
  ]);
});

test('what is no request is counted, and costs no other', () => {
  const odd = [
    null,
    7,
    {},
    { service: 'x', method: 'GET', path: '/', times: -1 },
    { service: 'x', method: 'GET', path: '/' },
  ];
  const read = requestShapes(odd as never);
  expect(read).toMatchObject({ requests: 1, unread: 4 });
});
