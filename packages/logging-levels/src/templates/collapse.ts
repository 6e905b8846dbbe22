import { VARIES } from './shape.ts';
import { shapeWith, type Words, wordsOf } from './words.ts';

/**
 * Puts `<*>` where more than `above` different words stand at one place of otherwise equal shapes: names of users and hosts without
 * a digit, which the scanner takes for words.
 *
 * It depends on the set of shapes alone, not on their order, so that the result is the same for any order of files: a tree that
 * learns as it reads, as Drain's, gives others (logpai/logparser 31). Shapes of the same punctuation are one group. Places with
 * few different words divide it, again and again; where all that is left are places with many, these vary. A shape keeps one
 * word at least.
 *
 * @param texts - shapes of one logger
 * @returns those that became another
 */
export function collapse(texts: Iterable<string>, above: number): ReadonlyMap<string, string> {
  const groups = new Map<string, Member[]>();
  for (const text of new Set(texts)) {
    const cut = wordsOf(text);
    const group = groups.get(cut.frame);
    if (group === undefined) groups.set(cut.frame, [{ text, cut }]);
    else group.push({ text, cut });
  }
  const collapsed = new Map<string, string>();
  for (const group of groups.values()) divide(group, above, 0, collapsed);
  return collapsed;
}

interface Member {
  readonly text: string;
  readonly cut: Words;
}

/** Each level needs more than `above` shapes that differ in a further place: no corpus of messages has more. */
const DEEPEST = 16;

function divide(
  group: readonly Member[],
  above: number,
  depth: number,
  collapsed: Map<string, string>,
): void {
  // Fewer shapes have no more words.
  if (group.length <= above || depth > DEEPEST) return;
  const length = group[0]?.cut.words.length ?? 0;
  const few: number[] = [];
  const many = new Set<number>();
  for (let place = 0; place < length; place += 1) {
    const different = new Set(group.map(({ cut }) => cut.words[place])).size;
    if (different > above) many.add(place);
    else if (different > 1) few.push(place);
  }
  if (many.size === 0) return;
  if (few.length > 0) {
    const parts = Map.groupBy(group, ({ cut }) => few.map((place) => cut.words[place]).join(' '));
    for (const part of parts.values()) divide(part, above, depth + 1, collapsed);
    return;
  }
  for (const { text, cut } of group) {
    const words = cut.words.map((word, place) => (many.has(place) ? VARIES : word));
    if (words.some((word) => LETTER.test(word))) collapsed.set(text, shapeWith(cut, words));
  }
}

const LETTER = /\p{L}/u;
