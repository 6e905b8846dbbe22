import { Unescaped } from './unescaped.ts';

export interface KnownSecretsOptions {
  /**
   * Characters below which a secret is passed over, since it would be found in every word.
   *
   * @default 4
   */
  readonly shortest?: number | undefined;
}

/**
 * Masks secrets that are known, wherever they come back: raw, with the escapes of JSON, Python, URLs and HTML in any mixture, and
 * as Base64 alone or behind a name (`Basic`). What only looks like a secret is left to `maskText`. The forms of each secret are
 * worked out once, since output is masked line by line.
 *
 * Up to four layers of URL or HTML encoding over each other are undone, and any number of backslashes: a secret that was encoded
 * five times or more is not found.
 *
 * @example
 * const mask = knownSecretsMask(['p&ssw"rd']);
 * mask('{"given": "p&ssw\\"rd"}'); // '{"given": "***"}'
 */
export function knownSecretsMask(
  secrets: Iterable<string>,
  { shortest = SHORTEST }: KnownSecretsOptions = {},
): (text: string) => string {
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= Math.max(1, shortest))
    .map((secret) => ({ secret, unescaped: unescapedForms(secret), base64: base64Forms(secret) }));
  if (known.length === 0) return (text) => text;
  return (text) => {
    const unescaped = new Unescaped(text);
    const spans: Span[] = [];
    for (const forms of known) {
      addRaw(spans, text, forms.secret);
      addUnescaped(spans, unescaped, forms.unescaped);
      for (const form of forms.base64) addBase64(spans, text, unescaped, form);
    }
    return maskSpans(text, spans);
  };
}

type Span = readonly [start: number, end: number];

function* occurrences(text: string, form: string): Generator<Span> {
  for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + form.length)) {
    yield [at, at + form.length];
  }
}

/** A secret that stands in the text as it is may end in the middle of an escape. */
function addRaw(spans: Span[], text: string, secret: string): void {
  for (const [start, found] of occurrences(text, secret)) {
    let end = found;
    while (secret.endsWith('\\') && text[end] === '\\') end += 1;
    spans.push([start, end]);
  }
}

/** What to look for of a secret in a text whose escapes are undone, and from which of its passes on. */
interface UnescapedForms {
  readonly forms: readonly string[];
  readonly from: 'first-pass' | 'last-pass';
}

/**
 * A secret whose own escapes are undone is the same as in a text of which everything is undone: the last pass shows it.
 * If too little is left of it to look for (`%\77kk` becomes `%77kk`, and that `wkk`, which is in too many words), the forms on
 * the way there are looked for, and each may stand in any pass.
 */
function unescapedForms(secret: string): UnescapedForms {
  const { text, passes } = new Unescaped(secret);
  if (text.length >= SHORTEST) return { forms: [text], from: 'last-pass' };
  return { forms: passes.filter((form) => form.length >= SHORTEST), from: 'first-pass' };
}

function addUnescaped(spans: Span[], unescaped: Unescaped, { forms, from }: UnescapedForms): void {
  const { passes } = unescaped;
  for (let pass = from === 'first-pass' ? 0 : passes.length - 1; pass < passes.length; pass += 1) {
    for (const form of forms) {
      for (const [start, end] of occurrences(passes[pass] ?? '', form))
        spans.push(unescaped.sourceOf(start, end, pass));
    }
  }
}

/**
 * In Base64 three bytes are four characters: what a text becomes depends on how many bytes stand before it. Of each of the three
 * only the characters that hold nothing else.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = [0, 1, 2].flatMap((before) => {
    const coded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const certain = coded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    if (certain.length < SHORTEST_BASE64) return [];
    return [certain, certain.replaceAll('+', '-').replaceAll('/', '_')];
  });
  // `+` is a blank in what is looked through.
  return [...new Set(forms.map((form) => new Unescaped(form).text))];
}

function addBase64(spans: Span[], text: string, unescaped: Unescaped, form: string): void {
  for (const [start, end] of occurrences(unescaped.text, form))
    spans.push(wholeWord(text, unescaped.sourceOf(start, end)));
}

/** The characters at both ends hold bits of the secret and of what stands beside it. */
function wholeWord(text: string, [from, to]: Span): Span {
  let start = from;
  let end = to;
  while (start > 0 && to - start < LONGEST_WORD && BASE64.test(text.charAt(start - 1))) start -= 1;
  while (end < text.length && end - from < LONGEST_WORD && BASE64.test(text.charAt(end))) end += 1;
  return [start, end];
}

function maskSpans(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  let masked = '';
  let at = 0;
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (end <= at) continue;
    // What overlaps one that is masked already has its asterisks.
    masked += start < at ? '' : `${text.slice(at, start)}***`;
    at = end;
  }
  return masked + text.slice(at);
}

const SHORTEST = 4;
const SHORTEST_BASE64 = 5;
const BASE64 = /[\w+/=-]/;
const LONGEST_WORD = 8_192;
