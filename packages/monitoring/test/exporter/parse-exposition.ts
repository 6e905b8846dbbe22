/**
 * A strict reader of both formats, written from their specifications and not from the writer: it throws for all that makes
 * Prometheus refuse a scrape, and for what it passes over without a word (interleaved groups, a series twice).
 */
export interface ParsedFamily {
  readonly type: string;
  readonly help: string;
  readonly unit: string | undefined;
  readonly samples: readonly ParsedSample[];
}

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export type ParsedFormat = 'prometheus' | 'openmetrics';

export function parseExposition(
  body: string | Uint8Array,
  format: ParsedFormat,
): ReadonlyMap<string, ParsedFamily> {
  const text =
    typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const lines = text.slice(0, -1).split('\n');
  if (format === 'openmetrics' && lines.pop() !== '# EOF') throw new Error('there is no # EOF at the end');
  const reader = new Reader(format);
  lines.forEach((line, index) => {
    try {
      reader.take(line);
    } catch (error) {
      throw new Error(`line ${index + 1}: ${(error as Error).message}: ${line}`, { cause: error });
    }
  });
  return reader.families;
}

interface Open {
  name: string;
  type: string | undefined;
  help: string | undefined;
  unit: string | undefined;
  samples: ParsedSample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const META = new RegExp(`^# (TYPE|HELP|UNIT) (${NAME})(?: (.*))?$`, 's');
const SAMPLE = new RegExp(`^(${NAME})(\\{.*\\})? (\\S+)$`, 's');
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(,|$)/sy;

class Reader {
  readonly families = new Map<string, Open & ParsedFamily>();
  readonly #format: ParsedFormat;
  readonly #seen = new Set<string>();
  #open: (Open & ParsedFamily) | undefined;

  constructor(format: ParsedFormat) {
    this.#format = format;
  }

  take(line: string): void {
    const [, keyword, name = '', rest = ''] = META.exec(line) ?? [];
    if (keyword !== undefined) return this.#describe(keyword, name, rest);
    if (line === '' && this.#format === 'prometheus') return;
    if (line.startsWith('#')) throw new Error('a comment');
    this.#sample(line);
  }

  #describe(keyword: string, name: string, rest: string): void {
    const family = this.#familyOf(name);
    if (family.samples.length > 0) throw new Error(`${keyword} behind samples`);
    const field = keyword.toLowerCase() as 'type' | 'help' | 'unit';
    if (family[field] !== undefined && family[field] !== '') throw new Error(`${keyword} twice`);
    if (keyword === 'TYPE' && !['gauge', 'counter', 'histogram', 'summary', 'unknown'].includes(rest))
      throw new Error('no type');
    if (keyword === 'UNIT' && (this.#format === 'prometheus' || !name.endsWith(`_${rest}`)))
      throw new Error('a unit that is not the end of the name');
    (family as unknown as Record<string, string>)[field] =
      keyword === 'HELP' ? unescaped(rest, this.#format === 'openmetrics') : rest;
  }

  #familyOf(name: string): Open & ParsedFamily {
    if (this.#open?.name === name) return this.#open;
    if (this.families.has(name)) throw new Error(`the group ${name} begins again`);
    this.#open = {
      name,
      type: undefined,
      help: undefined,
      unit: undefined,
      samples: [],
    } as unknown as Open & ParsedFamily;
    this.families.set(name, this.#open);
    return this.#open;
  }

  #sample(line: string): void {
    const [, name, braces, value = ''] = SAMPLE.exec(line) ?? [];
    if (name === undefined) throw new Error('no sample');
    const family = this.#open;
    if (family === undefined || family.type === undefined || family.help === undefined)
      throw new Error('a sample without type and help before it');
    const suffixes: readonly string[] =
      family.type === 'counter' && this.#format === 'openmetrics'
        ? ['_total']
        : family.type === 'histogram'
          ? ['_bucket', '_sum', '_count']
          : [''];
    if (!suffixes.some((suffix) => name === family.name + suffix))
      throw new Error('a sample of another group');
    const labels = braces === undefined ? {} : labelsOf(braces.slice(1, -1));
    const key = `${name}${JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;
    if (this.#seen.has(key)) throw new Error('a series twice');
    this.#seen.add(key);
    (family.samples as ParsedSample[]).push({ name, labels, value: numberOf(value) });
  }
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let at = 0;
  while (at < text.length) {
    LABEL.lastIndex = at;
    const [whole, name, value = ''] = LABEL.exec(text) ?? [];
    if (whole === undefined || name === undefined) throw new Error('no label');
    if (Object.hasOwn(labels, name)) throw new Error(`the label ${name} twice`);
    labels[name] = unescaped(value, true);
    at += whole.length;
  }
  return labels;
}

function unescaped(text: string, quotes: boolean): string {
  if (quotes && /(?<!\\)(?:\\\\)*"/.test(text)) throw new Error('a quote without escape');
  return text.replaceAll(/\\(.?)/gs, (_, escaped: string) => {
    if (escaped === 'n') return '\n';
    if (escaped === '\\' || (quotes && escaped === '"')) return escaped;
    throw new Error(`the escape \\${escaped}`);
  });
}

function numberOf(text: string): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  if (text === 'NaN') return Number.NaN;
  if (!/^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/.test(text)) throw new Error(`the number ${text}`);
  return Number(text);
}
