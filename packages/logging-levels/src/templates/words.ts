import { VARIES } from './shape.ts';

/** The words of a shape, and what stands between them. */
export interface Words {
  /** The punctuation, with a NUL where a word is. */
  readonly frame: string;
  /** What varies is a word, too: `<*>`. */
  readonly words: readonly string[];
}

/** Cuts a shape as the scanner does. */
export function wordsOf(text: string): Words {
  const words: string[] = [];
  let frame = '';
  for (const [piece] of text.matchAll(PIECE)) {
    if (piece !== VARIES && DELIMITER.test(piece)) frame += piece;
    else {
      words.push(piece);
      frame += WORD;
    }
  }
  return { frame, words };
}

/** The shape again, with other words. */
export function shapeWith({ frame }: Words, words: readonly string[]): string {
  let text = '';
  let next = 0;
  for (const piece of frame) {
    if (piece === WORD) {
      text += words[next] ?? '';
      next += 1;
    } else text += piece;
  }
  return text;
}

const WORD = '\0';
const PIECE = /<\*>|[ \t,;:=()[\]{}<>|]|[^ \t,;:=()[\]{}<>|]+/g;
const DELIMITER = /^[ \t,;:=()[\]{}<>|]$/;
