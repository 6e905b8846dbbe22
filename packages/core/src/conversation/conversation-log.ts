import { optionsSchema, parseArguments, visible } from '@groundcrew/ground';
import { z } from 'zod';
import type { RecordedBody, RecordedExchange } from './recorded-exchange.ts';

export interface ConversationLogOptions {
  /** The number of the process. @default this one's */
  readonly pid?: number | undefined;
  /**
   * The name of the logger. Readers take a client's words for what they are if it ends in `client` before the first dot.
   * @default 'groundcrewclient.session'
   */
  readonly logger?: string | undefined;
  /** The id in the context of every line, `req-…`, so that a whole run is one story. @default the exchange's own */
  readonly requestId?: string | undefined;
}

const logOptions = optionsSchema<ConversationLogOptions>({
  pid: z.int().min(0).optional(),
  logger: z
    .string()
    .regex(/^[\w$-]+(?:\.[\w$-]+)*$/, 'is no name of a logger')
    .optional(),
  requestId: z
    .string()
    .regex(/^req-[0-9a-f-]{36}$/, 'is no request id')
    .optional(),
});

/**
 * An exchange as lines of a log at DEBUG, in the form of keystoneauth and of oslo.log's defaults, so that what reads the logs of
 * services reads this one beside them: `REQ: curl -g -i -X GET …`, `RESP: [200] …`, `RESP BODY: …` and
 * `GET call to compute for … used request id req-…` (keystoneauth1/session.py, `_http_log_request`, `_http_log_response` and
 * `request`). Times are UTC; of a body the first 16,000
 * characters are there. A failure, of which keystoneauth tells only by its exception, is a line `FAILED: …`.
 *
 * Nothing that was sent or answered ends a line or acts on a terminal: line feeds and control characters are shown as their escapes.
 *
 * @returns the lines, each with a line feed at its end
 * @throws InputError for an option that there is not, or that is of the wrong kind
 * @example recordConversation({ to: (exchange) => process.stderr.write(conversationLog(exchange)) });
 */
export function conversationLog(exchange: RecordedExchange, options: ConversationLogOptions = {}): string {
  parseArguments('conversationLog', logOptions, options);
  const { pid = process.pid, logger = 'groundcrewclient.session', requestId = exchange.id } = options;
  const began = Date.parse(exchange.at);
  const { globalRequestId = '' } = exchange;
  const global = REQUEST_ID.test(globalRequestId) ? globalRequestId : 'None';
  const line = (ms: number, message: string): string =>
    `${osloTime(ms)} ${pid} DEBUG ${logger} [${global} ${requestId} - - - - - -] ${visible(message)}\n`;
  const ended = began + exchange.durationMs;
  return [line(began, requested(exchange)), ...said(exchange).map((message) => line(ended, message))].join(
    '',
  );
}

function requested({ method, url, request }: RecordedExchange): string {
  const shown = withoutBlanks(url);
  const parts = ['REQ: curl -g -i -X', method, shown.includes('?') ? `"${shown}"` : shown];
  for (const [name, value] of sorted(request.headers)) parts.push(`-H "${name}: ${value}"`);
  if (request.body !== undefined) parts.push(`-d '${bodyText(request.body)}'`);
  return parts.join(' ');
}

/** What is said when it has ended. */
function said({ method, url, service, answer, failure }: RecordedExchange): string[] {
  const messages: string[] = [];
  if (answer !== undefined) {
    const { status, headers, body, requestId } = answer;
    messages.push(
      [`RESP: [${status}]`, ...sorted(headers).map(([name, value]) => `${name}: ${value}`)].join(' '),
    );
    if (body !== undefined) messages.push(`RESP BODY: ${bodyText(body)}`);
    // An id with a blank in it is none, and what stands behind the blank would look like another.
    if (requestId !== undefined && /^\S{1,128}$/.test(requestId)) {
      const whom = service === undefined ? '' : `${withoutBlanks(service)} for `;
      messages.push(`${method} call to ${whom}${withoutBlanks(url)} used request id ${requestId}`);
    }
  }
  if (failure !== undefined)
    messages.push(
      `FAILED: ${method} ${withoutBlanks(url)}: ${failure.kind} ${failure.reason}: ${failure.message}`,
    );
  return messages;
}

/** Names as they are usually written, in their order. */
const sorted = (headers: Readonly<Record<string, string>>): (readonly [name: string, value: string])[] =>
  Object.entries(headers)
    .map(([name, value]) => [name.replaceAll(FIRST_LETTER, (letter) => letter.toUpperCase()), value] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));

function bodyText(body: RecordedBody): string {
  if ('json' in body) return shortened(JSON.stringify(withoutCatalog(body.json)));
  if ('text' in body) return shortened(body.text);
  return `<${body.left}${body.bytes === undefined ? '' : `, ${body.bytes} bytes`}>`;
}

/** A page of servers is longer than what readers of logs take for a line; the recording has all of it. */
const shortened = (text: string): string =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length} characters)`;

/** As keystoneauth has it: the catalogue is the longest part of a token, and the same each time. */
function withoutCatalog(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || !('token' in json)) return json;
  const { token } = json;
  if (typeof token !== 'object' || token === null || !('catalog' in token)) return json;
  return { ...json, token: { ...token, catalog: '<removed>' } };
}

/** `2026-11-30 03:12:00.123`; what is below a millisecond is cut off. */
const osloTime = (ms: number): string =>
  new Date(Math.floor(ms)).toISOString().replace('T', ' ').replace('Z', '');

const withoutBlanks = (text: string): string => text.replaceAll(/\s/g, '%20');

const LONGEST = 16_000;
const REQUEST_ID = /^req-[0-9a-f-]{36}$/;
const FIRST_LETTER = /(?<![a-z\d])[a-z]/g;
