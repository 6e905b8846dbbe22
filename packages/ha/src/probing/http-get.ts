import { request as http, type IncomingHttpHeaders } from 'node:http';
import { request as https } from 'node:https';
import type { Secret } from '@groundcrew/core';
import { UnreadError } from './ask.ts';

export interface HttpGetOptions {
  readonly signal: AbortSignal;
  readonly user?: string | undefined;
  readonly password?: Secret | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON, with POST: etcd's gateway has no GET. */
  readonly post?: object | undefined;
  /** Certificates in PEM that are trusted instead of the system's. */
  readonly ca?: string | undefined;
  /** The client certificate and key that are shown to the server, in PEM. */
  readonly cert?: string | undefined;
  readonly key?: Secret | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const LONGEST = 64 * 1024 * 1024;

/**
 * One request to a management API, over a connection of its own which is gone when this settles. No redirect is
 * followed: the answer of a replica is asked for, not that of whom it points at.
 */
export function httpGet(url: URL, options: HttpGetOptions): Promise<HttpAnswer> {
  const { signal, user, password, headers, post, ca, cert, key } = options;
  const body = post === undefined ? undefined : JSON.stringify(post);
  return new Promise((resolve, reject) => {
    const asked = (url.protocol === 'https:' ? https : http)(url, {
      method: body === undefined ? 'GET' : 'POST',
      agent: false,
      signal,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key: key.reveal() }),
      ...(user === undefined ? {} : { auth: `${user}:${password?.reveal() ?? ''}` }),
      headers: {
        accept: 'application/json',
        connection: 'close',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
        ...headers,
      },
    });
    asked.once('error', reject);
    asked.once('response', (answer) => {
      const pieces: Buffer[] = [];
      let length = 0;
      answer.on('data', (piece: Buffer) => {
        pieces.push(piece);
        length += piece.length;
        if (length > LONGEST)
          asked.destroy(new UnreadError('cut', `an answer of more than ${LONGEST} bytes`));
      });
      answer.once('error', reject);
      answer.once('end', () => {
        const text = Buffer.concat(pieces).toString('utf8');
        asked.destroy();
        // Node's type: an answer to a request has a status always.
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
    });
    asked.end(body);
  });
}

/**
 * The JSON of an answer that is one.
 *
 * @throws UnreadError saying which: denied, not there, failed, or not JSON
 */
export function jsonOf(path: string, { status, text }: HttpAnswer): unknown {
  if (status === 401 || status === 403)
    throw new UnreadError('denied', `${status} for ${path}`, {
      remedy: 'Check user and password, and what this user may see.',
    });
  if (status === 404 || status === 405 || status === 501)
    throw new UnreadError('unsupported', `${status} for ${path}`);
  if (status < 200 || status > 299)
    throw new UnreadError('failed', `${status} for ${path}: ${text.slice(0, 200)}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's own message quotes what it read, which may hold a secret.
    throw new UnreadError('cut', `${path} answered ${Buffer.byteLength(text)} bytes that are no JSON`, {
      cause,
    });
  }
}
