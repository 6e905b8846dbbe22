import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '@groundcrew/core';
import { createNamespaces, ensurePackages, type Namespace, type Namespaces } from '@groundcrew/lab';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderBalancerCheck, renderHaproxy, renderKeepalived } from '../src/enroll.ts';

let net: Namespaces | undefined;
let directory = '';

beforeAll(async () => {
  await ensurePackages(['haproxy', 'keepalived', 'socat', 'openssl']);
  directory = await mkdtemp('/run/groundcrew-config-');
  net = await createNamespaces(['lb']);
});
afterAll(async () => {
  await net?.stop();
  if (directory !== '') await rm(directory, { recursive: true, force: true });
});

const lb = (): Namespace => {
  if (net === undefined) throw new Error('no namespace');
  return net.of('lb');
};

describe('HAProxy itself accepts', () => {
  const server = { name: 'api-1', address: '10.0.0.3', port: 5_000 };
  const service = { name: 'keystone', bind: { address: '10.0.0.10', port: 5_000 }, servers: [server] };

  test.each<[string, object]>([
    ['an API', { ...service, check: { path: '/v3' } }],
    ['one without a health URL', service],
    [
      'IPv6',
      {
        ...service,
        bind: { address: 'fd00::10', port: 5_000 },
        servers: [{ ...server, address: 'fd00::3' }],
      },
    ],
    [
      'one that sticks to the source, with everything tuned',
      {
        ...service,
        balance: 'source',
        check: {
          path: '/v3?a=b%20c',
          expect: '200,300-302',
          every: 2_000,
          everyInDoubt: 1_000,
          timeout: 5_000,
          rise: 3,
          fall: 5,
        },
        timeouts: { connect: 1, queue: 1, client: 86_400_000, server: 86_400_000 },
      },
    ],
    [
      'a database with one writer',
      {
        ...service,
        mode: 'tcp',
        balance: 'first',
        check: { path: '/', port: 9_200, expect: '200' },
        servers: [server, { ...server, name: 'api-2', backup: true }],
      },
    ],
    [
      '500 servers',
      {
        ...service,
        servers: Array.from({ length: 500 }, (_, at) => ({ ...server, name: `api-${at}`, port: at + 1 })),
      },
    ],
  ])('%s', async (_, given) => {
    const file = join(directory, 'haproxy.cfg');
    const services = [given as typeof service];
    await writeFile(file, renderHaproxy({ socket: join(directory, 'haproxy.sock'), services }));
    await expect(lb().run(['haproxy', '-c', '-f', file])).resolves.toContain('valid');
  });

  test('TLS', async () => {
    const certificate = join(directory, 'tls.pem');
    await lb().run([
      'sh',
      '-c',
      'openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=lab -keyout "$1.key" -out "$1.crt" 2>/dev/null && cat "$1.crt" "$1.key" >"$1"',
      'sh',
      certificate,
    ]);
    const file = join(directory, 'haproxy.cfg');
    const services = [{ ...service, bind: { ...service.bind, certificate } }];
    await writeFile(
      file,
      renderHaproxy({
        socket: join(directory, 'haproxy.sock'),
        log: '/dev/log',
        user: 'haproxy',
        group: 'haproxy',
        services,
      }),
    );
    await expect(lb().run(['haproxy', '-c', '-f', file])).resolves.toContain('valid');
  });
});

describe('keepalived itself accepts', () => {
  const model = () => ({
    router: 'lb-1',
    script: join(directory, 'check'),
    interface: lb().interface,
    routerId: 51,
    priority: 150,
    source: lb().address,
    peers: ['10.0.0.2'],
    addresses: [{ address: '10.0.0.10', prefix: 24 }],
  });

  test.each<[string, object, string | undefined]>([
    ['VRRP 2', {}, undefined],
    ['with a password', { authenticated: true }, 'pa55-._w'],
    ['VRRP 3, by fractions of a second', { advertInterval: '250ms' }, undefined],
    ['multicast', { peers: undefined }, undefined],
    [
      'IPv6',
      {
        source: 'fe80::1',
        peers: ['fe80::2'],
        addresses: [
          { address: 'fe80::10', prefix: 64 },
          { address: 'fd00::10', prefix: 64 },
        ],
      },
      undefined,
    ],
    ['50 peers', { peers: Array.from({ length: 50 }, (_, at) => `10.200.100.${at + 100}`) }, undefined],
  ])('%s', async (_, change, password) => {
    const file = join(directory, 'keepalived.conf');
    await writeFile(
      join(directory, 'check'),
      renderBalancerCheck({ socket: join(directory, 'haproxy.sock') }),
      {
        mode: 0o755,
      },
    );
    const given = password === undefined ? {} : { password: new Secret(password) };
    await writeFile(file, renderKeepalived({ ...model(), ...change }, given));
    // It ends with 0 in spite of some complaints: what it prints must be nothing, too.
    const said = await lb().run(['sh', '-c', 'keepalived --config-test --use-file "$1" 2>&1', 'sh', file]);
    expect(said.trim()).toBe('');
  });
});
