/**
 * Swift's order of names: that of their bytes in UTF-8, which is that of their code points, and not quite that of JavaScript, where
 * a character beyond U+FFFF comes before those from U+E000 on.
 */
export function compareNames(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index += 1) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Halves of surrogate pairs come last. */
const rank = (unit: number): number =>
  unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;

/**
 * The path below an account as the routes have it: a container, and a name of one segment, whatever slashes it has. A slash behind
 * a container means nothing.
 */
export function objectPath(path: string): string {
  const slash = path.indexOf('/');
  if (slash === -1) return decodable(path);
  const [container, name] = [path.slice(0, slash), path.slice(slash + 1)];
  return name === '' ? decodable(container) : `${decodable(container)}/${decodable(name)}`;
}

/** Text that can be decoded: a percent sign that encodes nothing is one, and no UTF-8 is a NUL, which the service refuses as well. */
function decodable(text: string): string {
  const encoded = text.replaceAll(/%(?![0-9a-f]{2})/gi, '%25').replaceAll('/', '%2F');
  try {
    decodeURIComponent(encoded);
    return encoded;
  } catch {
    return '%00';
  }
}
