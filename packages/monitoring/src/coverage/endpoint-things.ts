import type { CoverageThing } from './thing.ts';

/**
 * The API endpoints of a catalogue. Endpoints of one host and port are one thing, unless paths that are no versions tell services
 * on it apart (`https://cloud/compute/v2.1`): whoever probes the root of such a host has not asked Nova.
 */
export function endpointThings(
  endpoints: readonly { readonly service: string; readonly url: string }[],
): readonly CoverageThing[] {
  const things = new Map<string, CoverageThing>();
  for (const { service, url } of endpoints) {
    const key = urlKey(url);
    if (key === undefined || things.has(key)) continue;
    things.set(key, { id: key.slice('url:'.length), name: service, keys: [key], parts: 1, since: undefined });
  }
  return [...things.values()];
}

/** The host and port of a URL, or of a target without a scheme, and the first part of its path that is no version. */
export function urlKey(text: string): string | undefined {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url === null || url.hostname === '') return undefined;
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const [, first = ''] = url.pathname.split('/');
  const path = first === '' || /^v\d/.test(first) || first === 'healthcheck' ? '' : `/${first}`;
  return `url:${url.hostname}:${port}${path}`;
}
