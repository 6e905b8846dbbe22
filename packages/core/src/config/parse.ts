import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { ConfigError } from '../errors/errors.ts';
import { complaint, type Located, mapOf, type Origin } from './located.ts';
import { hidden } from './secret-keys.ts';
import { faultIn } from './yaml-fault.ts';

/** More values than any real file has; aliases can make one of a few lines expand to billions. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 100;

/**
 * Reads one section (`clouds`, `public-clouds`) of a file; JSON is read as the YAML that it is.
 *
 * Below the names of the clouds, `-` in keys becomes `_`, as openstacksdk does.
 *
 * @returns `undefined` if the file is empty or has no such section.
 * @throws ConfigError with line and key if it is malformed, or gives a key twice.
 */
export function parseSection(file: string, content: string, section: string): Located | undefined {
  const lines = new LineCounter();
  const document = parseOrThrow(file, content, lines);
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return undefined;
  const reader = new Reader(file, document, lines);
  if (!isMap(root))
    throw complaint(reader.origin(root, []), 'must be a mapping', `Begin it with \`${section}:\`.`);
  const found = root.items.filter((pair) => isScalar(pair.key) && pair.key.source === section);
  const [pair, second] = found;
  if (second !== undefined) throw complaint(reader.origin(second.key as Node, [section]), 'is given twice');
  return pair === undefined ? undefined : reader.read(pair.value as Node | null, [section], pair.key as Node);
}

function parseOrThrow(file: string, content: string, lines: LineCounter): Document {
  let document: Document;
  try {
    document = parseDocument(content, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      merge: true,
    });
  } catch {
    // Nesting deeper than the stack.
    throw new ConfigError(`${file}: cannot be read as YAML`, { file });
  }
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault === undefined) return document;
  const { line } = lines.linePos(fault.pos[0]);
  // The parser's own message may quote the line, and with it a password: neither it nor the error is passed on.
  throw new ConfigError(`${file}:${line}: ${faultIn(fault.code)}`, { file, line });
}

class Reader {
  readonly #file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  #values = 0;
  #depth = 0;

  constructor(file: string, document: Document, lines: LineCounter) {
    this.#file = file;
    this.#document = document;
    this.#lines = lines;
  }

  origin(node: Node | null, path: readonly string[]): Origin {
    const offset = node?.range?.[0];
    const line = offset === undefined ? undefined : this.#lines.linePos(offset).line;
    return { file: this.#file, line, key: path.join('.') };
  }

  /** `at` is the key's node: it has the line of a value that is not there. */
  read(node: Node | null, path: readonly string[], at: Node): Located {
    const origin = this.origin(node?.range == null ? at : node, path);
    this.#values += 1;
    if (this.#values > MAX_VALUES)
      throw complaint(origin, 'expands to too many values', 'Look for aliases of aliases.');
    if (this.#depth >= MAX_DEPTH)
      throw complaint(origin, 'is nested too deep', 'Look for an alias of what it lies in.');
    this.#depth += 1;
    try {
      return this.#value(node, path, at, origin);
    } finally {
      this.#depth -= 1;
    }
  }

  #value(node: Node | null, path: readonly string[], at: Node, origin: Origin): Located {
    if (isAlias(node)) return this.read(this.#target(node, origin), path, at);
    if (isMap(node)) return mapOf(this.#pairs(node, path), this.origin(at, path));
    if (isSeq(node)) {
      const items = node.items as (Node | null)[];
      return {
        kind: 'list',
        items: items.map((item, index) => this.read(item, [...path, String(index)], item ?? at)),
        origin,
      };
    }
    return { kind: 'text', value: this.#text(node, path), origin };
  }

  #text(node: Node | null, path: readonly string[]): ReturnType<typeof hidden> | null {
    if (!isScalar(node)) return null;
    const source = node.source ?? '';
    const isPlain = node.type === 'PLAIN' || node.type === undefined;
    if (isPlain && node.tag === undefined && node.value === null) return null;
    return path.length > 2 ? hidden(normalised(path.at(-1) ?? ''), source) : source;
  }

  #target(node: Node, origin: Origin): Node {
    const target = isAlias(node) ? node.resolve(this.#document) : undefined;
    if (target === undefined) throw complaint(origin, 'is an alias of an anchor that is not there');
    return target;
  }

  /** Own keys win over merged ones (`<<`), and of several merged mappings the first wins. */
  #pairs(node: Node, path: readonly string[]): Map<string, Located> {
    const own = new Map<string, Located>();
    const merged = new Map<string, Located>();
    if (!isMap(node)) return own;
    for (const pair of node.items) {
      const key = pair.key as Node;
      const value = pair.value as Node | null;
      if (!isScalar(key)) throw complaint(this.origin(key, path), 'has a key that is not text');
      const written = key.source ?? '';
      const below = [...path, written];
      if (written === '<<' && key.type === 'PLAIN') {
        for (const [name, inherited] of this.#inherited(value, path, key))
          if (!merged.has(name)) merged.set(name, inherited);
        continue;
      }
      const name = path.length >= 2 ? normalised(written) : written;
      if (own.has(name)) throw complaint(this.origin(key, below), 'is given twice', 'Keep one of them.');
      own.set(name, this.read(value, below, key));
    }
    return new Map([...merged, ...own]);
  }

  #inherited(value: Node | null, path: readonly string[], at: Node): [string, Located][] {
    const origin = this.origin(at, [...path, '<<']);
    const node = isAlias(value) ? this.#target(value, origin) : value;
    if (isSeq(node)) return (node.items as Node[]).flatMap((item) => this.#inherited(item, path, at));
    const map = this.read(node, path, at);
    if (map.kind !== 'map') throw complaint(origin, 'must name a mapping');
    return [...map.entries];
  }
}

const normalised = (key: string): string => key.replaceAll('-', '_');
