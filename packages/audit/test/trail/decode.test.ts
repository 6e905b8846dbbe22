import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AuditEvent, auditEvent, decode } from '../../src/trail.ts';
import { pathTarget } from '../../src/trail/decode/request-path.ts';
import { eventOf } from './events.ts';

// What real services of Zed sent (the lab's queues audit.info and versioned_notifications.info), tokens masked.
const messages = JSON.parse(
  readFileSync(new URL('lab-messages.json', import.meta.url), 'utf8'),
) as readonly object[];
const options = { source: 'rabbitmq lab/audit.info', now: Date.UTC(2026, 10, 23) };
const decoded = messages.map((message) => decode(JSON.stringify(message), options));
const one = (fits: (event: AuditEvent) => boolean): AuditEvent => {
  const found = decoded.find(fits);
  if (found === undefined) throw new Error('no such event among the samples');
  return found;
};

const DEMO = '6ddb33c1bbf84e6fb37942e7d058dd8f';
const PROJECT = '797023ec012f487bafa6d8c6c44795b6';

describe('real messages', () => {
  test('all are understood, and none shows a token', () => {
    expect(decoded.filter(({ kind }) => kind === 'undecoded')).toEqual([]);
    expect(JSON.stringify(decoded)).not.toMatch(/xxxxxxxx|gAAAAA/);
  });

  test('Neutron: the rule, whole, and the user of the request', () => {
    const event = one(
      ({ kind, target, outcome }) =>
        kind === 'notification' && target.type === 'security_group_rule' && outcome === 'success',
    );
    expect(event).toMatchObject({
      action: 'create',
      who: { user_id: DEMO, user_name: 'demo', project_id: PROJECT },
      target: { id: '212d4ed7-b18c-41ff-9330-0cfb02227851', project_id: PROJECT, service: 'network' },
      request_ids: ['req-de95f693-780d-47e7-a39d-3d5b335386f9'],
      detail: { ethertype: 'IPv4', protocol: null, remote_ip_prefix: null },
    });
  });

  test('the audit filter: from where and with what, and the same request id as the service has', () => {
    const event = one(
      ({ kind, target, outcome }) =>
        kind === 'audit.http' && target.type === 'security_group_rule' && outcome === 'success',
    );
    expect(event).toMatchObject({
      action: 'create',
      who: { user_id: DEMO, user_name: 'demo', project_id: PROJECT, address: '127.0.0.1' },
      target: { type: 'security_group_rule', service: 'network' },
      request_ids: ['req-de95f693-780d-47e7-a39d-3d5b335386f9'],
      reason: { code: '201' },
      detail: { path: '/v2.0/security-group-rules' },
    });
    expect(event.target.id).toBeUndefined();
  });

  test('what was denied is a failure, with its status', () => {
    const event = one(({ outcome, kind }) => outcome === 'failure' && kind === 'audit.http');
    expect(event).toMatchObject({
      action: 'list',
      target: { type: 'service', service: 'compute' },
      reason: { code: '403' },
      who: { user_name: 'demo' },
    });
  });

  test('logins: a good one has its user; a bad one has the name that was tried, and no made-up id', () => {
    const good = one(({ action, outcome }) => action === 'authenticate' && outcome === 'success');
    expect(good).toMatchObject({
      kind: 'cadf',
      who: { user_id: DEMO, address: '127.0.0.1' },
      target: { service: 'identity' },
    });
    expect(good.request_ids).toHaveLength(1);
    const bad = one(({ action, outcome }) => action === 'authenticate' && outcome === 'failure');
    expect(bad.who).toEqual({
      user_name: 'lab-member',
      domain_id: 'default',
      address: '127.0.0.1',
      agent: 'Python-urllib/3.11',
    });
    expect(bad.reason).toMatchObject({ code: '404' });
  });

  test('Cinder, Glance, Nova', () => {
    expect(one(({ target, outcome }) => target.type === 'volume' && outcome === 'success')).toMatchObject({
      action: 'create',
      who: { user_id: DEMO },
    });
    expect(one(({ kind, target }) => kind === 'notification' && target.type === 'image')).toMatchObject({
      action: 'create',
      who: {},
      target: { project_id: PROJECT, name: 'probe-audit', service: 'image' },
      request_ids: [],
    });
    // Nobody asked for it: a task of Nova's own. Its owner did not do it.
    expect(one(({ kind }) => kind === 'nova.versioned')).toMatchObject({
      action: 'update',
      target: { type: 'server', project_id: expect.any(String) as string, service: 'compute' },
      who: {},
    });
  });
});

