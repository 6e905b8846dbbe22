/** What a text must have to fit a template with `*` where it varies: the parts between. */
export type Wildcard = readonly string[];

export const wildcard = (template: string): Wildcard => template.split('*');

/**
 * Tells whether a text fits, from its beginning to its end. Each part is looked for once, from where the one before it ended, so
 * that the time grows with the length of the text and no faster.
 *
 * @param ending - what may follow, from its own beginning on
 */
export function fits(parts: Wildcard, text: string, ending?: string): boolean {
  const [first = '', ...rest] = parts;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  const last = rest.pop();
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  if (last === undefined) return isEnd(text, at, ending);
  if (last === '' || (text.length - last.length >= at && text.endsWith(last))) return true;
  return ending !== undefined && text.includes(last + ending, at);
}

const isEnd = (text: string, at: number, ending: string | undefined): boolean =>
  at === text.length || (ending !== undefined && text.startsWith(ending, at));
