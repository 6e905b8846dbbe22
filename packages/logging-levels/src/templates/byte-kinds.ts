/** Kinds of bytes, as far as words are told apart by them; each is a bit, so that a word tells what is in it. */
export const [HEX, VALUE, DELIMITER, QUOTE] = [2, 4, 8, 16] as const;
const OTHER = 1;

const of = (text: string, kind: number): [number, number][] =>
  Array.from(text, (letter) => [letter.charCodeAt(0), kind]);

/** The kind of each byte. A digit or an `@` makes a value of its word. */
export const KINDS: Uint8Array = new Uint8Array(256).fill(OTHER);
for (const [byte, kind] of [
  ...of('0123456789@', VALUE),
  ...of('abcdefABCDEF', HEX),
  ...of(' \t,;:=()[]{}<>|', DELIMITER),
  ...of('\'"`', QUOTE),
])
  KINDS[byte] = kind;
