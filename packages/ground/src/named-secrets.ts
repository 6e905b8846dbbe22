import { argumentAfter, pairedQuote } from './paired-secrets.ts';
import type { SecretFound } from './secret-found.ts';
import { isSecretName, isSecretWord } from './secret-names.ts';
import { standsForSecret } from './stands-for-secret.ts';

/**
 * The values behind names of secrets: `name = value`, `"name": "value"`, `'name': u'value'`, `name=value&…`,
 * `Header: value`, `--name value`, `<name>value</name>`, `('name', 'value')`. Looks for the words that such names have, and then
 * at a bounded neighbourhood of each.
 */
export function namedSecrets(text: string): SecretFound[] {
  const found: SecretFound[] = [];
  HINTS.lastIndex = 0;
  for (let hint = HINTS.exec(text); hint !== null; hint = HINTS.exec(text)) {
    const [start, end] = nameAround(text, hint.index);
    HINTS.lastIndex = end;
    const name = text.slice(start, end);
    const value = isSecretWord(name)
      ? valueAfter(text, start, end)
      : isSecretName(name)
        ? fieldAfter(text, start, end)
        : undefined;
    if (value === undefined || standsForSecret(text.slice(...value))) continue;
    HINTS.lastIndex = value[1];
    found.push({ kind: 'named', name, start: value[0], end: value[1] });
  }
  return found;
}

/**
 * The place of the first name at or behind `from` that is a secret's, whether a value follows it or not; -1 if there is none. A
 * line in which it finds none has no named secret.
 */
export function secretNameAfter(text: string, from: number): number {
  HINTS.lastIndex = from;
  for (let hint = HINTS.exec(text); hint !== null; hint = HINTS.exec(text)) {
    const [start, end] = nameAround(text, hint.index);
    if (isSecretName(text.slice(start, end))) return hint.index;
    HINTS.lastIndex = end;
  }
  return -1;
}

/**
 * Every name that `isSecretName` knows has one of these in it. No such name ends in `keystone`, and half of all lines have
 * it.
 */
const HINTS =
  /pass|pswd|pwd|psk|secret|token|key(?!stone)|kek|credential|authorization|cookie|configdrive|user[_.-]?data|otp|swift[_.-]?hash|fsid|sig|backup[_.-]?url|blob|contents|payload|saml|assertion/gi;

type Span = [start: number, end: number];

/** By their codes: every character beside a hint is looked at. */
const codesOf = (characters: string): ReadonlySet<number> =>
  new Set(Array.from(characters, (character) => character.charCodeAt(0)));
const MARKS = codesOf('.-');
const NAME = codesOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-');
const ESCAPE_LETTERS = codesOf('nrt');

function nameAround(text: string, index: number): Span {
  let start = index;
  while (start > 0 && index - start < 64 && NAME.has(text.charCodeAt(start - 1))) start -= 1;
  let end = index;
  while (end < text.length && end - index < 64 && NAME.has(text.charCodeAt(end))) end += 1;
  // `\npassword`: the letter of an escaped line feed or tab is none of the name.
  if (start < index && text[start - 1] === '\\' && ESCAPE_LETTERS.has(text.charCodeAt(start))) start += 1;
  // The dash of an option, the end of a sentence.
  while (start < index && MARKS.has(text.charCodeAt(start))) start += 1;
  while (end > index && MARKS.has(text.charCodeAt(end - 1))) end -= 1;
  return [start, end];
}

