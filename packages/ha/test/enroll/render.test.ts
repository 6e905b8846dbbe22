import { Secret } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { ownerOf } from '../../src/enroll/managed-file.ts';
import { renderHaproxy } from '../../src/enroll/render-haproxy.ts';
import { renderBalancerCheck, renderKeepalived } from '../../src/enroll/render-keepalived.ts';
import { haSettings, renderSettings } from '../../src/enroll/settings.ts';
import { type Catalogue, catalogue } from '../../src/stack.ts';

const server = { name: 'api-1', address: '10.0.0.3', port: 5_000 };
const service = {
  name: 'keystone',
  bind: { address: '10.0.0.10', port: 5_000 },
  check: { path: '/v3' },
  servers: [server, { name: 'api-2', address: 'fd00::4', port: 5_000 }],
};
const model = { socket: '/run/haproxy/admin.sock', services: [service] };
const router = {
  router: 'lb-1',
  script: '/etc/keepalived/check',
  interface: 'eth0',
  routerId: 51,
  priority: 150,
  source: '10.0.0.1',
  peers: ['10.0.0.2'],
  addresses: [{ address: '10.0.0.10', prefix: 24 }],
};
/** Of an error: which field. */
const field = (name: string) => expect.objectContaining({ field: name }) as Error;

describe('HAProxy', () => {
  test('has what keeps an outage short, and sends only reads again', () => {
    const text = renderHaproxy(model);
    for (const line of [
      'bind 10.0.0.10:5000 transparent',
      'http-check send meth GET uri /v3 ver HTTP/1.1',
      'inter 500ms fastinter 200ms',
      'on-marked-down shutdown-sessions',
      'http-request disable-l7-retry unless METH_GET',
      'server api-1 10.0.0.3:5000 check',
      'server api-2 [fd00::4]:5000 check',
    ])
      expect(text).toContain(line);
    expect(text).not.toContain('observe layer7');
  });

  test('of a database has one writer, and comes back to it', () => {
    const text = renderHaproxy({
      ...model,
      services: [{ ...service, mode: 'tcp', servers: [server, { ...server, name: 'b', backup: true }] }],
    });
    expect(text).toContain('check on-marked-up shutdown-backup-sessions\n');
    expect(text).toContain('check backup\n');
    expect(text).not.toContain('forwardfor');
  });

  test.each<[string, string, object]>([
    ['a line break in a name', 'services.0.name', { services: [{ ...service, name: 'a\n    bind :22' }] }],
    [
      'a quote',
      'services.0.servers.0.name',
      { services: [{ ...service, servers: [{ ...server, name: 'a"b' }] }] },
    ],
    [
      'a space',
      'services.0.servers.0.name',
      { services: [{ ...service, servers: [{ ...server, name: 'a check' }] }] },
    ],
    ['a comment', 'services.0.name', { services: [{ ...service, name: 'a#b' }] }],
    ['a variable', 'services.0.check.path', { services: [{ ...service, check: { path: '/$HOME' } }] }],
    ['an escape', 'services.0.check.path', { services: [{ ...service, check: { path: '/a\\ b' } }] }],
    [
      'no address',
      'services.0.servers.0.address',
      { services: [{ ...service, servers: [{ ...server, address: 'db.local' }] }] },
    ],
    [
      'a zone',
      'services.0.servers.0.address',
      { services: [{ ...service, servers: [{ ...server, address: 'fe80::1%eth0' }] }] },
    ],
    ['a path with a space', 'socket', { socket: '/run/a b' }],
    ['a way out', 'socket', { socket: '/run/../etc/shadow' }],
    ['a relative path', 'socket', { socket: 'run/x' }],
    ['a trailing line break', 'user', { user: 'haproxy\n' }],
    [
      'the same server twice',
      'services.0.servers.1.name',
      { services: [{ ...service, servers: [server, server] }] },
    ],
    [
      'the same name twice',
      'services.1.name',
      { services: [service, { ...service, bind: { address: '10.0.0.10', port: 1 } }] },
    ],
    ['the same port twice', 'services.1.bind.port', { services: [service, { ...service, name: 'other' }] }],
    ['no server', 'services.0.servers', { services: [{ ...service, servers: [] }] }],
    ['a typo', 'sockets', { sockets: '/run/x' }],
    [
      'words as codes',
      'services.0.check.expect',
      { services: [{ ...service, check: { path: '/', expect: '200 or' } }] },
    ],
  ])('%s is refused, and its field is named', (_, path, change) => {
    expect(() => renderHaproxy({ ...model, ...change })).toThrow(field(path));
  });
});

