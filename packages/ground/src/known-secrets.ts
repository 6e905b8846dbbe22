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
 * as Base64 alone or behind a name (`Basic`). What only looks like a secret is left to `maskText`. What one secret becomes in
 * each encoding is worked out once: output is masked line by line.
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
    .map((secret) => ({ secret, shown: shownOf(secret), coded: codedOf(secret) }));
  if (known.length === 0) return (text) => text;
  return (text) => {
    const unescaped = new Unescaped(text);
    return cut(
      text,
      known.flatMap(({ secret, shown, coded }) => [
        ...rawPlaces(text, secret),
        ...escapedPlaces(unescaped, shown),
        ...coded.flatMap((form) => [...encodedPlaces(text, unescaped, form)]),
      ]),
    );
  };
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

/** What a secret is once its own escapes are undone; on the way there, if too little is left in the end to look for. */
interface Shown {
  readonly forms: readonly string[];
  readonly isWhole: boolean;
}

/** `%\77kk` looks like escapes itself: it becomes `%77kk`, and that `wkk`, which is in too many words. */
function shownOf(secret: string): Shown {
  const unescaped = new Unescaped(secret);
  if (unescaped.text.length >= SHORTEST) return { forms: [unescaped.text], isWhole: true };
  return { forms: unescaped.passes.filter((form) => form.length >= SHORTEST), isWhole: false };
}

/** What is whole has become the same as in a text of which everything is undone; what is not may stand in any pass. */
function* escapedPlaces(unescaped: Unescaped, { forms, isWhole }: Shown): Generator<Span> {
  const { passes } = unescaped;
  for (const [pass, text] of passes.entries()) {
    if (isWhole && pass < passes.length - 1) continue;
    for (const form of forms)
      for (const [start, end] of placesOf(text, form)) yield unescaped.sourceOf(start, end, pass);
  }
}

/**
 * In Base64 three bytes are four characters: what a text becomes depends on how many bytes stand before it. Of each of the three
 * only the characters that hold nothing else.
 */
function codedOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = [0, 1, 2].flatMap((before) => {
    const coded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const certain = coded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    if (certain.length < SHORTEST_CODED) return [];
    return [certain, certain.replaceAll('+', '-').replaceAll('/', '_')];
  });
  // `+` is a blank in what is looked through.
  return [...new Set(forms.map((form) => new Unescaped(form).text))];
}

function* encodedPlaces(text: string, unescaped: Unescaped, form: string): Generator<Span> {
  for (const [start, end] of placesOf(unescaped.text, form))
    yield wholeWord(text, unescaped.sourceOf(start, end));
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
  if (spans.length === 0) return text;
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
