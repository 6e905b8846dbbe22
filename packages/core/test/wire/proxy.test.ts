import { createServer, type IncomingMessage, request as forward, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect as connectSocket } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { connect, type ConnectOptions, isConnectionError } from '../../src/index.ts';
import { noProxy } from '../../src/wire/no-proxy.ts';
import { Certificates } from './certificates.ts';
import { cloudListener, credentials, json, listening } from '../scripted-cloud.ts';
import { TestClock } from '../test-clock.ts';

const certificates = new Certificates();
afterAll(() => certificates[Symbol.dispose]());
const { cert, key } = certificates.issued('server');
const { certFile: cacert } = certificates.authority;

const KEYPAIR = { name: 'k', public_key: 'ssh-rsa', fingerprint: 'f' };
const answer = (_: IncomingMessage, response: Parameters<typeof json>[0]) =>
  json(response, 200, { keypairs: [{ keypair: KEYPAIR }] });
const plainCloud = () => listening(createServer(cloudListener(answer)));
const secureCloud = () => listening(createSecureServer({ cert, key }, cloudListener(answer, 'https')));

/** Serves CONNECT and absolute URLs, and writes down what it was asked for. Every name leads to loopback. */
async function proxy(make: () => Server = createServer) {
  const asked: string[] = [];
  const authorization: (string | undefined)[] = [];
  const server = make();
  server.on('connect', (incoming: IncomingMessage, client) => {
    asked.push(`CONNECT ${incoming.url}`);
    authorization.push(incoming.headers['proxy-authorization']);
    const upstream = connectSocket(Number(incoming.url?.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [upstream, client]) socket.on('error', () => upstream.destroy() && client.destroy());
    client.on('close', () => upstream.destroy());
  });
  server.on('request', (incoming: IncomingMessage, response) => {
    const { port, pathname, host } = new URL(incoming.url ?? '');
    asked.push(`${incoming.method} ${host}${pathname}`);
    authorization.push(incoming.headers['proxy-authorization']);
    const { method, headers } = incoming;
    const upstream = forward({ host: '127.0.0.1', port, path: pathname, method, headers }, (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
    });
    incoming.pipe(upstream);
  });
  return Object.assign(await listening(server), { asked, authorization });
}

async function keypairs(auth_url: string, options: ConnectOptions): Promise<string[]> {
  await using cloud = connect({
    ...credentials(auth_url),
    clock: new TestClock(),
    random: () => 1,
    ...options,
  });
  return (await Array.fromAsync(cloud.compute.keypairs.list())).map(({ name }) => name);
}

describe('a proxy', () => {
  test('is asked for http:// URLs whole, without a tunnel, as proxies that allow CONNECT to 443 only need it', async () => {
    await using server = await plainCloud();
    await using through = await proxy();
    const host = `keystone.test:${server.port}`;
    expect(await keypairs(`http://${host}/v3`, { proxy: `http://127.0.0.1:${through.port}` })).toEqual(['k']);
    expect(through.asked).toEqual([`POST ${host}/v3/auth/tokens`, `GET ${host}/compute/v2.1/os-keypairs`]);
  });

  test('makes tunnels for https://, and the certificate of the server is verified through them', async () => {
    await using server = await secureCloud();
    await using through = await proxy();
    const auth_url = `https://localhost:${server.port}/v3`;
    const options = { proxy: `http://127.0.0.1:${through.port}` };
    expect(await keypairs(auth_url, { ...options, cacert })).toEqual(['k']);
    expect(new Set(through.asked)).toEqual(new Set([`CONNECT localhost:${server.port}`]));
    await expect(keypairs(auth_url, options)).rejects.toMatchObject({ code: 'certificate', attempts: 1 });
  });

  test('may itself be behind TLS, of the same authority', async () => {
    await using server = await secureCloud();
    await using through = await proxy(() => createSecureServer({ cert, key }));
    const options = { proxy: `https://localhost:${through.port}`, cacert };
    expect(await keypairs(`https://localhost:${server.port}/v3`, options)).toEqual(['k']);
    expect(through.asked).toContain(`CONNECT localhost:${server.port}`);
  });

  test('gets user and password from its URL; the services do not', async () => {
    const seen: unknown[] = [];
    await using server = await listening(
      createServer((request, response) => {
        seen.push(request.headers['proxy-authorization']);
        cloudListener(answer)(request, response);
      }),
    );
    await using through = await proxy();
    await keypairs(`http://keystone.test:${server.port}/v3`, {
      proxy: `http://me:p%40ss@127.0.0.1:${through.port}`,
    });
    expect(through.authorization[0]).toBe(`Basic ${btoa('me:p@ss')}`);
  });

  test('comes from the environment too', async () => {
    await using server = await plainCloud();
    await using through = await proxy();
    const env = { http_proxy: `http://127.0.0.1:${through.port}` };
    await keypairs(`http://keystone.test:${server.port}/v3`, { env });
    expect(through.asked).toHaveLength(2);
    await keypairs(`http://127.0.0.1:${server.port}/v3`, { env: { ...env, NO_PROXY: '127.0.0.1' } });
    expect(through.asked).toHaveLength(2);
  });
});

test.each([
  ['http://a.corp.example/', 'corp.example', true],
  ['http://a.corp.example/', '*.corp.example', true],
  ['http://acorp.example/', 'corp.example', false],
  ['https://corp.example:5000/', 'corp.example:5000', true],
  ['https://corp.example/', 'corp.example:443', true],
  ['http://corp.example/', 'corp.example:443', false],
  ['http://10.1.2.3:5000/', '192.168.0.0/16, 10.0.0.0/8', true],
  ['http://11.1.2.3/', '10.0.0.0/8', false],
  ['http://10.1.2.3/', '10.0.0.0/99', false],
  ['http://[fd00::7]:5000/', 'fd00::/8', true],
  ['http://[::1]:5000/', '::1', true],
  ['http://[::1]:5000/', '[::1]:5000', true],
  ['http://anything/', '', false],
])('%s and NO_PROXY=%s: %s', (url, list, direct) => {
  expect(noProxy(list)(new URL(url))).toBe(direct);
});

describe('no_proxy', () => {
  test.each(['127.0.0.1', 'localhost,127.0.0.1', 'elsewhere.example 127.0.0.1', '*', '127.0.0.0/8'])(
    '%s: loopback is reached without it',
    async (no_proxy) => {
      await using server = await plainCloud();
      await using through = await proxy();
      expect(
        await keypairs(`http://127.0.0.1:${server.port}/v3`, {
          proxy: `http://127.0.0.1:${through.port}`,
          no_proxy,
        }),
      ).toEqual(['k']);
      expect(through.asked).toEqual([]);
    },
  );

  test.each(['localhost', '.localhost'])(
    '%s: a name counts as it is written in the URL',
    async (no_proxy) => {
      await using server = await plainCloud();
      await using through = await proxy();
      const options = { proxy: `http://127.0.0.1:${through.port}`, no_proxy };
      await keypairs(`http://localhost:${server.port}/v3`, options);
      expect(through.asked).toEqual([]);
      await keypairs(`http://127.0.0.1:${server.port}/v3`, options);
      expect(through.asked).toHaveLength(2);
    },
  );

  test('without it even loopback goes through the proxy, as with curl; the proxy is what was asked for', async () => {
    await using server = await plainCloud();
    await using through = await proxy();
    await keypairs(`http://127.0.0.1:${server.port}/v3`, { proxy: `http://127.0.0.1:${through.port}` });
    expect(through.asked).toHaveLength(2);
  });
});

describe('a proxy that fails', () => {
  test.each(['http', 'https'])(
    'cannot be reached: the error of an %s:// URL names it, without its password',
    async (scheme) => {
      const gone = await proxy();
      await gone[Symbol.asyncDispose]();
      const error = await keypairs(`${scheme}://keystone.test:5000/v3`, {
        proxy: `http://me:pa55@127.0.0.1:${gone.port}`,
      }).catch((caught: unknown) => caught);
      expect(isConnectionError(error)).toBe(true);
      expect(error).toMatchObject({
        code: 'unreachable',
        reason: 'ECONNREFUSED',
        message: expect.stringMatching(`proxy http://127.0.0.1:${gone.port}`),
      });
      expect((error as Error).message).not.toContain('pa55');
    },
  );

  test.each([
    ['http', 407],
    ['https', 407],
    ['https', 403],
  ])('refuses an %s:// URL with %i: says so', async (scheme, status) => {
    const refusing = createServer((_, response) =>
      response.writeHead(status, { 'content-type': 'text/html' }).end('<html>'),
    );
    refusing.on('connect', (_, socket) => socket.end(`HTTP/1.1 ${status} Refused\r\n\r\n`));
    await using through = await listening(refusing);
    const error = await keypairs(`${scheme}://keystone.test:5000/v3`, {
      proxy: `http://127.0.0.1:${through.port}`,
    }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      message: expect.stringContaining(String(status)),
      remedy: expect.stringMatching(/proxy/i),
    });
  });
});