describe('keepalived', () => {
  test('begins as nobody, takes nothing back, and asks the balancer', () => {
    const text = renderKeepalived(router);
    for (const line of [
      'state BACKUP',
      'nopreempt',
      'vrrp_version 2',
      'unicast_src_ip 10.0.0.1',
      'init_fail',
    ])
      expect(text).toContain(line);
    expect(text).not.toContain('auth_pass');
    expect(renderKeepalived({ ...router, advertInterval: '500ms' })).toContain('vrrp_version 3');
  });

  test('keeps its password out of what it tells about itself', () => {
    const text = renderKeepalived({ ...router, authenticated: true }, { password: new Secret('s3cret') });
    expect(text.match(/s3cret/g)).toHaveLength(1);
    expect(JSON.stringify(ownerOf('keepalived', text))).not.toContain('s3cret');
  });

  test.each<[string, string, object, string | undefined]>([
    ['fractions and a password', 'advertInterval', { advertInterval: '500ms', authenticated: true }, 'x'],
    ['no password', 'password', { authenticated: true }, undefined],
    ['one that keepalived would cut', 'password', { authenticated: true }, 'ninechars'],
    ['one with a line break', 'password', { authenticated: true }, 'a\n}'],
    ['both families', 'addresses', { addresses: [{ address: 'fd00::1', prefix: 64 }] }, undefined],
    ['itself as peer', 'peers', { peers: ['10.0.0.1'] }, undefined],
    ['a script with a quote', 'script', { script: '/etc/a"b' }, undefined],
    ['an interface with a brace', 'interface', { interface: 'eth0 }' }, undefined],
    ['no such router id', 'routerId', { routerId: 256 }, undefined],
  ])('%s is refused', (_, path, change, password) => {
    expect(() =>
      renderKeepalived(
        { ...router, ...change },
        { password: password === undefined ? undefined : new Secret(password) },
      ),
    ).toThrow(field(path));
  });

  test('no line is too long for it, however many peers there are', () => {
    const peers = Array.from({ length: 50 }, (_, at) => `10.100.200.${at + 100}`);
    const lines = renderKeepalived({ ...router, peers }).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(200);
  });
});

describe('whose a file is', () => {
  const text = renderHaproxy(model);

  test('ours, with what it was made from', () => {
    expect(ownerOf('haproxy', text)).toMatchObject({
      state: 'ours',
      model: { services: [{ name: 'keystone' }] },
    });
    expect(ownerOf('check', renderBalancerCheck({ socket: '/run/x' }))).toMatchObject({ state: 'ours' });
    expect(renderBalancerCheck({ socket: '/run/x' }).startsWith('#!/bin/sh\n')).toBe(true);
  });

  test.each([
    ['a line more', `${text}    maxconn 1\n`],
    ['a line less', text.replace('    option redispatch 1\n', '')],
    ['another model', text.replace('"keystone"', '"keystoned"')],
    ['no digest', text.replace(/^# groundcrew-digest.*\n/m, '')],
    ['cut off', text.slice(0, 150)],
  ])('edited: %s', (_, changed) => {
    expect(ownerOf('haproxy', changed).state).toBe('edited');
  });

  test.each([
    ['empty', ''],
    ["somebody else's", 'global\n  maxconn 10\n'],
    ['of another program', renderKeepalived(router)],
  ])('foreign: %s', (_, other) => {
    expect(ownerOf('haproxy', other).state).toBe('foreign');
  });
});

describe('settings', () => {
  const given = (name: string) => {
    const found = (catalogue as Catalogue)[name];
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };
  const keystone = given('keystone');

  test('are what a component needs, by the catalogue', () => {
    const options = (name: string) =>
      haSettings(given(name)).map(({ section, option }) => `${section}.${option}`);
    expect(options('keystone')).toContain('database.max_retries');
    expect(options('nova-api')).toContain('oslo_messaging_rabbit.rabbit_quorum_queue');
    expect(options('nova-compute')).not.toContain('database.max_retries');
  });

  test('with secrets show them where the program reads, and nowhere else', () => {
    const settings = haSettings(keystone, { database: 'db' });
    const text = renderSettings(settings, { db: new Secret('mysql+pymysql://u:pa$$@10.0.0.10/k') });
    expect(text).toContain('connection = mysql+pymysql://u:pa$$$$@10.0.0.10/k\n');
    expect(text.match(/10\.0\.0\.10/g)).toHaveLength(1);
    expect(JSON.stringify(settings)).not.toContain('mysql');
  });

  test('without the secret, or with one of several lines, are refused', () => {
    const settings = haSettings(keystone, { database: 'db' });
    expect(() => renderSettings(settings)).toThrow(field('settings.0.secret'));
    expect(() => renderSettings(settings, { db: new Secret('a\n[DEFAULT]') })).toThrow('more than one line');
  });
});
