/** A service's own account of what went wrong, out of whichever shape it chose. */
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
 * Neutron `{ NeutronError: { type, message, detail } }`, Placement and the API SIG `{ errors: [{ title, detail,
 * code }] }`, Ironic `{ error_message }` with JSON in the text, Octavia and other WSME services `{ faultcode,
 * faultstring }`, Glance and Swift HTML; a proxy in between may answer anything.
 */
export function parseFault(status: number, text: string): Fault {
  const json = tryJson(text);
  if (json !== undefined) return fromJson(json) ?? plain(status, text.slice(0, LONGEST));
  return /<html|<!doctype|<head|<body/i.test(text)
    ? fromHtml(status, text)
    : plain(status, text.slice(0, LONGEST));
}

function fromJson(json: Record<string, unknown>): Fault | undefined {
  const errors = json['errors'];
  if (Array.isArray(errors) && isObject(errors[0])) {
    const [first] = errors;
    return {
      type: string(first['title']),
      message: string(first['detail']) ?? string(first['title']) ?? '',
      code: string(first['code']),
      detail: undefined,
    };
  }
  const wsme = string(json['faultstring']);
  if (wsme !== undefined)
    return {
      type: string(json['faultcode']),
      message: wsme,
      code: undefined,
      detail: string(json['debuginfo']),
    };
  const ironic = json['error_message'];
  if (typeof ironic === 'string') return fromJson(tryJson(ironic) ?? {}) ?? { ...NOTHING, message: ironic };
  if (isObject(ironic)) return fromJson(ironic);
  for (const [name, value] of Object.entries(json)) {
    if (typeof value === 'string' && name === 'message') {
      return { type: string(json['title']), message: value, code: undefined, detail: undefined };
    }
    if (typeof value === 'string' && name.endsWith('Error'))
      return { ...NOTHING, type: name, message: value };
    if (!isObject(value)) continue;
    const message = string(value['message']);
    if (message === undefined) continue;
    const type =
      name === 'error' || name === 'NeutronError' ? (string(value['type']) ?? string(value['title'])) : name;
    return { type, message, code: undefined, detail: string(value['detail']) || undefined };
  }
  return undefined;
}

function fromHtml(status: number, text: string): Fault {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1]?.trim();
  const body = (/<body[^>]*>([\s\S]*?)(<\/body>|$)/i.exec(text)?.[1] ?? text)
    .replace(/<h1[^>]*>[\s\S]*?<\/h1>/i, ' ')
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return {
    ...NOTHING,
    type: title || undefined,
    message: unescape(body || title || `status ${status}`).slice(0, LONGEST),
  };
}

function plain(status: number, text: string): Fault {
  // webob's plain text: the status, an empty line, the message.
  const webob = /^(\d{3} [^\n]+)\n\s*\n([\s\S]+)$/.exec(text.trim());
  if (webob?.[1] !== undefined && webob[2] !== undefined)
    return { ...NOTHING, type: webob[1], message: webob[2].trim() };
  return { ...NOTHING, message: text.trim() || `status ${status}, without a body` };
}

const NOTHING: Fault = { type: undefined, message: '', code: undefined, detail: undefined };
const LONGEST = 2_000;

function tryJson(text: string): Record<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const unescape = (text: string): string =>
  text.replace(
    /&(lt|gt|amp|quot|#39|#x27);/g,
    (_, name: string) => ({ lt: '<', gt: '>', amp: '&', quot: '"' })[name] ?? "'",
  );

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
