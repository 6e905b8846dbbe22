import { microversionIn } from './microversion-in.ts';
import { pathWithoutSecrets } from './url-without-secrets.ts';

/** What a recorded request is found again by. */
export interface KeyedRequest {
  /** The service, as exchanges name it. */
  readonly service: string;
  readonly method: string;
  /** Below the service's endpoint, with its query: `servers/detail?limit=10`. */
  readonly path: string;
  readonly headers: Headers | Readonly<Record<string, string>>;
}

/**
 * A text that two requests have in common if they ask the same thing in the same microversion, at whichever endpoint. The
 * order of the query's names does not matter, and secrets, which a recording has not, are left out.
 *
 * @example requestKey({ service: 'compute', method: 'GET', path: 'servers?limit=1', headers: {} });
 */
export function requestKey({ service, method, path, headers }: KeyedRequest): string {
  const [asked, query] = split(pathWithoutSecrets(path));
  const place = asked.replace(/\/$/, '');
  const parameters = new URLSearchParams(query);
  // Stable: what has one name stays in its order.
  parameters.sort();
  const microversion = microversionIn(new Headers(headers)) ?? '';
  return JSON.stringify([service, method.toUpperCase(), place, parameters.toString(), microversion]);
}

function split(path: string): [place: string, query: string] {
  const at = path.indexOf('?');
  return at === -1 ? [path, ''] : [path.slice(0, at), path.slice(at + 1)];
}
