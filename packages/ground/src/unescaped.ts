/**
 * A text with the escapes of JSON, Python, URLs and HTML undone, in whichever mixture, that knows where each of its characters
 * stood: a secret that a service repeats is found in every encoding, and cut out of the text as it came.
 *
 * Backslashes that escape nothing are left out, and `+` is a blank, as in a query: what is looked for goes through the same.
 */
export class Unescaped {
  readonly text: string;
  /** The text after each pass: the source first, `text` last. */
  readonly passes: readonly string[];
  readonly #layers: readonly Layer[];

  constructor(source: string) {
    const layers: Layer[] = [];
    let text = source;
    // JSON within JSON, a URL within a page: each layer is taken off by itself.
    while (layers.length < MOST_LAYERS && ESCAPE.test(text)) {
      const layer = new Layer(text);
      layers.push(layer);
      if (layer.text === text) break;
      text = layer.text;
    }
    this.text = text;
    this.passes = [source, ...layers.map((layer) => layer.text)];
    this.#layers = layers;
  }

  /**
   * Where in the source the characters from `start` to `end` stood, with the backslashes that led to them.
   *
   * @param pass - of which text the two are places
   */
  sourceOf(start: number, end: number, pass = this.#layers.length): [start: number, end: number] {
    let span: [number, number] = [start, end];
    for (const layer of this.#layers.slice(0, pass).toReversed()) span = layer.sourceOf(...span);
    return span;
  }
}

/** One pass. Where its escapes stood is worked out when a secret is found: nearly always none is. */
class Layer {
  readonly text: string;
  readonly #source: string;
  #escapes: Escapes | undefined;

  constructor(source: string) {
    this.#source = source;
    this.text = withoutEscapes(source);
  }

  sourceOf(start: number, end: number): [start: number, end: number] {
    if (this.#escapes === undefined) {
      this.#escapes = new Escapes();
      withoutEscapes(this.#source, this.#escapes);
    }
    return this.#escapes.sourceOf(start, end);
  }
}

/** In four lists of numbers, since a hostile body has a hundred thousand. */
class Escapes {
  /** Where in the text each is shown, from and to; and where it stood in the source. */
  readonly shownFrom: number[] = [];
  readonly shownTo: number[] = [];
  readonly from: number[] = [];
  readonly to: number[] = [];

  sourceOf(start: number, end: number): [start: number, end: number] {
    let first = this.#lastAt(start);
    const isEscape = start < (this.shownTo[first] ?? 0);
    let from = isEscape ? (this.from[first] ?? 0) : this.#behind(first, start);
    // A backslash before a quote is shown as nothing, and belongs to the quote.
    if (isEscape) first -= 1;
    while (this.to[first] === from && this.shownFrom[first] === this.shownTo[first]) {
      from = this.from[first] ?? from;
      first -= 1;
    }
    const last = this.#lastAt(end - 1);
    const to = end - 1 < (this.shownTo[last] ?? 0) ? (this.to[last] ?? 0) : this.#behind(last, end);
    return [from, to];
  }

  /** The source's place of a character that is none of an escape. */
  #behind(escape: number, place: number): number {
    return escape < 0 ? place : (this.to[escape] ?? 0) + place - (this.shownTo[escape] ?? 0);
  }

  /** The last escape that is shown there or before; -1 if there is none. */
  #lastAt(place: number): number {
    let low = -1;
    let high = this.shownFrom.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.shownFrom[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function withoutEscapes(source: string, escapes?: Escapes): string {
  // No escape is shorter than what it stands for.
  const shown = new Uint16Array(source.length);
  let length = 0;
  for (let at = 0; at < source.length;) {
    const code = source.charCodeAt(at);
    const end = escapeEnd(source, at, code);
    if (end === at) {
      shown[length] = code;
      length += 1;
      at += 1;
      continue;
    }
    escapes?.shownFrom.push(length);
    length = show(source, at, end, shown, length);
    escapes?.shownTo.push(length);
    escapes?.from.push(at);
    escapes?.to.push(end);
    at = end;
  }
  return Buffer.from(shown.buffer, 0, length * 2).toString('utf16le');
}

/** `knownSecretsMask` promises this number. Each layer costs a walk through the text, and a hostile text may have any number. */
const MOST_LAYERS = 4;

// Backslashes are gone through by hand: a callback for each of a hundred thousand took 11 ms.
const BACKSLASH = 0x5c;
const PLUS = 0x2b;
const PERCENT = 0x25;
const AMPERSAND = 0x26;
/** What the characters behind a backslash may be; and the escapes that begin otherwise. */
const LETTERS = new Set(Array.from('uxnrtbf', (letter) => letter.charCodeAt(0)));
const BEHIND = /u[\da-fA-F]{4}|x[\da-fA-F]{2}|[nrtbf]/y;
const OTHERS = /(?:%[\da-fA-F]{2})+|&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|amp|lt|gt|quot|apos);/y;
const ESCAPE = new RegExp(`[\\\\+]|${OTHERS.source}`);

/** Where the escape ends that begins there; the same place if none does. No walk begins inside another, so that all are linear. */
function escapeEnd(source: string, at: number, code: number): number {
  if (code === PLUS) return at + 1;
  if (code === PERCENT || code === AMPERSAND) return endOf(OTHERS, source, at);
  if (code !== BACKSLASH) return at;
  let end = at + 1;
  while (source.charCodeAt(end) === BACKSLASH) end += 1;
  return LETTERS.has(source.charCodeAt(end)) ? endOf(BEHIND, source, end) : end;
}

function endOf(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : at;
}

/** Writes what the escape stands for behind the first `length` characters; how many there are then. */
function show(source: string, at: number, end: number, shown: Uint16Array, length: number): number {
  // Backslashes that escape nothing.
  if (source.charCodeAt(end - 1) === BACKSLASH) return length;
  const text = source.charCodeAt(at) === BACKSLASH ? unit(source, at, end) : decoded(source.slice(at, end));
  for (let index = 0; index < text.length; index += 1) shown[length + index] = text.charCodeAt(index);
  return length + text.length;
}

/** Behind backslashes: `u0041`, `x41`, `n`. */
function unit(source: string, at: number, end: number): string {
  if (end - 6 >= at && source[end - 5] === 'u' && source[end - 6] === '\\') return hex(source, end - 4, end);
  if (end - 4 >= at && source[end - 3] === 'x') return hex(source, end - 2, end);
  return CONTROLS[source.charAt(end - 1)] ?? '';
}

const hex = (source: string, from: number, to: number): string =>
  String.fromCharCode(Number.parseInt(source.slice(from, to), 16));

/** What `+`, one or more `%41`, or an entity of HTML stands for. */
function decoded(escape: string): string {
  if (escape === '+') return ' ';
  if (escape.startsWith('%')) return Buffer.from(escape.replaceAll('%', ''), 'hex').toString();
  return entity(escape.slice(1, -1));
}

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function entity(name: string): string {
  if (!name.startsWith('#')) return ENTITIES[name] ?? '';
  const isHex = /^#x/i.test(name);
  const code = Number.parseInt(name.slice(isHex ? 2 : 1), isHex ? 16 : 10);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\uFFFD';
}
