import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { CloudEntry } from './config/cloud-entry.ts';
import { ConfigError } from './errors.ts';

/**
 * The undici dispatcher that an entry's TLS and proxy settings ask for; `undefined` if it asks for none, and the
 * platform's own serves. It is made, and undici loaded, when the first request is sent.
 *
 * undici 7, since its dispatchers work with the `fetch` of Node 22, 24 and 26 alike.
 */
export function dispatcherOf(entry: CloudEntry): CloseableDispatcher | undefined {
  const { verify, cacert, cert, key, proxy } = entry;
  if (verify && cacert === undefined && cert === undefined && proxy === undefined) return undefined;
  let made: Promise<Dispatcher> | undefined;
  return {
    get: () => (made ??= make(entry, { verify, cacert, cert, key })),
    close: async () => (await made)?.close(),
  };
}

export interface CloseableDispatcher {
  readonly get: () => Promise<unknown>;
  readonly close: () => Promise<void>;
}

async function make(
  entry: CloudEntry,
  tls: Pick<CloudEntry, 'verify' | 'cacert' | 'cert' | 'key'>,
): Promise<Dispatcher> {
  const undici = await import('undici');
  const connect = {
    rejectUnauthorized: tls.verify,
    ...(tls.cacert === undefined ? {} : { ca: [...rootCertificates, await pem(tls.cacert, 'cacert')] }),
    ...(tls.cert === undefined
      ? {}
      : { cert: await pem(tls.cert, 'cert'), key: await pem(tls.key ?? tls.cert, 'key') }),
  };
  if (entry.proxy === undefined) return new undici.Agent({ connect });
  return new undici.EnvHttpProxyAgent({
    httpProxy: entry.proxy,
    httpsProxy: entry.proxy,
    noProxy: entry.no_proxy ?? '',
    connect,
    requestTls: connect,
  });
}

async function pem(file: string, key: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${key}: ${file} cannot be read`, {
      file,
      key,
      cause,
      remedy: 'Is the path right, and readable?',
    });
  }
}
