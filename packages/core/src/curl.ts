import type { WireRequest } from './exchange.ts';

/** The request as a shell command that shows what was asked and hides what must not be seen. */
export function curlOf(request: WireRequest): string {
  const parts = ['curl -sS -i', ...(request.method === 'GET' ? [] : [`-X ${request.method}`])];
  for (const [name, value] of Object.entries(request.headers)) {
    parts.push(`-H ${quote(`${name}: ${SECRET_HEADER.test(name) ? '***' : value}`)}`);
  }
  if (request.body !== undefined) parts.push(bodyOf(request.body));
  parts.push(quote(redactUrl(request.url)));
  return parts.join(' ');
}

function bodyOf(body: NonNullable<WireRequest['body']>): string {
  if (typeof body !== 'string') return '--data-binary @FILE';
  try {
    return `-d ${quote(JSON.stringify(redact(JSON.parse(body))))}`;
  } catch {
    // Text that is not JSON may be anything, a key among it.
    return "-d '***'";
  }
}

/** A copy of a body with `***` for the value of every field whose name says that it is secret. */
function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, isSecretField(name, field) ? '***' : redact(field)]),
  );
}

/** A URL without user, password and signature parameters. */
export function redactUrl(url: string): string {
  if (!/[?@]/.test(url)) return url;
  try {
    const parsed = new URL(url);
    if (parsed.username !== '') parsed.username = '***';
    if (parsed.password !== '') parsed.password = '***';
    for (const name of parsed.searchParams.keys()) {
      if (SECRET_FIELD.test(name)) parsed.searchParams.set(name, '***');
    }
    return parsed.href;
  } catch {
    return url;
  }
}

/** `auth.identity.token` and `secret` may be objects; their fields are then looked at one by one. */
const isSecretField = (name: string, value: unknown): boolean =>
  (SECRET_FIELD.test(name) && (typeof value !== 'object' || value === null)) ||
  (name === 'token' && holdsId(value));

const holdsId = (value: unknown): boolean => typeof value === 'object' && value !== null && 'id' in value;

const SECRET_HEADER =
  /^(x-auth-token|x-subject-token|x-service-token|authorization|cookie|set-cookie|.*secret.*)$/i;

/**
 * Passwords and keys under the names that OpenStack gives them: Nova's `adminPass` and `user_data`, Keystone's
 * `secret` and `blob`, Cinder's `auth_password` and `connection_info`, Neutron's `psk`, …
 */
const SECRET_FIELD =
  /pass(word|wd|code|phrase)?$|adminpass|admin_pass|secret|token|user_data|private_key|auth_key|^psk$|^blob$|^contents$|backup_url|signature|access_key/i;

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
