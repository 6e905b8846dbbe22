/** The names of loggers as text, made once each: a log of a million lines has some hundred. */
export class LoggerNames {
  readonly #byHash = new Map<number, string>();

  of(bytes: Buffer, start: number, end: number): string {
    let hash = end - start;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash, 31) ^ (bytes[at] ?? 0);
    const known = this.#byHash.get(hash);
    if (known !== undefined && isAt(known, bytes, start, end)) return known;
    const name = bytes.toString('latin1', start, end);
    // A service that makes names up, or another one of the same hash.
    if (this.#byHash.size < MOST_NAMES) this.#byHash.set(hash, name);
    return name;
  }
}

const MOST_NAMES = 10_000;

function isAt(name: string, bytes: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let index = 0; index < name.length; index += 1)
    if (name.charCodeAt(index) !== bytes[start + index]) return false;
  return true;
}
