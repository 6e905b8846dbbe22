import { messageOf } from '@groundcrew/ground';
import { X509Certificate } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext, getCACertificates } from 'node:tls';
import type { buildConnector, Dispatcher, Pool } from 'undici';
import type { CloudEntry } from '../config/cloud-entry.ts';
import { ConfigError } from '../errors/errors.ts';
import { noProxy } from './no-proxy.ts';

/**
 * The undici dispatcher that an entry's TLS and proxy settings ask for; `undefined` if it asks for none, and the
 * platform's own serves. It is made, and undici loaded, when the first request is sent.
 *
 * undici 7, since its dispatchers work with the `fetch` of Node 22, 24 and 26 alike.
 */
export function dispatcherOf(entry: CloudEntry): CloseableDispatcher | undefined {
  const { verify, cacert, cert, proxy } = entry;
  if (verify && cacert === undefined && cert === undefined && proxy === undefined) return undefined;
  let made: Promise<Made> | undefined;
  return {
    get: async () => (await (made ??= make(entry))).dispatcher,
    // One that could not be made has nothing to close: whoever called for it was told.
    close: async () => {
      await (await made?.catch(() => undefined))?.close();
    },
  };
}

export interface CloseableDispatcher {
  readonly get: () => Promise<unknown>;
  readonly close: () => Promise<void>;
}

interface Made {
  readonly dispatcher: Dispatcher;
  readonly close: () => Promise<unknown>;
}

async function make(entry: CloudEntry): Promise<Made> {
  const undici = await import('undici');
  const server = { rejectUnauthorized: entry.verify, ...(await authorities(entry)) };
  const connect = { ...server, ...(await clientCertificate(entry)) };
  const direct = new undici.Agent({ connect });
  if (entry.proxy === undefined) return { dispatcher: direct, close: () => direct.close() };
  const { href, origin } = new URL(entry.proxy);
  const pool = (target: URL | string, options: Pool.Options): Pool => {
    const { connect: open } = options;
    if (String(target) !== href || typeof open !== 'function') return new undici.Pool(target, options);
    return new undici.Pool(target, { ...options, connect: naming(origin, open) });
  };
  const proxied = new undici.ProxyAgent({
    uri: href,
    // As curl and requests do: proxies commonly allow CONNECT to ports of HTTPS only.
    proxyTunnel: false,
    requestTls: connect,
    proxyTls: server,
    clientFactory: pool,
    factory: pool,
  });
  const isDirect = noProxy(entry.no_proxy ?? '');
  return {
    dispatcher: direct.compose(
      (dispatch) => (options, handler) =>
        isDirect(new URL(options.origin ?? ''))
          ? dispatch(options, handler)
          : proxied.dispatch(options, handler),
    ),
    close: () => Promise.all([direct.close(), proxied.close()]),
  };
}

/** A failure to reach the proxy says so: nobody knows its address by heart. */
const naming =
  (proxy: string, connect: buildConnector.connector): buildConnector.connector =>
  (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error === null) return callback(null, socket);
      const code: unknown = 'code' in error ? error.code : undefined;
      const named = new Error(`proxy ${proxy}: ${error.message || String(code)}`, { cause: error });
      return callback(Object.assign(named, { code }), null);
    });

async function authorities({ cacert }: CloudEntry): Promise<{ ca?: string[] }> {
  if (cacert === undefined) return {};
  const isDirectory = await stat(cacert).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const blocks = isDirectory ? await blocksBelow(cacert) : blocksOf(await pem(cacert, 'cacert'));
  // TLS skips what it cannot read, and then trusts nobody.
  for (const block of blocks.length === 0 ? [''] : blocks)
    attempt(() => new X509Certificate(block), cacert, 'cacert');
  return { ca: [...getCACertificates('default'), ...blocks] };
}

/** The certificates of a directory such as `c_rehash` makes, where each is there once by its name and once by its hash. */
async function blocksBelow(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw unreadable(directory, 'cacert', cause);
  });
  const blocks = new Set<string>();
  for (const name of names.toSorted()) {
    // What is no certificate, and what leads nowhere, is passed over, as OpenSSL does with a directory.
    const text = await readFile(join(directory, name), 'utf8').catch(() => '');
    for (const block of blocksOf(text)) blocks.add(block);
  }
  return [...blocks];
}

const blocksOf = (text: string): readonly string[] =>
  text.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? [];

async function clientCertificate(entry: CloudEntry): Promise<{ cert?: string; key?: string }> {
  if (entry.cert === undefined) return {};
  const cert = await pem(entry.cert, 'cert');
  attempt(() => createSecureContext({ cert }), entry.cert, 'cert');
  const file = entry.key ?? entry.cert;
  const key = await pem(file, 'key');
  attempt(() => createSecureContext({ cert, key }), file, 'key');
  return { cert, key };
}

async function pem(file: string, key: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw unreadable(file, key, cause);
  }
}

const unreadable = (file: string, key: string, cause: unknown): ConfigError =>
  new ConfigError(`${key}: ${file} cannot be read`, {
    file,
    key,
    cause,
    remedy:
      key === 'cacert'
        ? 'Is the path right, and readable? Without `cacert` in the entry it is that of REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE.'
        : 'Is the path right, and readable?',
  });

/** Has OpenSSL look at it now: in a connection it would look like a fault of the server. */
function attempt(use: () => unknown, file: string, key: string): void {
  try {
    use();
  } catch (cause) {
    const why = messageOf(cause);
    throw new ConfigError(`${key}: ${file} cannot be used: ${why}`, { file, key, cause, remedy: PEM });
  }
}

const PEM =
  'Certificates and keys are PEM, the key without a password, and it must be that of the certificate.';
