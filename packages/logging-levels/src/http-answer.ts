import { maskText } from '@groundcrew/ground';
import type { LogRecord } from './parse.ts';
import type { Moment } from './moment.ts';

/** What a service says that it answered. */
export interface HttpAnswer {
  readonly status: number;
  /** `GET`; `undefined` where the service tells the address only (Cinder's and Nova's own lines for faults). */
  readonly method: string | undefined;
  /** Without the query, and at most 200 characters. */
  readonly path: string | undefined;
  /** How long it took, by the service's own words, in milliseconds. */
  readonly ownMs: number | undefined;
}

/** An answer with what it is worth for comparing clocks. */
export interface SeenAnswer extends HttpAnswer {
  /**
   * The latest time that is sure to be before the answer left the service: of its line, or, if that is written afterwards, of the beginning
   * that it tells by how long it took.
   */
  readonly before: Moment | undefined;
}

/**
 * The answer that a line of an access log tells, by loggers that write nothing else.
 *
 * - `127.0.0.1 "GET /v2.1/servers" status: 200 len: 734 microversion: 2.1 time: 0.12`: `nova.api.openstack.requestlog` and
 *   `placement.requestlog` (`len: -`, no time), before the answer is sent; `neutron.wsgi`, `nova.osapi_compute.wsgi.server` and others by
 *   `wsgi_log_format` of oslo.service, after it
 * - `127.0.0.1 - - [30/Nov/2026 06:33:35] "GET /v2/images HTTP/1.1" 200 1268 0.042360`: eventlet's own format, after it
 * - `http://127.0.0.1:8776/v3/… returned with HTTP 200`: Cinder's, Nova's and Masakari's API, before it
 *
 * The path is the client's text, with quotes and spaces of its choice: each form is read from its end.
 */
export function httpAnswer({ logger, message }: LogRecord, at: Moment | undefined): SeenAnswer | undefined {
  if (REQUEST_LOG.test(logger)) return accessLine(message.trimEnd(), at);
  if (WSGI.test(logger))
    return writtenAfter(accessLine(message.trimEnd(), undefined), at) ?? returned(message.trimEnd(), at);
  return API.test(logger) ? returned(message.trimEnd(), at) : undefined;
}

/** Tells whether lines of a logger may tell of an answer. */
export const mayAnswer = (logger: string): boolean =>
  REQUEST_LOG.test(logger) || WSGI.test(logger) || API.test(logger);

const REQUEST_LOG = /(?:^|\.)requestlog$/;
const WSGI = /(?:^|\.)wsgi(?:\.server)?$/;
const API = /^\w+\.api\.(?:openstack|middleware\.fault)$/;

function accessLine(line: string, before: Moment | undefined): SeenAnswer | undefined {
  const quote = line.indexOf('"');
  const end = line.lastIndexOf('"');
  if (quote === -1 || end <= quote) return undefined;
  const tail = line.slice(end + 1);
  const match = NAMED.exec(tail) ?? EVENTLET.exec(tail);
  if (match === null) return undefined;
  const [, status, seconds] = match;
  const request = line.slice(quote + 1, end);
  const space = request.indexOf(' ');
  return {
    status: Number(status),
    method: space === -1 ? undefined : request.slice(0, space).slice(0, 16),
    path: space === -1 ? undefined : shown(request.slice(space + 1).replace(/ HTTP\/\d\.\d$/, '')),
    ownMs: seconds === undefined ? undefined : Math.round(Number(seconds) * 1e6) / 1000,
    before,
  };
}

function writtenAfter(answer: SeenAnswer | undefined, at: Moment | undefined): SeenAnswer | undefined {
  if (answer?.ownMs === undefined || at === undefined) return answer;
  return { ...answer, before: { ...at, ms: at.ms - answer.ownMs } };
}

const NAMED =
  /^ status: (\d{3}) {1,2}len: (?:\d+|-|None)(?: microversion: \S{1,16})?(?: time: (\d+(?:\.\d+)?))?$/;
const EVENTLET = /^ (\d{3}) (?:\d+|-)(?: (\d+(?:\.\d+)?))?$/;

function returned(line: string, before: Moment | undefined): SeenAnswer | undefined {
  const at = line.lastIndexOf(RETURNED);
  const status = at === -1 ? undefined : line.slice(at + RETURNED.length);
  if (status === undefined || !/^\d{3}$/.test(status)) return undefined;
  return {
    status: Number(status),
    method: undefined,
    path: shown(line.slice(0, at).replace(/^https?:\/\/[^/]{1,300}/, '')),
    ownMs: undefined,
    before,
  };
}

const RETURNED = ' returned with HTTP ';

/** What is a secret is known by its whole text only: it is hidden before anything is cut off. */
const shown = (path: string): string => maskText(path.split('?', 1)[0] ?? '').slice(0, 200);
