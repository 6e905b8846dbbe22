import { htmlText, looksLikeHtml } from './html-text.ts';

/** The error that a service itself describes, read from any of the shapes that services use. */
export interface Fault {
  /** `itemNotFound`, `PortNotFound`, `Not Found`, … ; the service's own word where it has one. */
  readonly type: string | undefined;
  readonly message: string;
  /** Placement's and the API SIG's machine-readable code: `placement.undefined_code`. */
  readonly code: string | undefined;
  readonly detail: string | undefined;
}

/**
 * Reads an error body of any service.
 *
 * Nova, Cinder and Masakari answer `{ itemNotFound: { message, code } }`, Keystone `{ error: { title, message } }`,
 * Neutron `{ NeutronError: { type, message, detail } }`, Placement, Magnum and the API SIG `{ errors: [{ title, detail,
 * code }] }`, Ironic `{ error_message }` with JSON in the text, Octavia and other WSME services `{ faultcode,
 * faultstring }`, Barbican, Zaqar and Gnocchi `{ title, description }`, Designate `{ type, message }`, webob (Glance)
 * `{ title, message }`, Swift HTML; a proxy in between may answer anything.
 */
export function parseFault(status: number, text: string): Fault {
  const json = tryJson(text);
  const fault =
    json === undefined && looksLikeHtml(text)
      ? fromHtml(status, text)
      : ((json === undefined ? undefined : fromJson(json)) ?? plain(status, text.slice(0, LONGEST)));
  return fault.message.length <= LONGEST ? fault : { ...fault, message: fault.message.slice(0, LONGEST) };
}

/**
 * Whether an error body has a form that OpenStack services write, and proxies, gateways and web servers do not. A bare
 * `{ "message": … }` is Kong's and AWS's, `{ "fault": … }` Apigee's, a page with nothing but a heading nginx's.
 */
export function isServiceFault(text: string): boolean {
  const json = tryJson(text);
  if (json !== undefined) return fromJson(json) !== undefined && !isGatewayFault(json);
  // webob in text and in HTML (`webob/exc.py`), Swift's swob, Keystone's Flask (`werkzeug/exceptions.py`).
  return (
    /^\d{3} [A-Z][^\n]{2,60}\r?\n\s{0,4}\n/.test(text) ||
    (/^<html>\s{1,3}<head>\s{1,4}<title>\d{3} /.test(text) && text.includes('<br /><br />')) ||
    /^<html><h1>[^<]{1,60}<\/h1><p>/.test(text) ||
    text.includes('<p>The requested URL was not found on the server. If you entered the URL manually')
  );
}

function isGatewayFault(json: Record<string, unknown>): boolean {
  if ('fault' in json) return true;
  if (typeof json['message'] === 'string') {
    return string(json['title']) === undefined && string(json['type']) === undefined;
  }
  const { error } = json;
  return isObject(error) && string(error['title']) === undefined && string(error['type']) === undefined;
}

function fromJson(json: Record<string, unknown>): Fault | undefined {
  // Ironic puts JSON into the text, which may have JSON in its text again: so far, and no further.
  let body = json;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const inner = body['error_message'];
    if (inner === undefined) return fromBody(body);
    if (typeof inner === 'string') {
      const parsed = tryJson(inner);
      if (parsed === undefined) return { ...NOTHING, message: inner };
      body = parsed;
    } else if (isObject(inner)) body = inner;
    else return undefined;
  }
  return undefined;
}

function fromBody(json: Record<string, unknown>): Fault | undefined {
  return fromErrors(json) ?? fromWsme(json) ?? fromTitled(json) ?? fromNamed(json) ?? fromErrorType(json);
}

/** The API SIG's list; Designate's of an invalid object is one level deeper. */
function fromErrors(json: Record<string, unknown>): Fault | undefined {
  const { errors } = json;
  const list: unknown = isObject(errors) ? errors['errors'] : errors;
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  if (!isObject(first)) return undefined;
  const title = string(first['title']);
  return {
    type: title ?? string(json['type']),
    message: string(first['detail']) ?? string(first['message']) ?? title ?? '',
    code: string(first['code']),
    detail: undefined,
  };
}

function fromWsme(json: Record<string, unknown>): Fault | undefined {
  const message = string(json['faultstring']);
  if (message === undefined) return undefined;
  return {
    type: string(json['faultcode']),
    message,
    code: undefined,
    detail: string(json['debuginfo']),
  };
}

/** `{ title, description }` of Barbican, Zaqar and Gnocchi, whose description may be an object; `{ title or type, message }`. */
function fromTitled(json: Record<string, unknown>): Fault | undefined {
  const { description } = json;
  const described = isObject(description)
    ? (string(description['reason']) ?? string(description['cause']))
    : string(description);
  const message = described ?? string(json['message']);
  if (message === undefined) return undefined;
  const type = string(json['title']) ?? string(json['type']);
  // Gnocchi's `detail` is what the cause is of: the name of an archive policy.
  const detail = isObject(description) ? string(description['detail']) : undefined;
  return { type, message: withoutBreaks(message), code: undefined, detail };
}

/**
 * Faults without words of their own: Designate's of a timeout (`{ code, type }`, designate/api/middleware.py), and Heat's of what
 * it does not call safe to tell (`{ code, title, explanation, error: { type } }`, heat/api/middleware/fault.py).
 */
function fromErrorType(json: Record<string, unknown>): Fault | undefined {
  if (typeof json['code'] !== 'number') return undefined;
  const error = isObject(json['error']) ? json['error'] : {};
  const explanation = string(json['explanation']);
  const type = explanation === undefined ? string(json['type']) : string(error['type']);
  if (type === undefined) return undefined;
  return { ...NOTHING, type, message: explanation ?? type };
}

/** `{ itemNotFound: { message } }`, `{ NeutronError: … }`, `{ error: … }`, and a gateway's `{ fault: { faultstring } }`. */
function fromNamed(json: Record<string, unknown>): Fault | undefined {
  for (const [name, value] of Object.entries(json)) {
    if (typeof value === 'string' && name.endsWith('Error'))
      return { ...NOTHING, type: name, message: value };
    if (!isObject(value)) continue;
    const message = string(value['message']) ?? string(value['faultstring']);
    if (message === undefined) continue;
    const isEnvelope = name === 'error' || name === 'NeutronError' || name === 'fault';
    const type = isEnvelope ? (string(value['type']) ?? string(value['title'])) : name;
    return { type, message, code: undefined, detail: string(value['detail']) || undefined };
  }
  return undefined;
}

function fromHtml(status: number, text: string): Fault {
  const { title, words } = htmlText(text);
  return {
    ...NOTHING,
    type: title || undefined,
    message: words || title || `status ${status}`,
  };
}

function plain(status: number, text: string): Fault {
  // webob's plain text: the status, an empty line, the message.
  const trimmed = text.trim();
  const webob = /^(\d{3} [^\n]{1,200})\n[ \t\r]{0,20}\n/.exec(trimmed);
  if (webob?.[1] !== undefined)
    return { ...NOTHING, type: webob[1].trimEnd(), message: trimmed.slice(webob[0].length).trim() };
  return { ...NOTHING, message: trimmed || `status ${status}, without a body` };
}

/** webob writes its HTML template into the message of its JSON, too. */
const withoutBreaks = (message: string): string => message.replaceAll('<br />', '\n').trim();

const NOTHING: Fault = { type: undefined, message: '', code: undefined, detail: undefined };
const LONGEST = 2_000;
const DEEPEST = 4;

function tryJson(text: string): Record<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
