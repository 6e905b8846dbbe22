/**
 * A text with the escapes of JSON, Python, URLs and HTML undone, in whichever mixture, that knows where each of its characters
 * stood: a secret that a service repeats is found in every encoding, and cut out of the text as it came.
 *
 * Backslashes that escape nothing are left out, and `+` is a blank, as in a query: what is looked for goes through the same.
 */
export class Unescaped {
  readonly text: string;
  readonly #passes: readonly (readonly Piece[])[];

  constructor(source: string) {
    const passes: (readonly Piece[])[] = [];
    let text = source;
    // JSON within JSON, an URL within a page: each pass takes one layer off.
    while (passes.length < MOST_LAYERS && ESCAPE.test(text)) {
      const pieces = piecesOf(text);
      const next = pieces.map(({ shown }) => shown).join('');
      if (next === text) break;
      passes.push(pieces);
      text = next;
    }
    this.text = text;
    this.#passes = passes;
  }

  /** Where in the source the characters from `start` to `end` stood, with the backslashes that led to them. */
  sourceOf(start: number, end: number): [start: number, end: number] {
    let span: [number, number] = [start, end];
    for (const pieces of this.#passes.toReversed()) span = before(pieces, span);
    return span;
  }
}

/** A part of a text: what is shown of it, and where it stood. */
interface Piece {
  readonly shown: string;
  /** Its place in the unescaped text. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly isLiteral: boolean;
}

const MOST_LAYERS = 4;
/** No repetition can begin inside itself, so that the walk is linear. */
const SOURCE = String.raw`\\+(?:u[\da-fA-F]{4}|x[\da-fA-F]{2}|[nrtbf])?|(?:%[\da-fA-F]{2})+|&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|amp|lt|gt|quot|apos);|\+`;
const ESCAPE = new RegExp(SOURCE);
const ALL_ESCAPES = new RegExp(SOURCE, 'g');

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const add = (shown: string, from: number, to: number, isLiteral: boolean): void => {
    pieces.push({ shown, at, from, to, isLiteral });
    at += shown.length;
  };
  let from = 0;
  for (const { 0: escape, index } of text.matchAll(ALL_ESCAPES)) {
    if (index > from) add(text.slice(from, index), from, index, true);
    from = index + escape.length;
    add(shownOf(escape), index, from, false);
  }
  if (from < text.length) add(text.slice(from), from, text.length, true);
  return pieces;
}

function shownOf(escape: string): string {
  if (escape === '+') return ' ';
  if (escape.startsWith('%')) return Buffer.from(escape.replaceAll('%', ''), 'hex').toString();
  if (escape.startsWith('&')) return entity(escape.slice(1, -1));
  const letter = escape.replace(/^\\+/, '');
  const isCode = letter.startsWith('u') || letter.startsWith('x');
  return isCode ? String.fromCharCode(Number.parseInt(letter.slice(1), 16)) : (CONTROLS[letter] ?? '');
}

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function entity(name: string): string {
  if (!name.startsWith('#')) return ENTITIES[name] ?? '';
  const isHex = /^#x/i.test(name);
  const code = Number.parseInt(name.slice(isHex ? 2 : 1), isHex ? 16 : 10);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\uFFFD';
}

function before(pieces: readonly Piece[], [start, end]: readonly [number, number]): [number, number] {
  let first = indexAt(pieces, start);
  const opening = pieces[first];
  if (opening === undefined) return [start, end];
  const last = pieces[indexAt(pieces, end - 1)] ?? opening;
  const to = last.isLiteral ? last.from + (end - last.at) : last.to;
  if (opening.isLiteral && start > opening.at) return [opening.from + (start - opening.at), to];
  // A backslash before a quote is shown as nothing, and belongs to the quote.
  while (pieces[first - 1]?.shown === '') first -= 1;
  return [pieces[first]?.from ?? opening.from, to];
}

/** The piece that shows the character at this place: the last that begins there or before, and shows something. */
function indexAt(pieces: readonly Piece[], place: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((pieces[middle]?.at ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
