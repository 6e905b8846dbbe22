import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createPlainServer } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import { afterAll, describe, expect, test } from 'vitest';
import { connect, type ConnectOptions, isConfigError, isConnectionError } from '../../src/index.ts';
import { Certificates, type Pair } from './certificates.ts';
import { cloudListener, credentials, json, listening } from '../scripted-cloud.ts';
import { TestClock } from '../test-clock.ts';

const certificates = new Certificates();
afterAll(() => certificates[Symbol.dispose]());
const { authority } = certificates;
const good = certificates.issued('good');

/** Keystone and Nova behind TLS. */
const secureCloud = ({ cert, key }: Pair, options: ServerOptions = {}) =>
  listening(
    createServer(
      { cert, key, ...options },
      cloudListener((_, response) => json(response, 200, { keypairs: [{ keypair: KEYPAIR }] }), 'https'),
    ),
  );
const KEYPAIR = { name: 'k', public_key: 'ssh-rsa', fingerprint: 'f' };

/** The names of the keypairs, or the error. */
async function keypairs(port: number, options: ConnectOptions): Promise<unknown> {
  await using cloud = connect({
    ...credentials(`https://127.0.0.1:${port}/v3`),
    clock: new TestClock(),
    random: () => 1,
    ...options,
  });
  try {
    return (await Array.fromAsync(cloud.compute.keypairs.list())).map(({ name }) => name);
  } catch (error) {
    return error;
  }
}

describe('the certificate of the server', () => {
  test('self-signed: an error that names the reason and the remedy, at the first attempt', async () => {
    await using server = await secureCloud(certificates.selfSigned('self'));
    const error = await keypairs(server.port, {});
    expect(isConnectionError(error)).toBe(true);
    expect(error).toMatchObject({
      code: 'certificate',
      attempts: 1,
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      message: expect.stringContaining('self-signed certificate'),
      remedy: expect.stringContaining('`cacert`'),
      service: 'identity',
    });
  });

  test('of an unknown authority', async () => {
    await using server = await secureCloud(good);
    expect(await keypairs(server.port, {})).toMatchObject({
      code: 'certificate',
      attempts: 1,
      reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      remedy: expect.stringContaining('`cacert`'),
    });
  });

  test('is accepted by its authority as `cacert`, or a self-signed one by itself', async () => {
    await using server = await secureCloud(good);
    expect(await keypairs(server.port, { cacert: authority.certFile })).toEqual(['k']);
    const self = certificates.selfSigned('trusted');
    await using other = await secureCloud(self);
    expect(await keypairs(other.port, { cacert: self.certFile })).toEqual(['k']);
  });

  test('`cacert` of another authority does not help', async () => {
    await using server = await secureCloud(good);
    const another = certificates.selfSigned('another');
    expect(await keypairs(server.port, { cacert: another.certFile })).toMatchObject({ code: 'certificate' });
  });

  test('is not looked at with `verify: false`', async () => {
    await using server = await secureCloud(
      certificates.issued('nobody', { names: 'subjectAltName=DNS:elsewhere.example' }),
    );
    expect(await keypairs(server.port, { verify: false })).toEqual(['k']);
  });

  test('expired: that is the reason, and the remedy is not `cacert`', async () => {
    await using server = await secureCloud(
      certificates.issued('old', { from: '20200101000000Z', to: '20200201000000Z' }),
    );
    expect(await keypairs(server.port, { cacert: authority.certFile })).toMatchObject({
      code: 'certificate',
      attempts: 1,
      reason: 'CERT_HAS_EXPIRED',
      remedy: expect.stringContaining('renewed'),
    });
  });

  test('of another host: says which it is for', async () => {
    await using server = await secureCloud(
      certificates.issued('else', { names: 'subjectAltName=DNS:elsewhere.example' }),
    );
    expect(await keypairs(server.port, { cacert: authority.certFile })).toMatchObject({
      code: 'certificate',
      attempts: 1,
      reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
      message: expect.stringContaining("127.0.0.1 is not in the cert's list"),
      remedy: expect.stringContaining('host name'),
    });
  });
});

