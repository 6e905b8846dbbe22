/** Kinds of bytes, as far as words are told apart by them; 0 is of any other. */
export const [DIGIT, HEX, DELIMITER, QUOTE] = [1, 2, 3, 4] as const;

const of = (text: string, kind: number): [number, number][] =>
  Array.from(text, (letter) => [letter.charCodeAt(0), kind]);

/** The kind of each byte. */
export const KINDS: Uint8Array = new Uint8Array(256);
for (const [byte, kind] of [
  ...of('0123456789', DIGIT),
  ...of('abcdefABCDEF', HEX),
  ...of(' \t,;:=()[]{}<>|', DELIMITER),
  ...of('\'"`', QUOTE),
])
  KINDS[byte] = kind;
