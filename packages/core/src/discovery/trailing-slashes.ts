/** A URL or path without the slashes at its end. By a pattern (`/\/+$/`) a link of a megabyte of slashes takes minutes. */
export function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}
