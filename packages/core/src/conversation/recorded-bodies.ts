import type { BodyEnd } from './tapped-body.ts';
import type { ConversationSecrets } from './conversation-secrets.ts';
import type { BodyLeftOut, RecordedBody } from './recorded-exchange.ts';
import { parsedJson, secretsInData, writtenJson } from './secrets-in-data.ts';

/** The paths whose request is a login, and whose answer is a token: Keystone's, of both versions, and its extensions. */
const LOGIN =
  /\/(?:auth\/tokens|v2\.0\/tokens|(?:ec2|s3)tokens|OS-OAUTH[12]\/[\w-]{1,32}|OS-FEDERATION\/.*)$/;
/** Barbican's, which may be of any type. */
const PAYLOAD = /\/secrets\/[^/]{1,64}\/payload$/;

const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname : url);

/** What is sent with a request; a factory and a stream make bytes, which are not looked at. */
export function recordedRequestBody(
  body: unknown,
  {
    url,
    maxBody,
    secrets,
  }: { readonly url: string; readonly maxBody: number; readonly secrets: ConversationSecrets },
): RecordedBody | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body !== 'string')
    return left('stream', body instanceof Uint8Array ? body.byteLength : undefined);
  const bytes = Buffer.byteLength(body);
  const json = parsedJson(body);
  secrets.add(secretsInData(json));
  if (LOGIN.test(pathOf(url))) return left('secret', bytes);
  if (json === undefined) return left('not-json', bytes);
  return bytes > maxBody ? left('too-large', bytes) : { json: secrets.json(json, body, true) };
}

interface AnswerFacts {
  readonly url: string;
  readonly isOk: boolean;
  /** The header `content-type`. */
  readonly type: string;
  readonly secrets: ConversationSecrets;
}

/**
 * What was answered. Of a success, text of another type than JSON and HTML may be a secret as a whole (a payload of Barbican's), and
 * is left out; of an error it is what the error says.
 */
export function recordedAnswerBody({ kind, text, bytes }: BodyEnd, facts: AnswerFacts): RecordedBody {
  const { url, isOk, type, secrets } = facts;
  const path = pathOf(url);
  if (text === undefined) return left(kind === 'cancelled' ? 'unread' : 'too-large', bytes);
  if (kind === 'cancelled' && isOk) return left('unread', bytes);
  if (text === '' && kind === 'whole') return { text: '' };
  if (isOk && PAYLOAD.test(path)) return left('secret', bytes);
  const isJsonType = /\bjson\b/i.test(type);
  const json = kind === 'whole' && (isJsonType || !isOk || type === '') ? parsedJson(text) : undefined;
  if (json !== undefined && (isJsonType || typeof json === 'object')) {
    const shown = jsonOf(json, text, path, facts);
    return isOk || !isOtherwiseWritten(json, shown, text) ? { json: shown } : { text: secrets.text(text) };
  }
  if (isOk && !isJsonType && !/\b(?:html|xml)\b/i.test(type)) return left('not-json', bytes);
  return { text: secrets.text(text), ...(kind === 'whole' ? {} : { isCut: true }) };
}

function jsonOf(json: unknown, text: string, path: string, { secrets, isOk }: AnswerFacts): unknown {
  const token = path.endsWith('/auth/tokens') ? tokenIn(json) : undefined;
  // What Keystone answers to a login tells of a token under this name, and has it in a header.
  if (token !== undefined) return { token: secrets.json(token, text, !isOk) };
  secrets.add(secretsInData(json));
  return secrets.json(json, text, !isOk);
}

const tokenIn = (json: unknown): object | undefined =>
  typeof json === 'object' &&
  json !== null &&
  'token' in json &&
  typeof json.token === 'object' &&
  json.token !== null
    ? json.token
    : undefined;

/** Whether an error has nothing to hide, and would not be letter by letter what it was: callers see its text. */
function isOtherwiseWritten(json: unknown, shown: unknown, text: string): boolean {
  const compact = writtenJson(json);
  return compact !== text && (compact === undefined || compact === writtenJson(shown));
}

export const left = (why: BodyLeftOut, bytes?: number): RecordedBody =>
  bytes === undefined ? { left: why } : { left: why, bytes };
