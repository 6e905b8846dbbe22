import { isSecretName, maskText } from '@groundcrew/ground';
import { Secret } from './secret.ts';

/**
 * A text that came back, without the secrets that were sent: services, and proxies before them, repeat the request in their
 * errors, each in the encoding of its page. What has the name or the shape of a secret is masked as well.
 *
 * @param secrets - as they were sent; those of fewer than four characters are left to their names: they are in every word
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    for (const form of formsOf(secret)) shown = shown.replaceAll(form, '***');
  }
  return maskText(shown);
}

/** Raw, and as JSON, URLs, HTML and Base64 write it; the longest first, as one may be a part of another. */
const formsOf = (secret: string): string[] => {
  const json = JSON.stringify(secret).slice(1, -1);
  const python = secret.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`);
  const url = encodeURIComponent(secret.toWellFormed());
  const html = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const forms = [
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    python,
    url,
    url.replaceAll('%20', '+'),
    html,
    html.replaceAll("'", '&#39;'),
    html.replaceAll("'", '&#x27;'),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ];
  return [...new Set(forms)]
    .filter((form) => form.length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
};

const SHORTEST = 4;

/** Every text in the arguments of a call that is wrapped, or stands under the name of a secret. */
export function secretsIn(value: unknown): string[] {
  const found: string[] = [];
  collect(value, false, found, 0);
  return found;
}

function collect(value: unknown, isSecret: boolean, found: string[], depth: number): void {
  if (depth > DEEPEST) return;
  if (value instanceof Secret) found.push(value.reveal());
  else if (typeof value === 'string') {
    if (isSecret) found.push(value);
  } else if (Array.isArray(value)) {
    for (const one of value) collect(one, isSecret, found, depth + 1);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, field] of Object.entries(value))
      collect(field, isSecret || isSecretName(name), found, depth + 1);
  }
}

const DEEPEST = 32;
