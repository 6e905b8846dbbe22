import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { connect, type ConnectOptions, loadCloud } from '../../src/index.ts';
import { Certificates } from '../wire/certificates.ts';
import { cloudListener, credentials, json, listening } from '../scripted-cloud.ts';
import { TestClock } from '../test-clock.ts';

// The `openstack` command takes them through requests (`merge_environment_settings` in `requests/sessions.py`). A directory:
// redhat-openstack/openshift-on-openstack issue 380 (`OS_CACERT=/etc/ssl/certs/`).
const certificates = new Certificates();
afterAll(() => certificates[Symbol.dispose]());
const { certFile } = certificates.authority;
const good = certificates.issued('good');
const elsewhere = certificates.selfSigned('elsewhere').certFile;
const directory = join(certificates.dir, 'hashed');
mkdirSync(directory);
copyFileSync(certFile, join(directory, '5f267794.0'));
copyFileSync(certFile, join(directory, 'ca.pem'));
writeFileSync(join(directory, 'README'), 'no certificate');

async function outcome(options: ConnectOptions): Promise<unknown> {
  const { cert, key } = good;
  await using server = await listening(
    createServer(
      { cert, key },
      cloudListener((_, response) => json(response, 200, { keypairs: [] }), 'https'),
    ),
  );
  await using cloud = connect({
    ...credentials(`https://127.0.0.1:${server.port}/v3`),
    clock: new TestClock(),
    retries: 0,
    ...options,
  });
  return await Array.fromAsync(cloud.compute.keypairs.list()).catch((error: unknown) => error);
}

test.each<[string, ConnectOptions]>([
  ['REQUESTS_CA_BUNDLE', { env: { REQUESTS_CA_BUNDLE: certFile } }],
  ['CURL_CA_BUNDLE', { env: { CURL_CA_BUNDLE: certFile } }],
  ['the first of both', { env: { REQUESTS_CA_BUNDLE: certFile, CURL_CA_BUNDLE: elsewhere } }],
  ['a directory', { env: { REQUESTS_CA_BUNDLE: directory } }],
  ['a directory as cacert', { cacert: directory }],
  ['cacert before it', { env: { REQUESTS_CA_BUNDLE: elsewhere }, cacert: certFile }],
  ['an empty one is none', { env: { REQUESTS_CA_BUNDLE: '', CURL_CA_BUNDLE: certFile } }],
  ['not looked for with verify: false', { env: { REQUESTS_CA_BUNDLE: '/nowhere' }, verify: false }],
])('%s', async (_, options) => {
  expect(await outcome(options)).toEqual([]);
});

test.each<[string, ConnectOptions, object]>([
  ['the wrong one', { env: { REQUESTS_CA_BUNDLE: elsewhere } }, { code: 'certificate' }],
  ['cacert before it', { env: { REQUESTS_CA_BUNDLE: certFile }, cacert: elsewhere }, { code: 'certificate' }],
  [
    'one that is not there',
    { env: { REQUESTS_CA_BUNDLE: '/nowhere' } },
    { code: 'config', file: '/nowhere', remedy: expect.stringContaining('REQUESTS_CA_BUNDLE') },
  ],
])('%s', async (_, options, expected) => {
  expect(await outcome(options)).toMatchObject(expected);
});

test('without TLS a bundle that is not there is no hindrance', async () => {
  expect(
    loadCloud({ ...credentials('http://127.0.0.1/v3'), env: { REQUESTS_CA_BUNDLE: '/nowhere' } }).cacert,
  ).toBeUndefined();
});
