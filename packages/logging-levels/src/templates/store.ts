import { randomBytes } from 'node:crypto';
import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { Level } from '../level.ts';
import type { LogRecord } from '../parse.ts';
import { collapseAbove, type CountOptions, countsOf, type TemplateCount } from './counts.ts';
import { KnownTexts } from './known.ts';
import { readSaved, type SavedTemplates } from './saved.ts';
import { ShapeScanner } from './shape.ts';
import { GrowingTally, type MessageTally } from './tally.ts';
import { type Template, templateId } from './template-id.ts';
import { shapeWithoutSecrets } from './without-secrets.ts';

export interface TemplatesOptions {
  /**
   * How many different templates are kept. Of more, those with the smallest ids are: they, and what is counted for them, are the same
   * in any order of records. @default 20_000
   */
  readonly most?: number | undefined;
  /**
   * Templates from before, shipped or saved. A message that fits one belongs to it, whatever else is in the logs, and these are
   * always kept. @default none
   */
  readonly known?: Iterable<Pick<Template, 'logger' | 'text'>> | undefined;
}

/** Where bytes of a message come from, for {@link Templates.addBytes}. */
export interface MessageOrigin {
  readonly logger: string;
  readonly level: Level;
  /** As written in the log. */
  readonly at?: string | undefined;
  /** In place of `at`: where it stands in the bytes, as ASCII. */
  readonly timeStart?: number | undefined;
  readonly timeEnd?: number | undefined;
  /** The length that is counted, for whoever has the whole record. @default that of the message */
  readonly bytes?: number | undefined;
}

const templatesOptions = optionsSchema<TemplatesOptions>({
  most: z.int().positive().max(1_000_000).optional(),
  known: z.custom<TemplatesOptions['known']>(isIterable, 'must be iterable').optional(),
});

/** Whatever else they have, as counts do, is passed over. */
const knownTemplates = z.object({ known: z.array(z.object({ logger: z.string(), text: z.string() })) });

/**
 * Counts messages by their template. A message whose shape was seen is found by a hash of it; memory is bounded by `most`, whatever
 * is in the logs. Secrets are in no template.
 *
 * @example
 * const templates = new Templates();
 * for (const record of records) templates.add(record);
 * templates.counts()[0]; // { template: { id: 'k3…', logger: 'nova.compute.manager', text: 'Took <*> seconds …' }, times: 91, … }
 */
export class Templates {
  readonly #most: number;
  readonly #known = new Map<string, KnownTexts>();
  readonly #byLogger = new Map<string, LoggerTemplates>();
  readonly #overflow = new GrowingTally();
  readonly #scanner = new ShapeScanner([randomBytes(4).readInt32LE(), randomBytes(4).readInt32LE()]);
  readonly #buffer = new Uint8Array(LONGEST);
  /** Templates beside those that are known, and shapes by which they are found. */
  #size = 0;
  #shapes = 0;
  /** The largest id that is kept, once there were more than `most`. */
  #largestId: string | undefined = undefined;
  /** The length in bytes of the message that was found last. */
  #length = 0;

  constructor(options: TemplatesOptions = {}) {
    parseArguments('Templates', templatesOptions, options);
    this.#most = options.most ?? 20_000;
    const { known } = parseArguments('Templates', knownTemplates, { known: [...(options.known ?? [])] });
    const byLogger = Map.groupBy(known, ({ logger }) => logger);
    for (const [logger, texts] of byLogger) {
      this.#known.set(logger, new KnownTexts(texts.map(({ text }) => text)));
      for (const { text } of texts) this.#put(logger, text, true);
    }
  }

  /**
   * The templates and counts that `toJSON` gave, so that ids and counts go on after a restart.
   *
   * @throws InputError naming the field that does not fit, also an id that is not that of its text
   */
  static from(json: unknown): Templates {
    const { most, largestId, overflow, templates } = readSaved(json);
    const made = new Templates({
      most,
      known: templates.filter(({ isKnown }) => isKnown).map(({ template }) => template),
    });
    for (const { template, isKnown, ...tally } of templates)
      made.#put(template.logger, template.text, isKnown).tally.add(tally);
    made.#overflow.add(overflow);
    made.#largestId = largestId;
    return made;
  }

