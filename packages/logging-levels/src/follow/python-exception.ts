// How exceptions of Python come in messages: their `repr`, their class, and their traceback.

/** An exception as a message tells it. */
export interface ToldException {
  /** Its class, as far as it is told: `NoValidHost` or `nova.exception.NoValidHost`. */
  readonly name: string;
  readonly text: string;
}

/**
 * Reads the `repr` of an exception, which is what oslo.serialization makes of it (`jsonutils.to_primitive`): `ValueError('x')`, of
 * whose arguments all is the text if they are no single text, or `{'message': 'x', 'class': 'NoValidHost'}`, as Nova's own have it
 * (`nova/exception.py`, `NovaException.__repr__`). `undefined` if it is none.
 */
export function exceptionOfRepr(repr: string): ToldException | undefined {
  if (repr.startsWith('{')) return exceptionOfDict(repr);
  const open = repr.indexOf('(');
  if (open < 1 || open > LONGEST_NAME || !repr.endsWith(')')) return undefined;
  const name = classNamed(repr.slice(0, open));
  if (name === undefined) return undefined;
  const given = repr.slice(open + 1, -1);
  return { name, text: textOfLiteral(given) ?? given };
}

/**
 * The name of a class; `undefined` if it is none. oslo.messaging adds `_Remote` to the class and the module of what came over RPC,
 * which is the same exception (`deserialize_remote_exception`).
 */
export function classNamed(text: string): string | undefined {
  if (text.length > LONGEST_NAME || !/^[A-Za-z_][\w.]*$/.test(text)) return undefined;
  const name = text.replaceAll(/_Remote(?=\.|$)/g, '');
  return name === '' ? undefined : name;
}

/** Reads `<class 'nova.exception.NoValidHost'>`; `undefined` if it is no such thing. */
export function classOfRepr(repr: string): string | undefined {
  const name = /^<class '([\w.]{1,250})'>$/.exec(repr)?.[1];
  return name === undefined ? undefined : classNamed(name.replace(/^builtins\./, ''));
}

const LONGEST_NAME = 250;

/** The text of a literal of Python; `undefined` if it is no single one. (Before 3.7 a comma followed it.) */
function textOfLiteral(given: string): string | undefined {
  const literal = given.endsWith(',') ? given.slice(0, -1) : given;
  const [quote] = literal;
  if (quote !== "'" && quote !== '"') return undefined;
  return endOfLiteral(literal, 0) === literal.length - 1 ? unescaped(literal.slice(1, -1)) : undefined;
}

/** The place of the quote that ends the literal which begins at a place; the end of the text if there is none. */
function endOfLiteral(text: string, start: number): number {
  const quote = text[start];
  let end = start + 1;
  while (end < text.length && text[end] !== quote) end += text[end] === '\\' ? 2 : 1;
  return Math.min(end, text.length);
}

function exceptionOfDict(repr: string): ToldException | undefined {
  const texts = textsOfDict(repr);
  const name = classNamed(texts.get('class') ?? '');
  const text = texts.get('message');
  return name === undefined || text === undefined ? undefined : { name, text };
}

/** The texts of a dictionary by their keys, as Python shows it; what is inside of another value is none of them. */
function textsOfDict(repr: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  let depth = 0;
  let key: string | undefined;
  let isValue = false;
  for (let at = 0; at < repr.length; at += 1) {
    const char = repr[at] ?? '';
    if (char === "'" || char === '"') {
      const end = endOfLiteral(repr, at);
      const text = depth === 1 ? unescaped(repr.slice(at + 1, end)) : '';
      if (depth === 1 && !isValue) key = text;
      else if (depth === 1 && key !== undefined && !texts.has(key)) texts.set(key, text);
      at = end;
    } else if ('{[('.includes(char)) depth += 1;
    else if ('}])'.includes(char)) depth -= 1;
    else if (depth === 1 && char === ':') isValue = true;
    else if (depth === 1 && char === ',') isValue = false;
  }
  return texts;
}

const unescaped = (text: string): string =>
  text.replaceAll(
    /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([^]))/g,
    (whole: string, ...[x, u, long, one]: (string | undefined)[]) => {
      const digits = x ?? u ?? long;
      if (digits === undefined) return NAMED[one ?? ''] ?? one ?? whole;
      const code = Number.parseInt(digits, 16);
      return code > 0x10_ff_ff ? whole : String.fromCodePoint(code);
    },
  );

const NAMED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * The lines of a traceback. Nova puts commas between the pieces that Python gives (`nova/notifications/objects/exception.py`), so
 * that most lines begin with one.
 */
export function linesOfTraceback(text: string): string[] {
  const isJoined = text.includes('\n,  File ');
  const lines = linesOf(text);
  return isJoined ? lines.map((line) => (line.startsWith(',') ? line.slice(1) : line)) : lines;
}

/** The lines of a text without empty ones at its end, at most 2,000: of more the last one is kept, which tells the exception. */
export function linesOf(text: string): string[] {
  const lines = text.trimEnd().split(/\r?\n/);
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES - 1), lines.at(-1) ?? ''];
}

const MOST_LINES = 2_000;
