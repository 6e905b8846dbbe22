/** The ports of `80`, of `80:90`, or all. `undefined` if the text says neither. */
export function portSpan(text: string | null): { readonly first: number; readonly last: number } | undefined {
  if (text === null) return { first: 0, last: LAST };
  const [first, last = first] = text.split(':').map(Number);
  if (first === undefined || last === undefined || !/^\d+(?::\d+)?$/.test(text)) return undefined;
  // Nobody serves on port 0: from 1 on is all.
  return first > last || last > LAST ? undefined : { first: first <= 1 ? 0 : first, last };
}

const LAST = 65_535;
