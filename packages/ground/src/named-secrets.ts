import type { SecretFound } from './secret-found.ts';
import { isSecretName, isSecretWord } from './secret-names.ts';

/**
 * The values behind names of secrets: `name = value`, `"name": "value"`, `'name': u'value'`, `name=value&…`,
 * `Header: value`, `--name value`, `<name>value</name>`. Looks for the words that such names have, and then at a bounded
 * neighbourhood of each.
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
        ? quotedAfter(text, start, end)
        : undefined;
    if (value === undefined || standsForOne(text.slice(...value))) continue;
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
  /pass|pswd|pwd|psk|secret|token|key(?!stone)|kek|credential|authorization|cookie|configdrive|user[_.-]?data|otp|swift[_.-]?hash|fsid|sig|backup[_.-]?url|blob|contents|payload/gi;

type Span = [start: number, end: number];

/** By their codes: every character beside a hint is looked at. */
const codesOf = (characters: string): ReadonlySet<number> =>
  new Set(Array.from(characters, (character) => character.charCodeAt(0)));
const MARKS = codesOf('.-');
const NAME = codesOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-');

function nameAround(text: string, index: number): Span {
  let start = index;
  while (start > 0 && index - start < 64 && NAME.has(text.charCodeAt(start - 1))) start -= 1;
  let end = index;
  while (end < text.length && end - index < 64 && NAME.has(text.charCodeAt(end))) end += 1;
  // The dash of an option, the end of a sentence.
  while (start < index && MARKS.has(text.charCodeAt(start))) start += 1;
  while (end > index && MARKS.has(text.charCodeAt(end - 1))) end -= 1;
  return [start, end];
}

/** The place of the value of the name at `start` to `end`, without its quotes; `undefined` if it has none. */
function valueAfter(text: string, start: number, end: number): Span | undefined {
  // An element of XML: `<password>…</password>`.
  if (text[start - 1] === '<' && text[end] === '>') return until(text, end + 1, '<');
  const between = SEPARATOR.exec(text.slice(end, end + LONGEST_SEPARATOR));
  if (between === null) return isOption(text, start) ? optionValue(text, end) : undefined;
  const at = end + between[0].length;
  const opening = OPENING_QUOTE.exec(text.slice(at, at + 12));
  if (opening !== null) return quoted(text, at + opening[0].length, opening[1] ?? '"');
  const bracket = text[at];
  if (bracket === '[' || bracket === '{' || bracket === '(') return bracketed(text, at);
  const span = bare(text, start, at, between[0]);
  if (span === undefined || !between[0].includes(':') || text[start - 1]?.match(/["'\\]/)) return span;
  // `token: expired` in a sentence tells a state; a secret behind a colon and without quotes shows more than letters.
  return COMPOUND.test(text.slice(start, end)) || /[^a-z]/.test(text.slice(...span)) ? span : undefined;
}

/**
 * The value of a name that is an ordinary word elsewhere: only behind the name in quotes, as in JSON. A `payload` that is no
 * text is that of a notification.
 */
function quotedAfter(text: string, start: number, end: number): Span | undefined {
  const isQuoted = /["']/.test(text.charAt(start - 1)) && /["'\\]/.test(text.charAt(end));
  const value = isQuoted ? valueAfter(text, start, end) : undefined;
  const isText = value !== undefined && /["']/.test(text.charAt(value[0] - 1));
  return isText || text.slice(start, end) !== 'payload' ? value : undefined;
}

const LONGEST_SEPARATOR = 80;
/**
 * The end of the name's quote, escaped or not, then `=`, `:`, `=>` or `:=`; in columns (oslo_config/cfg.py, `log_opt_values`,
 * writes `%-30s = %s`) behind many blanks.
 */
const SEPARATOR = /^\\{0,3}["']?\s{0,48}(?:=>|:=|=|:(?!\/\/))[ \t]{0,8}/;
/** `"`, `u'`, `\"`, `\\\"`. */
const OPENING_QUOTE = /^[ub]?(\\{0,3}["'])/;
const COMPOUND = /[a-z\d][_-][a-z]|[a-z][A-Z]/;

function quoted(text: string, start: number, quote: string): Span {
  const mark = quote.at(-1) ?? '"';
  for (let at = text.indexOf(quote, start); at !== -1; at = text.indexOf(quote, at + 1)) {
    // Inside plain quotes a backslash takes the next quote for a letter; inside escaped ones a longer escape does.
    let slashes = 0;
    while (at - slashes > start && text[at - slashes - 1] === '\\') slashes += 1;
    if (slashes % 2 === 0) return [start, at];
  }
  // A quote that never ends was cut off: all that is there belongs to it, at most to the end of the line.
  const line = text.indexOf('\n', start);
  return [start, line === -1 || mark === '' ? text.length : line];
}

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

/** Without quotes: the rest of the line in a header or a configuration file, else to the next blank. */
function bare(text: string, start: number, at: number, separator: string): Span | undefined {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const leads = start - lineStart < 64 && /^[\s"'>#]*$/.test(text.slice(lineStart, start));
  const whole = leads && (/\s/.test(separator) || separator === ':');
  const end = whole ? until(text, at, '\n')[1] : blankAfter(text, at);
  const trimmed = text.slice(at, end).trimEnd();
  const bareEnd = at + (whole ? trimmed : trimmed.replace(/[,;)\]}.]{1,8}$/, '')).length;
  return bareEnd > at ? [at, bareEnd] : undefined;
}

function blankAfter(text: string, at: number): number {
  BLANK.lastIndex = at;
  return BLANK.exec(text)?.index ?? text.length;
}

const BLANK = /[\s"'&<>\\]/g;

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

/** Nothing, a mask of others, a value of no secret, a place that a format fills. */
const standsForOne = (value: string): boolean =>
  value.length > 0 && value.length <= 200 ? STANDS.test(value.trim()) : value === '';
const STANDS =
  /^(?:\*+|x{3,}|-+|\.{3}|…|none|null|nil|undefined|true|false|yes|no|redacted|masked|hidden|<[\w \-/.:]{0,80}>?|\[[\w -]{0,40}\]?|\{\}|\(\)|%s|%\(\w+\)s|\$\{?\w+\}?|\{\w*\}|\{SHA\d*\}\w+|Secret\(.*|SANITIZED|\*{3}\S{0,3})$/i;
