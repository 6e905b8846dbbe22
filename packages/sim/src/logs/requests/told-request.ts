import { visible } from '@groundcrew/ground';
import type { Answer } from '../../answer.ts';
import type { ServiceFault } from '../../fault.ts';
import type { SimState } from '../../sim-state.ts';
import type { LogContext } from '../log-entry.ts';

/** A request as its service logs it. */
export interface ToldRequest {
  readonly state: SimState;
  readonly request: Request;
  readonly method: string;
  /** The path as the service sees it, which listens on a port of its own in most clouds: `/v2.1/servers`. */
  readonly path: string;
  /** The query with its question mark, as the client wrote it; empty if there is none. */
  readonly query: string;
  readonly origin: string;
  readonly operation: string;
  readonly microversion: string | undefined;
  /** Whether the service has a route for it. */
  readonly isKnown: boolean;
  readonly body: unknown;
  readonly context: LogContext;
  /** When it came. */
  readonly began: number;
}

/** How a request ended. */
export interface ToldAnswer {
  readonly answer: Answer;
  /** The refusal that the answer is. */
  readonly fault: ServiceFault | undefined;
}

/** What a service logs of a request. */
export interface RequestTelling {
  /** Before it does the work. */
  readonly begin?: (told: ToldRequest) => void;
  readonly end: (told: ToldRequest, ended: ToldAnswer) => void;
}

/** The address from which all requests come. */
export const CLIENT = '127.0.0.1';

/** The context of a request whose token is none, or which needs none. */
export const anonymous = ({ requestId, globalRequestId }: LogContext): LogContext => ({
  requestId,
  globalRequestId,
});

/** The context that an access line has: nobody's, if the token was refused. */
export const contextAt = (told: ToldRequest, status: number): LogContext =>
  status === 401 || told.operation === 'versions' ? anonymous(told.context) : told.context;

/** How long it took, in seconds, by the cloud's clock. */
export const secondsOf = ({ state, began }: ToldRequest): number => (state.clock.now() - began) / 1000;

/** Bytes of the body of an answer. */
export function bodyBytes(answer: Answer, method: string): number {
  const { raw, body, status, headers } = answer;
  if (method === 'HEAD' || status === 204 || status === 304) return 0;
  if (typeof raw === 'string') return Buffer.byteLength(raw);
  if (raw instanceof Uint8Array) return raw.byteLength;
  if (raw !== undefined) return Number(headers?.['Content-Length'] ?? 0);
  return body === undefined ? 0 : Buffer.byteLength(JSON.stringify(body));
}

/** Bytes of an answer with its headers, as eventlet's server counts them. */
export function answerBytes(answer: Answer, method: string): number {
  const length = bodyBytes(answer, method);
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': String(length),
    Date: 'Thu, 01 Jan 2026 00:00:00 GMT',
    ...answer.headers,
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return length + Buffer.byteLength(['HTTP/1.1 200 OK', ...head, '', ''].join('\r\n'));
}

/**
 * A refusal in one line. A client's text may be in it, and nobody writes a record into a log with it: what acts instead of being seen is
 * shown as its escape. A second line of the service's own remains, as Nova and its clients write one.
 */
export const refusalText = ({ message }: ServiceFault): string =>
  message
    .split(/\n(?=Neutron server returns request_ids: |<class ')/)
    .map((line) => visible(line))
    .join('\n');

/** The message of a refusal by a role, as the services make one of the rule. */
export const isByPolicy = ({ type }: ServiceFault): boolean => type === 'policy';
