import { VARIES } from './shape.ts';
import { type Words, wordsOf } from './words.ts';

/** Templates that are known from before, to find the one that a shape belongs to. */
export class KnownTexts {
  readonly #byFrame = new Map<string, { readonly text: string; readonly cut: Words }[]>();

  /** @param texts - of one logger */
  constructor(texts: Iterable<string>) {
    for (const text of new Set(texts)) {
      const cut = wordsOf(text);
      const others = this.#byFrame.get(cut.frame);
      if (others === undefined) this.#byFrame.set(cut.frame, [{ text, cut }]);
      else others.push({ text, cut });
    }
    // The most words first; of two with as many the first in the order of letters, so that no order of `texts` decides.
    for (const alike of this.#byFrame.values())
      alike.sort((a, b) => constants(b.cut) - constants(a.cut) || (a.text < b.text ? -1 : 1));
  }

  /** The known text with the most words that fits a shape. */
  find(shape: string): string | undefined {
    if (this.#byFrame.size === 0) return undefined;
    const { frame, words } = wordsOf(shape);
    return this.#byFrame
      .get(frame)
      ?.find(({ cut }) => cut.words.every((word, place) => word === VARIES || word === words[place]))?.text;
  }
}

const constants = ({ words }: Words): number => words.filter((word) => word !== VARIES).length;
