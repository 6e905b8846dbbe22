import { isSecretName, maskText, maskValue } from '@groundcrew/ground';
import type { WireRequest } from './exchange.ts';

/** The request as a shell command that shows what was asked and hides what must not be seen. */
export function curlOf(request: WireRequest): string {
  const parts = ['curl -sS -i', ...(request.method === 'GET' ? [] : [`-X ${request.method}`])];
  for (const [name, value] of Object.entries(request.headers)) {
    parts.push(`-H ${quote(`${name}: ${isSecretName(name) ? '***' : maskText(value)}`)}`);
  }
  if (request.body !== undefined) parts.push(bodyOf(request.body));
  parts.push(quote(redactUrl(request.url)));
  return parts.join(' ');
}

function bodyOf(body: NonNullable<WireRequest['body']>): string {
  if (typeof body !== 'string') return '--data-binary @FILE';
  try {
    return `-d ${quote(JSON.stringify(maskValue(JSON.parse(body))))}`;
  } catch {
    // Text that is not JSON may be anything, a key among it.
    return "-d '***'";
  }
}

/** A URL without user, password, signature and whatever else has the name or the shape of a secret. */
export function redactUrl(url: string): string {
  if (!/[?@]/.test(url)) return maskText(url);
  // `user:password@host`, whose scheme was forgotten: to a parser its user is the scheme.
  if (!/^[a-z][a-z\d+.-]{0,30}:\/\//i.test(url)) return maskText(url.replace(/^[^\s/]{0,1024}@/, '***@'));
  try {
    const parsed = new URL(url);
    if (parsed.username !== '') parsed.username = '***';
    if (parsed.password !== '') parsed.password = '***';
    for (const name of new Set(parsed.searchParams.keys())) {
      if (isSecretName(name)) parsed.searchParams.set(name, '***');
    }
    return maskText(parsed.href);
  } catch {
    return maskText(url);
  }
}

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