/** The place of the value of the name at `start` to `end`, without its quotes; `undefined` if it has none. */
function valueAfter(text: string, start: number, end: number): Span | undefined {
  if (text[end] === '>' && ELEMENT.test(text.slice(Math.max(0, start - 34), start))) {
    const content = until(text, end + 1, '<');
    // `<auth-password>` of a usage is no element.
    return text[content[1] + 1] === '/' ? content : undefined;
  }
  const between = SEPARATOR.exec(text.slice(end, end + LONGEST_SEPARATOR));
  if (between === null) return unjoinedAfter(text, start, end);
  let at = end + between[0].length;
  // Python's `pprint` writes a long value into the line below.
  if (CLOSES_NAME.test(between[0])) at += BREAK.exec(text.slice(at, at + LONGEST_SEPARATOR))?.[0].length ?? 0;
  const opening = OPENING_QUOTE.exec(text.slice(at, at + 24));
  if (opening !== null) return quoted(text, at + opening[0].length, opening[1] ?? '"');
  const bracket = text[at];
  if (bracket === '{' && BODY_OF_KEYSTONE.test(text.slice(at, at + 64))) return undefined;
  if (bracket === '[' || bracket === '{' || bracket === '(') return bracketed(text, at);
  const name = text.slice(start, end);
  const span = bare(text, { start, at, separator: between[0], name });
  if (span === undefined || !between[0].includes(':') || text[start - 1]?.match(/["'\\]/)) return span;
  // `token: expired` in a sentence tells a state; a secret behind a colon and without quotes shows more than letters.
  return COMPOUND.test(name) || /[^a-z]/.test(text.slice(...span)) ? span : undefined;
}

/** The value of a name that nothing joins to it: an argument, the other half of a pair. */
function unjoinedAfter(text: string, start: number, end: number): Span | undefined {
  const pair = pairedQuote(text, start, end);
  if (pair !== undefined) return quoted(text, pair.at, pair.quote);
  return isOption(text, start) ? optionValue(text, end) : argumentAfter(text, start, end);
}

/**
 * The value of a name that is an ordinary word elsewhere: only behind the name in quotes, as in JSON, and as a parameter of a URL
 * (`&Signature=…`). A `payload` that is no text is that of a notification.
 */
function fieldAfter(text: string, start: number, end: number): Span | undefined {
  if (/[?&]/.test(text.charAt(start - 1)) && text[end] === '=') return valueAfter(text, start, end);
  const isField = isQuoted(text, start) && /["'\\]/.test(text.charAt(end));
  const value = isField ? valueAfter(text, start, end) : undefined;
  const isText = value !== undefined && isQuoted(text, value[0]);
  return isText || text.slice(start, end) !== 'payload' ? value : undefined;
}

const isQuoted = (text: string, start: number): boolean => /["']/.test(text.charAt(start - 1));

const LONGEST_SEPARATOR = 96;
/** An element of XML, with its namespace: `<password>…</password>`, `<wsse:Password>…`. */
const ELEMENT = /<(?:[\w-]{1,32}:)?$/;
/**
 * The end of the name's quote, escaped or not, then `=`, `:`, `=>` or `:=`; in columns (oslo_config/cfg.py, `log_opt_values`,
 * writes `%-30s = %s`) behind many blanks.
 */
const SEPARATOR = /^\\{0,15}["']?\s{0,48}(?:=>|:=|=|:(?!\/\/))[ \t]{0,8}/;
const CLOSES_NAME = /^\\{0,15}["']/;
const BREAK = /^(?:\s|\\{1,15}[nrt]){1,72}(?=[ub]?\\{0,15}["'])/;
/** `"`, `u'`, `\"`, `\\\"`. */
const OPENING_QUOTE = /^[ub]?(\\{0,15}["'])/;
const COMPOUND = /[a-z\d][_-][a-z]|[a-z][A-Z]/;
/**
 * What is looked into: the methods of a login (`"password": {"user": …}`), whose user has a name, and what a token stands for
 * (`"token": {"methods": …}`), which is no token.
 */
const BODY_OF_KEYSTONE =
  /^\{\s{0,8}[ub]?\\{0,15}["'](?:user|methods|is_domain|expires_at|issued_at|audit_ids|roles|catalog|project)\\{0,15}["']/;

function quoted(text: string, start: number, quote: string): Span {
  const mark = quote.at(-1) ?? '"';
  let first: number | undefined;
  for (let at = text.indexOf(quote, start), looks = 0; at !== -1; at = text.indexOf(quote, at + 1)) {
    // Inside plain quotes a backslash takes the next quote for a letter; inside escaped ones a longer escape does.
    let slashes = 0;
    while (at - slashes > start && text[at - slashes - 1] === '\\') slashes += 1;
    if (slashes % 2 !== 0) continue;
    // `'p'ss'` of a program that escapes nothing: no word goes on behind the quote that closes.
    if (!IN_WORD.test(text.charAt(at + quote.length))) return [start, at];
    first ??= at;
    looks += 1;
    if (looks === MOST_LOOKS) break;
  }
  if (first !== undefined) return [start, first];
  // A quote that never ends was cut off: all that is there belongs to it, at most to the end of the line.
  const line = text.indexOf('\n', start);
  return [start, line === -1 || mark === '' ? text.length : line];
}

const IN_WORD = /[\p{L}\p{N}_]/u;
/** Quotes that are looked at for the one that closes. */
const MOST_LOOKS = 4;

/** To the bracket that closes the first, or to the end of the line. */
function bracketed(text: string, start: number): Span {
  let depth = 0;
  for (let at = start; at < text.length && at - start < LONGEST_VALUE; at += 1) {
    const character = text.charAt(at);
    if ('[{('.includes(character)) depth += 1;
    else if (']})'.includes(character)) {
      depth -= 1;
      if (depth === 0) return [start, at + 1];
    }
  }
  return until(text, start, '\n');
}

interface BareValue {
  /** Where the name begins, and where the value does. */
  readonly start: number;
  readonly at: number;
  readonly separator: string;
  readonly name: string;
}

/** Without quotes: the rest of the line in a header or a configuration file, else to the next blank. */
function bare(text: string, { start, at, separator, name }: BareValue): Span | undefined {
  const before = text.slice(Math.max(0, start - FARTHEST), start);
  const feed = before.lastIndexOf('\n');
  const leads = (feed !== -1 || start < FARTHEST) && /^[\s"'>#]*$/.test(before.slice(feed + 1));
  const whole = leads && (/\s/.test(separator) || separator === ':');
  // `Authorization: Basic …` in the middle of a line: the scheme is the less of it.
  const scheme = /authorization$/i.test(name) ? (SCHEME.exec(text.slice(at, at + 32))?.[0].length ?? 0) : 0;
  const end = whole ? until(text, at, '\n')[1] : blankAfter(text, at + scheme);
  const trimmed = text.slice(at, end).trimEnd();
  const bareEnd = at + (whole ? trimmed : trimmed.replace(/[,;)\]}.]{1,8}$/, '')).length;
  return bareEnd > at ? [at, bareEnd] : undefined;
}

/** Of RFC 9110, 11.1, and of S3. A word of a sentence (`Authorization: required by …`) is none. */
const SCHEME = /^(?:basic|bearer|digest|negotiate|oauth|aws[\w-]{0,20}) (?=\S)/i;
/** How far from the beginning of its line a name may stand of which the value is the rest of the line. */
const FARTHEST = 64;

function blankAfter(text: string, at: number): number {
  for (let from = at; ;) {
    BLANK.lastIndex = from;
    const found = BLANK.exec(text)?.index ?? text.length;
    // A password may have a `&`; in a query another parameter follows it.
    if (text[found] !== '&' || PARAMETER.test(text.slice(found, found + 80))) return found;
    from = found + 1;
  }
}

const BLANK = /[\s"'&<>\\]/g;
const PARAMETER = /^&(?:[\w.[\]%-]{1,64}=|[a-z]{2,6};|#|[\s"'&]|$)/;

const isOption = (text: string, start: number): boolean => text.slice(start - 2, start) === '--';

function optionValue(text: string, end: number): Span | undefined {
  const blanks = /^[ \t]{1,8}(?!-)["']?/.exec(text.slice(end, end + 10));
  if (blanks === null) return undefined;
  const at = end + blanks[0].length;
  const next = blankAfter(text, at);
  return next > at ? [at, next] : undefined;
}

function until(text: string, start: number, mark: string): Span {
  const at = text.indexOf(mark, start);
  return [start, at === -1 ? text.length : at];
}

const LONGEST_VALUE = 16_384;
