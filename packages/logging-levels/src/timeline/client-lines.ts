import type { LogRecord } from '../parse.ts';

/** One request to another service, as a client library tells of it at DEBUG. */
export interface ClientRequest {
  readonly method: string;
  /** Without its query, which some clients tell before it is added. */
  readonly url: string;
}

export interface ClientAnswer extends ClientRequest {
  /** The id that the other service gave the request. */
  readonly requestId: string;
}

/**
 * Tells whether a logger is a client library's own: keystoneauth1 names its loggers `keystoneauth.…` (`keystoneauth1/_utils.py`),
 * others pass it theirs (`cinderclient.v3.client`, `neutronclient.v2_0.client`, `novaclient.v2.client`, `openstack.…`). Whoever chooses a
 * server's name chooses what Nova's loggers say, but not what these do in the forms below.
 */
function isClient(logger: string): boolean {
  const end = logger.indexOf('.');
  const library = end === -1 ? logger : logger.slice(0, end);
  return library === 'keystoneauth' || library === 'openstack' || library.endsWith('client');
}

/**
 * `POST call to network for http://10.0.2.15:9696/v2.0/ports used request id req-…`: keystoneauth1/session.py of every release since 2.13, and
 * neutronclient/client.py and glanceclient/common/http.py in the same words. The URL has no spaces (it is percent-encoded), so
 * that nothing in it looks like another id; what follows the id is the suffix of DEBUG lines.
 *
 * The headers of a `RESP:` line tell the id, too, beside headers whose text a tenant may choose: they are not used.
 */
export function clientAnswer({ logger, message }: LogRecord): ClientAnswer | undefined {
  const at = message.indexOf(USED);
  if (at === -1 || at > LONGEST || !isClient(logger)) return undefined;
  const call = CALL.exec(message.slice(0, at));
  REQUEST_ID.lastIndex = at + USED.length;
  const id = REQUEST_ID.exec(message)?.[0];
  if (call === null || id === undefined) return undefined;
  return { method: call[1] ?? '', url: withoutQuery(call[2] ?? ''), requestId: id };
}

/**
 * `REQ: curl -g -i -X GET http://… -H …`, logged before anything is sent (`_http_log_request` in keystoneauth1/session.py); a logger of
 * its own (`split_loggers`) has no `REQ:`.
 */
export function clientRequest({ logger, message }: LogRecord): ClientRequest | undefined {
  if (!message.startsWith('REQ: curl ') && !message.startsWith('curl -g -i ')) return undefined;
  const match = isClient(logger) ? REQUEST.exec(message.slice(0, LONGEST)) : null;
  return match === null
    ? undefined
    : { method: match[1] ?? '', url: withoutQuery(match[3] ?? match[2] ?? '') };
}

const USED = ' used request id ';
const CALL = /^([A-Z]{3,10}) call to (?:[^\n]{1,200} for )?(\S+)$/;
const REQUEST_ID = /req-[0-9a-f-]{36}(?= |$)/y;
const REQUEST =
  /^(?:REQ: )?curl -g -i (?:--insecure |--cacert "[^"]{0,1024}" )?-X ([A-Z]{3,10}) (?:"([^"\s]+)"|([^"\s]\S*))/;
const LONGEST = 8192;

function withoutQuery(url: string): string {
  const at = url.indexOf('?');
  return at === -1 ? url : url.slice(0, at);
}