/** Node closes the connection on who has no certificate; OpenSSL, and so other servers, say why. */
async function opensslServer(...options: string[]): Promise<AsyncDisposable & { readonly port: number }> {
  const server = spawn('openssl', [
    's_server',
    '-accept',
    '127.0.0.1:0',
    '-Verify',
    '1',
    '-verify_return_error',
    ...options,
  ]);
  const closed = once(server, 'close');
  server.stderr.resume();
  let said = '';
  for await (const chunk of server.stdout.iterator({ destroyOnReturn: false })) {
    said += String(chunk);
    if (/ACCEPT .+\n/.test(said)) break;
  }
  server.stdout.resume();
  return {
    port: Number(/ACCEPT \S*:(\d+)/.exec(said)?.[1]),
    async [Symbol.asyncDispose]() {
      server.kill();
      await closed;
    },
  };
}

/** Of TLS 1.3 undici keeps no alert that comes after the handshake: all that is seen is a connection that was closed. */
describe.each([
  ['TLSv1.2', '-tls1_2', 'certificate'],
  ['TLSv1.3', '-tls1_3', 'unreachable'],
] as const)('a server that wants a certificate of the client, %s', (version, flag, code) => {
  const strict = {
    requestCert: true,
    rejectUnauthorized: true,
    ca: authority.cert,
    minVersion: version,
    maxVersion: version,
  };
  const client = certificates.issued(`client${flag}`);

  test('is content with `cert` and `key`, also in one file', async () => {
    await using server = await secureCloud(good, strict);
    const { certFile: cert, keyFile: key } = client;
    expect(await keypairs(server.port, { cacert: authority.certFile, cert, key })).toEqual(['k']);
    const both = certificates.write('both.pem', client.cert + client.key);
    expect(await keypairs(server.port, { cacert: authority.certFile, cert: both })).toEqual(['k']);
  });

  test('refuses without them, or with those of another authority', async () => {
    await using server = await opensslServer(
      '-cert',
      good.certFile,
      '-key',
      good.keyFile,
      '-CAfile',
      authority.certFile,
      flag,
    );
    const { certFile: cert, keyFile: key } = certificates.selfSigned(`stranger${flag}`);
    for (const own of [{}, { cert, key }]) {
      expect(await keypairs(server.port, { cacert: authority.certFile, retries: 0, ...own })).toMatchObject({
        code,
        remedy: expect.stringContaining('`cert` and `key`'),
      });
    }
  });
});

describe('files that cannot be used are a ConfigError that names file and key; nothing is sent', () => {
  const text = certificates.write('text.pem', 'not a certificate');
  const broken = certificates.write(
    'broken.pem',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  );
  const stranger = certificates.selfSigned('stranger');
  test.each([
    ['cacert that is not there', { cacert: '/nowhere/ca.pem' }, 'cacert', '/nowhere/ca.pem'],
    ['cacert that is a directory', { cacert: certificates.dir }, 'cacert', certificates.dir],
    ['cacert without a certificate', { cacert: text }, 'cacert', text],
    ['cacert that is broken', { cacert: broken }, 'cacert', broken],
    ['cert that is not there', { cert: '/nowhere/c.pem' }, 'cert', '/nowhere/c.pem'],
    ['cert that is none', { cert: text }, 'cert', text],
    ['key that is not there', { cert: good.certFile, key: '/nowhere/k.pem' }, 'key', '/nowhere/k.pem'],
    ['key of another certificate', { cert: good.certFile, key: stranger.keyFile }, 'key', stranger.keyFile],
  ])('%s', async (_, options, key, file) => {
    let handshakes = 0;
    await using server = await secureCloud(good, {
      SNICallback: (_name, done) => {
        handshakes += 1;
        done(null);
      },
    });
    const clock = new TestClock();
    const error = await keypairs(server.port, { ...options, clock });
    expect(isConfigError(error)).toBe(true);
    expect(error).toMatchObject({
      key,
      file,
      message: expect.stringContaining(file),
      remedy: expect.any(String),
    });
    expect(handshakes).toBe(0);
    expect(clock.slept).toEqual([]);
  });
});

test('https:// to a port that speaks HTTP says so', async () => {
  await using server = await listening(createPlainServer());
  expect(await keypairs(server.port, { retries: 0 })).toMatchObject({
    code: 'unreachable',
    remedy: expect.stringContaining('http://'),
  });
});
