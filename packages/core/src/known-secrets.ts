import { isSecretName, maskText } from '@groundcrew/ground';
import { Secret } from './secret.ts';
import { Unescaped } from './unescaped.ts';

/**
 * A text that came back, without the secrets that were sent: services, and proxies before them, repeat the request in their
 * errors, each in the encoding of its page: as JSON of Python's or Go's kind, in URLs, in HTML, as Base64 alone or behind a
 * name (`Basic`). What has the name or the shape of a secret is masked as well.
 *
 * @param secrets - as they were sent; those of fewer than four characters are left to their names: they are in every word
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const known = new Set(secrets.filter((secret) => secret.length >= SHORTEST));
  if (known.size === 0) return maskText(text);
  const unescaped = new Unescaped(text);
  const found = [...known].flatMap((secret) => [
    ...rawPlaces(text, secret),
    ...escapedPlaces(unescaped, secret),
    ...encodedPlaces(text, unescaped, secret),
  ]);
  return maskText(cut(text, found));
}

type Span = readonly [start: number, end: number];

function* placesOf(text: string, secret: string): Generator<Span> {
  for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + secret.length)) {
    yield [at, at + secret.length];
  }
}

/** Raw, it may end in the middle of an escape. */
function* rawPlaces(text: string, secret: string): Generator<Span> {
  for (const [start, found] of placesOf(text, secret)) {
    let end = found;
    while (secret.endsWith('\\') && text[end] === '\\') end += 1;
    yield [start, end];
  }
}

function* escapedPlaces(unescaped: Unescaped, secret: string): Generator<Span> {
  const shown = new Unescaped(secret).text;
  // Of one that is nothing but backslashes nothing is left.
  if (shown.length < SHORTEST) return;
  for (const [start, end] of placesOf(unescaped.text, shown)) yield unescaped.sourceOf(start, end);
}

/** In Base64 three bytes are four characters: what a text becomes depends on how many bytes stand before it. */
function* encodedPlaces(text: string, unescaped: Unescaped, secret: string): Generator<Span> {
  const bytes = Buffer.from(secret);
  for (const before of [0, 1, 2]) {
    const coded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const certain = coded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    if (certain.length < SHORTEST_CODED) continue;
    for (const form of new Set([certain, certain.replaceAll('+', '-').replaceAll('/', '_')])) {
      // `+` is a blank there, too.
      for (const [start, end] of placesOf(unescaped.text, new Unescaped(form).text)) {
        yield wholeWord(text, unescaped.sourceOf(start, end));
      }
    }
  }
}

/** The characters at both ends hold bits of the secret and of what stands beside it. */
function wholeWord(text: string, [from, to]: Span): Span {
  let start = from;
  let end = to;
  while (start > 0 && to - start < LONGEST_WORD && CODED.test(text.charAt(start - 1))) start -= 1;
  while (end < text.length && end - from < LONGEST_WORD && CODED.test(text.charAt(end))) end += 1;
  return [start, end];
}

function cut(text: string, spans: readonly Span[]): string {
  let shown = '';
  let at = 0;
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (end <= at) continue;
    // What overlaps one that is cut already has its asterisks.
    shown += start < at ? '' : `${text.slice(at, start)}***`;
    at = end;
  }
  return shown + text.slice(at);
}

const SHORTEST = 4;
const SHORTEST_CODED = 5;
const CODED = /[\w+/=-]/;
const LONGEST_WORD = 8_192;

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
