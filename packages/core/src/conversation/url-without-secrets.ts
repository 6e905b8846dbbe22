import { isSecretName, maskText } from '@groundcrew/ground';
import { redactUrl } from '../wire/curl.ts';

/** A URL as a parser has it, without what gives access by itself. Twice is the same as once. */
export const urlWithoutSecrets = (url: string): string =>
  linksWithoutSecrets(redactUrl(URL.canParse(url) ? new URL(url).href : url));

/** The same of a path with its query, as it stands below an endpoint. */
export const pathWithoutSecrets = (path: string): string =>
  urlWithoutSecrets(ANYWHERE + path).slice(ANYWHERE.length);

const ANYWHERE = 'http://x/';

/**
 * A text without the secrets of the links in it, which `maskText` knows only where their name is a secret in any text: signatures
 * in a query (Heat's signals, temporary URLs), tokens that are encoded within a parameter (Nova's consoles have
 * `path=%3Ftoken%3D…`), and the ids of Senlin's webhooks, which need no token.
 */
export const linksWithoutSecrets = (text: string): string => shown(text, 0);

function shown(text: string, depth: number): string {
  if (!text.includes('=') && !text.includes('/webhooks/')) return text;
  return text
    .replaceAll(WEBHOOK, '***')
    .replaceAll(PARAMETER, (whole: string, mark: string, name: string, value: string) =>
      isHidden(name, value, depth) ? `${mark}${name}=***` : whole,
    );
}

function isHidden(name: string, value: string, depth: number): boolean {
  if (value === '***') return false;
  if (isSecretName(decoded(name))) return true;
  const plain = decoded(value);
  if (maskText(plain) !== plain) return true;
  return plain !== value && depth < DEEPEST && shown(plain, depth + 1) !== plain;
}

/** As `decodeURIComponent`, which throws for what is no UTF-8: an exception for each of a hundred thousand parameters takes seconds. */
const decoded = (text: string): string =>
  text.includes('%')
    ? text.replaceAll(ENCODED, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString())
    : text;

const ENCODED = /(?:%[\da-f]{2})+/gi;

/** Encoded within encoded: each layer is shorter than the one around it. */
const DEEPEST = 4;
const WEBHOOK = /(?<=\/webhooks\/)[\w.~%-]{8,512}/g;
/** `?name=value`, `&name=value`, also with the escapes of JSON and HTML. No match begins within another. */
const PARAMETER = /([?&;#]|\\u0026)([\w.%~-]{1,64})=([^&;#\s"'<>\\]{1,4096})/g;