  /** Records that were counted, those of templates that are not kept, too. */
  get records(): number {
    let records = this.#overflow.times;
    for (const { tally } of this.#entries()) records += tally.times;
    return records;
  }

  /** What was counted of templates that are not kept, since there were more than `most`. */
  get overflow(): MessageTally {
    this.#prune();
    return this.#overflow.values();
  }

  /** Templates of a larger id than this are not kept; `undefined` while all are. */
  get largestId(): string | undefined {
    this.#prune();
    return this.#largestId;
  }

  /** The template of a message, which is not counted. */
  of(record: Pick<LogRecord, 'logger' | 'message'>): Template {
    return this.#find(record.message, record.logger).template;
  }

  /** Counts a record, with its further lines; returns its template. */
  add(
    record: Pick<LogRecord, 'logger' | 'level' | 'message'> & Partial<Pick<LogRecord, 'at' | 'more'>>,
  ): Template {
    const entry = this.#find(record.message, record.logger);
    let bytes = this.#length;
    for (const line of record.more ?? []) bytes += Buffer.byteLength(line) + 1;
    return this.#count(entry, record.level, bytes, record.at);
  }

  /** As `of`, of bytes of UTF-8: no text is made of a message whose shape was seen. */
  lookUp(bytes: Uint8Array, from: number, to: number, logger: string): Template {
    return this.#lookUp(bytes, from, to, logger).template;
  }

  /** As `add`, of bytes of UTF-8. */
  addBytes(bytes: Uint8Array, from: number, to: number, origin: MessageOrigin): Template {
    return this.#countBytes(this.#lookUp(bytes, from, to, origin.logger), bytes, to - from, origin);
  }

  /**
   * As `addBytes`, of a message that comes again and again as the same string: it is found by that, and not scanned again.
   *
   * @param message - the text of these bytes
   */
  addAgain(message: string, bytes: Uint8Array, from: number, to: number, origin: MessageOrigin): Template {
    const said = this.#ofLogger(origin.logger).said;
    let entry = said.get(message);
    if (entry === undefined) {
      entry = this.#lookUp(bytes, from, to, origin.logger);
      // Nothing is lost with them but time.
      if (said.size >= MOST_SAID) said.clear();
      said.set(message, entry);
    }
    return this.#countBytes(entry, bytes, to - from, origin);
  }

  /**
   * What was counted, the most frequent first. Where more than fifty different words stand at one place of messages that are equal
   * otherwise, that place varies: `exact` has the ids of the templates that became one.
   *
   * @throws InputError for an option that is not known
   */
  counts(options: CountOptions = {}): TemplateCount[] {
    const above = collapseAbove('Templates.counts', options);
    this.#prune();
    return countsOf(
      [...this.#entries()].filter(({ tally }) => tally.times > 0),
      above,
    );
  }

  /** What `Templates.from` reads; the same for the same records in any order. */
  toJSON(): SavedTemplates {
    this.#prune();
    return {
      version: 1,
      most: this.#most,
      largestId: this.#largestId,
      overflow: this.#overflow.values(),
      templates: [...this.#entries()]
        .filter(({ isKnown, tally }) => isKnown || tally.times > 0)
        .map(({ template, isKnown, tally }) => ({ template, isKnown, ...tally.values() }))
        .toSorted((a, b) => (a.template.id < b.template.id ? -1 : 1)),
    };
  }

  #find(message: string, logger: string): Entry {
    const { read, written } = ENCODER.encodeInto(message, this.#buffer);
    this.#length = read === message.length ? written : Buffer.byteLength(message);
    return this.#lookUp(this.#buffer, 0, written, logger);
  }

  #lookUp(bytes: Uint8Array, from: number, to: number, logger: string): Entry {
    let end = to;
    if (to - from > LONGEST) {
      end = from + LONGEST;
      // As `encodeInto` does: no character is cut in two.
      while (end > from && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    }
    const scanner = this.#scanner;
    scanner.scan(bytes, from, end);
    const { high, low } = scanner;
    const shapes = this.#byLogger.get(logger)?.shapes;
    for (let shape = shapes?.get(low); shape !== undefined; shape = shape.next)
      if (shape.high === high) return shape.entry;
    const entry = this.#ofText(logger, shapeWithoutSecrets(scanner, bytes, from, end));
    if (this.#shapes >= SHAPES_PER_TEMPLATE * this.#most) this.#forgetShapes();
    const found = this.#ofLogger(logger).shapes;
    found.set(low, { high, entry, next: found.get(low) });
    this.#shapes += 1;
    return entry;
  }

  #ofText(logger: string, shape: string): Entry {
    const text = this.#known.get(logger)?.find(shape) ?? shape;
    const there = this.#byLogger.get(logger)?.texts.get(text);
    if (there !== undefined) return there;
    if (this.#size >= 2 * this.#most) this.#prune();
    return this.#put(logger, text, false);
  }

  #put(logger: string, text: string, isKnown: boolean): Entry {
    const { texts } = this.#ofLogger(logger);
    const there = texts.get(text);
    if (there !== undefined) return there;
    const template = { id: templateId(logger, text), logger, text };
    const entry: Entry = { template, isKnown, tally: new GrowingTally() };
    // It is not kept: what is counted of it is overflow.
    if (!isKnown && this.#largestId !== undefined && template.id > this.#largestId)
      return { template, isKnown, tally: this.#overflow };
    texts.set(text, entry);
    if (!isKnown) this.#size += 1;
    return entry;
  }

  #count(entry: Entry, level: Level, bytes: number, at: string | undefined): Template {
    entry.tally.count(level, bytes, at);
    return entry.template;
  }

  #countBytes(entry: Entry, bytes: Uint8Array, length: number, origin: MessageOrigin): Template {
    const { level, timeStart, timeEnd } = origin;
    if (timeStart === undefined || timeEnd === undefined)
      return this.#count(entry, level, origin.bytes ?? length, origin.at);
    entry.tally.countAt(level, origin.bytes ?? length, bytes, timeStart, timeEnd);
    return entry.template;
  }

  #ofLogger(logger: string): LoggerTemplates {
    let found = this.#byLogger.get(logger);
    if (found === undefined) {
      found = { texts: new Map(), shapes: new Map(), said: new Map() };
      this.#byLogger.set(logger, found);
    }
    return found;
  }

  *#entries(): Generator<Entry> {
    for (const { texts } of this.#byLogger.values()) yield* texts.values();
  }

  /**
   * Keeps the templates with the smallest ids. What is kept after all records are the smallest of all: none of these was ever left
   * out, and none of the others ever came back, so that the order of records makes no difference.
   */
  #prune(): void {
    if (this.#size <= this.#most) return;
    const ours = [...this.#entries()].filter(({ isKnown }) => !isKnown);
    const counted = ours.filter(({ tally }) => tally.times > 0);
    counted.sort((a, b) => (a.template.id < b.template.id ? -1 : 1));
    const kept = new Set(counted.slice(0, this.#most));
    if (counted.length > this.#most) this.#largestId = counted[this.#most - 1]?.template.id;
    for (const entry of ours) {
      if (kept.has(entry)) continue;
      this.#overflow.add(entry.tally);
      this.#byLogger.get(entry.template.logger)?.texts.delete(entry.template.text);
    }
    this.#size = kept.size;
    this.#forgetShapes();
  }

  /** Shapes are found again by their text. */
  #forgetShapes(): void {
    for (const [logger, { texts, shapes, said }] of this.#byLogger) {
      shapes.clear();
      said.clear();
      if (texts.size === 0) this.#byLogger.delete(logger);
    }
    this.#shapes = 0;
  }
}

interface Entry {
  readonly template: Template;
  readonly isKnown: boolean;
  readonly tally: GrowingTally;
}

interface LoggerTemplates {
  readonly texts: Map<string, Entry>;
  /** By one half of the hash. */
  readonly shapes: Map<number, Shape>;
  /** By the message, word for word. */
  readonly said: Map<string, Entry>;
}

interface Shape {
  readonly high: number;
  readonly entry: Entry;
  readonly next: Shape | undefined;
}

const ENCODER = new TextEncoder();
/** Bytes of a message that are looked at: what is longer has the template of its beginning. */
const LONGEST = 65_536;
/** Bytes that are no UTF-8, and secrets, make several shapes of one template. */
const SHAPES_PER_TEMPLATE = 4;
const MOST_SAID = 1_000;

function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