test.each([
  ['/v2.0/security-group-rules/12?fields=id', { type: 'security_group_rule', id: '12' }],
  [
    '/v2.0/qos/policies/12/bandwidth_limit_rules/7',
    { type: 'policy', id: '12', rest: 'bandwidth_limit_rules/7' },
  ],
  ['/v2.1/servers/detail', { type: 'server', rest: 'detail' }],
  ['/v2.1/servers/12/action', { type: 'server', id: '12', rest: 'action' }],
  ['/v2.1/os-keypairs/my%20key', { type: 'keypair', id: 'my%20key' }],
  ['/v3/797023ec012f487bafa6d8c6c44795b6/volumes/12/action', { type: 'volume', id: '12', rest: 'action' }],
  ['/v3/797023ec012f487bafa6d8c6c44795b6/volumes', { type: 'volume' }],
  ['/v3/auth/tokens', { type: 'token' }],
  ['/v2/images/12/file', { type: 'image', id: '12', rest: 'file' }],
  ['/identity/v3/users/12', { type: 'user', id: '12' }],
  ['/v2.0/address-groups', { type: 'address_group' }],
  ['/', undefined],
  ['', undefined],
])('the path %s', (path, target) => {
  expect(pathTarget(path)).toEqual(
    target === undefined ? undefined : { id: undefined, rest: undefined, ...target },
  );
});

describe('whatever is sent', () => {
  test('an exported event comes back as it was', () => {
    expect(decode(JSON.stringify(eventOf('1')), options)).toEqual(eventOf('1'));
  });

  test.each([
    ['no JSON', '{"oslo.message": '],
    ['a list', '[]'],
    ['nothing known', '{"hello": "world"}'],
    ['an event with a bad field', JSON.stringify({ ...eventOf('1'), outcome: 'fine' })],
    [
      'a maintenance event of a trail',
      JSON.stringify(eventOf('1', { kind: 'groundcrew', target: { type: 'trail' } })),
    ],
    ['huge', JSON.stringify({ event_type: 'x', payload: { a: 'x'.repeat(1_100_000) } })],
  ])('%s is kept as what it is, once, with the reason', (_, text) => {
    const event = decode(text, options);
    expect(event).toMatchObject({
      kind: 'undecoded',
      outcome: 'unknown',
      reason: { text: expect.any(String) as string },
    });
    expect(decode(text, { ...options, now: 0 }).id).toBe(event.id);
    expect(JSON.stringify(event).length).toBeLessThan(6_000);
  });

  test('of what could not be read no secret is kept', () => {
    const inner = JSON.stringify({ auth: { password: 'hunter2', token: 'gAAAA' }, admin_pass: 'hunter3' });
    for (const text of [`{"password": "hunter1", "x": ${inner}`, `{"oslo.message": ${JSON.stringify(inner)}`])
      expect(JSON.stringify(decode(text, options))).not.toMatch(/hunter|gAAAA/);
  });

  test('nothing makes it throw, or makes an event that is none', () => {
    const context = fc.dictionary(
      fc.constantFrom('_context_user_id', '_context_request_id', 'timestamp'),
      fc.jsonValue(),
    );
    const payload = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(
        fc.constantFrom(
          'typeURI',
          'action',
          'initiator',
          'target',
          'id',
          'eventTime',
          'nova_object.data',
          'reason',
          'tags',
          '__proto__',
        ),
        fc.oneof(fc.jsonValue(), fc.constant('http://schemas.dmtf.org/cloud/audit/1.0/event')),
      ),
    );
    fc.assert(
      fc.property(context, payload, fc.string(), (more, inside, type) => {
        const body = {
          message_id: 'm',
          event_type: `${type}.end`,
          payload: inside,
          timestamp: '2026-11-23 10:00:00.1',
          ...more,
        };
        const event = decode(
          JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(body) }),
          options,
        );
        expect(auditEvent(event)).toEqual(event);
      }),
      { numRuns: 500 },
    );
  });

  test('dates of another time are kept as they were told', () => {
    const future = {
      message_id: 'm',
      event_type: 'image.create',
      payload: { id: '1' },
      timestamp: '2126-01-01 00:00:00.5',
    };
    expect(decode(JSON.stringify(future), options).at).toBe('2126-01-01T00:00:00.500Z');
  });
});
