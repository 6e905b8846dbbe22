/**
 * A text with the escapes of JSON, Python, URLs and HTML undone, in whichever mixture, that knows where each of its characters
 * stood: a secret that a service repeats is found in every encoding, and cut out of the text as it came.
 *
 * Backslashes that escape nothing are left out, and `+` is a blank, as in a query: what is looked for goes through the same.
 */
export class Unescaped {
  readonly text: string;
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
    this.#layers = layers;
  }

  /** Where in the source the characters from `start` to `end` stood, with the backslashes that led to them. */
  sourceOf(start: number, end: number): [start: number, end: number] {
    let span: [number, number] = [start, end];
    for (const layer of this.#layers.toReversed()) span = layer.sourceOf(...span);
    return span;
  }
}

/** One pass, and where its escapes stood: in four lists of numbers, since a hostile body has a hundred thousand. */
class Layer {
  readonly text: string;
  /** Where in the text each escape is shown, from and to; and where it stood in the source. */
  readonly #shownFrom: number[] = [];
  readonly #shownTo: number[] = [];
  readonly #from: number[] = [];
  readonly #to: number[] = [];

  constructor(source: string) {
    /** By how much the text is shorter than the source so far. */
    let saved = 0;
    this.text = source.replaceAll(ALL_ESCAPES, (escape, at: number) => {
      const shown = shownOf(escape);
      this.#shownFrom.push(at - saved);
      this.#shownTo.push(at - saved + shown.length);
      this.#from.push(at);
      this.#to.push(at + escape.length);
      saved += escape.length - shown.length;
      return shown;
    });
  }

  sourceOf(start: number, end: number): [start: number, end: number] {
    let first = this.#lastAt(start);
    const isEscape = start < (this.#shownTo[first] ?? 0);
    let from = isEscape ? (this.#from[first] ?? 0) : this.#behind(first, start);
    // A backslash before a quote is shown as nothing, and belongs to the quote.
    if (isEscape) first -= 1;
    while (this.#to[first] === from && this.#shownFrom[first] === this.#shownTo[first]) {
      from = this.#from[first] ?? from;
      first -= 1;
    }
    const last = this.#lastAt(end - 1);
    const to = end - 1 < (this.#shownTo[last] ?? 0) ? (this.#to[last] ?? 0) : this.#behind(last, end);
    return [from, to];
  }

  /** The source's place of a character that is none of an escape. */
  #behind(escape: number, place: number): number {
    return escape < 0 ? place : (this.#to[escape] ?? 0) + place - (this.#shownTo[escape] ?? 0);
  }

  /** The last escape that is shown there or before; -1 if there is none. */
  #lastAt(place: number): number {
    let low = -1;
    let high = this.#shownFrom.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#shownFrom[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const MOST_LAYERS = 4;
/** No repetition can begin inside itself, so that the walk is linear. */
const SOURCE = String.raw`\\+(?:u[\da-fA-F]{4}|x[\da-fA-F]{2}|[nrtbf])?|(?:%[\da-fA-F]{2})+|&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|amp|lt|gt|quot|apos);|\+`;
const ESCAPE = new RegExp(SOURCE);
const ALL_ESCAPES = new RegExp(SOURCE, 'g');

function shownOf(escape: string): string {
  if (escape.endsWith('\\')) return '';
  if (escape === '+') return ' ';
  if (escape.startsWith('%')) return Buffer.from(escape.replaceAll('%', ''), 'hex').toString();
  if (escape.startsWith('&')) return entity(escape.slice(1, -1));
  const letter = escape.slice(escape.lastIndexOf('\\') + 1);
  return CONTROLS[letter] ?? String.fromCharCode(Number.parseInt(letter.slice(1), 16));
}

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function entity(name: string): string {
  if (!name.startsWith('#')) return ENTITIES[name] ?? '';
  const isHex = /^#x/i.test(name);
  const code = Number.parseInt(name.slice(isHex ? 2 : 1), isHex ? 16 : 10);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\uFFFD';
}
