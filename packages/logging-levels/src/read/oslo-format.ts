import { InputError, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { datePattern } from './date-format.ts';
import { type FormatPart, partsOf } from './format-string.ts';
import { literal } from './literal.ts';
import { stripColour } from '../strip-colour.ts';

/** Options of a service's configuration, each by what it formats. What is left out is oslo.log's default. */
export interface OsloFormatOptions {
  /** `logging_context_format_string` */
  readonly context?: string | undefined;
  /** `logging_default_format_string`: of messages without a request. */
  readonly withoutContext?: string | undefined;
  /** `logging_exception_prefix` */
  readonly exceptionPrefix?: string | undefined;
  /** `logging_user_identity_format` */
  readonly userIdentity?: string | undefined;
  /** `instance_format` and `instance_uuid_format` */
  readonly instance?: string | undefined;
  /** `log_date_format` */
  readonly date?: string | undefined;
}

const aFormat = z.string().min(1).max(4096).optional();
/** Schema of an option that is the formats of a service. */
export const anOsloFormat = optionsSchema<OsloFormatOptions>({
  context: aFormat,
  withoutContext: aFormat,
  exceptionPrefix: aFormat,
  userIdentity: aFormat,
  instance: aFormat,
  date: aFormat,
});

/** Defaults of oslo.log since 4.8 (`oslo_log/_options.py`). */
const DEFAULTS = {
  context:
    '%(asctime)s.%(msecs)03d %(process)d %(levelname)s %(name)s [%(global_request_id)s %(request_id)s %(user_identity)s] %(instance)s%(message)s',
  withoutContext: '%(asctime)s.%(msecs)03d %(process)d %(levelname)s %(name)s [-] %(instance)s%(message)s',
  exceptionPrefix: '%(asctime)s.%(msecs)03d %(process)d ERROR %(name)s %(instance)s',
  userIdentity: '%(user)s %(project)s %(domain)s %(system_scope)s %(user_domain)s %(project_domain)s',
  instance: '[instance: %(uuid)s] ',
  date: '%Y-%m-%d %H:%M:%S',
} as const satisfies Required<{ [name in keyof OsloFormatOptions]: string }>;

/** A line of a format, taken apart: the fields by their names in the format. */
export interface OsloLine {
  /** Whether it is a line of a traceback, by its prefix. */
  readonly isTraceback: boolean;
  readonly fields: Readonly<Record<string, string>>;
  /** What stands behind the last field: of a traceback the line of it. */
  readonly message: string;
}

/** What reads the lines of a service, as it is configured. */
export interface OsloFormat {
  /** `undefined`: no line of this format; it may be a further line of the message before it. */
  readonly parse: (line: string) => OsloLine | undefined;
}

/**
 * A reader for the formats of one service.
 *
 * A field ends where the text behind it in the format begins; so that each line is read from left to right, once. What the message
 * holds is nobody's field, whatever it looks like. Colours are taken out of formats and lines alike.
 *
 * @throws InputError for a format whose fields cannot be told apart, with the reason: two of them without a text between, a
 * message that is not the last, a field that may hold the text behind it
 * @example
 * const format = osloFormat({ context: '%(asctime)s %(levelname)s [%(request_id)s] %(message)s', withoutContext: '%(asctime)s %(levelname)s %(message)s' });
 * format.parse('2026-11-23 03:13:00 INFO [req-1] done')?.fields.request_id; // 'req-1'
 */
export function osloFormat(options: OsloFormatOptions = {}): OsloFormat {
  parseArguments('osloFormat', anOsloFormat, options);
  const given = { ...DEFAULTS, ...Object.fromEntries(Object.entries(options).filter(([, text]) => text)) };
  const compiled = (option: 'context' | 'withoutContext' | 'exceptionPrefix'): RegExp =>
    new LineCompiler(option, given).pattern();
  const [exception, context, plain] = [
    compiled('exceptionPrefix'),
    compiled('context'),
    compiled('withoutContext'),
  ];
  // A prefix of a traceback is the beginning of a message without a context in many formats: the more exact one comes first.
  return {
    parse(coloured) {
      const line = stripColour(coloured);
      for (const pattern of [context, plain, exception]) {
        const match = pattern.exec(line);
        if (match === null) continue;
        const { message = '', ...fields } = match.groups ?? {};
        return { isTraceback: pattern === exception, fields, message };
      }
      return undefined;
    },
  };
}

type Formats = { readonly [name in keyof typeof DEFAULTS]: string };

/** Fields whose letters are known, so that they end by themselves. */
const KNOWN: Readonly<Record<string, { readonly pattern: string; readonly letters: RegExp }>> = {
  msecs: { pattern: String.raw`\d{1,3}`, letters: /\d/ },
  process: { pattern: String.raw`\d{1,10}`, letters: /\d/ },
  thread: { pattern: String.raw`\d{1,20}`, letters: /\d/ },
  levelno: { pattern: String.raw`\d{1,3}`, letters: /\d/ },
  lineno: { pattern: String.raw`\d{1,7}`, letters: /\d/ },
  created: { pattern: String.raw`\d{1,12}(?:\.\d{1,9})?`, letters: /[\d.]/ },
  relativeCreated: { pattern: String.raw`\d{1,12}(?:\.\d{1,9})?`, letters: /[\d.]/ },
  levelname: { pattern: '[A-Z]{2,10}', letters: /[A-Z]/ },
  name: { pattern: String.raw`[\w.$-]{1,255}`, letters: /[\w.$-]/ },
  funcName: { pattern: String.raw`[\w<>]{1,255}`, letters: /[\w<>]/ },
  module: { pattern: String.raw`\w{1,255}`, letters: /\w/ },
  // A message without a request has another format, so that one is always there; a global one is not (`oslo_context/context.py`).
  request_id: { pattern: String.raw`req-[\w-]{1,64}`, letters: /[\w-]/ },
  global_request_id: { pattern: String.raw`(?:req-[\w-]{1,64}|None|-)?`, letters: /[\w-]/ },
  uuid: { pattern: '[0-9a-fA-F-]{32,36}', letters: /[0-9a-fA-F-]/ },
  isotime: { pattern: String.raw`\d{4}-\d\d-\d\dT[\d:.]{8,15}(?:Z|[+-]\d\d:\d\d)`, letters: /[\d:.+Z-]/ },
};

/** What may be there or not: `[volume-6f3a…] ` (`oslo_log/log.py`, `KeywordArgumentAdapter`). */
const RESOURCE = String.raw`(?:\[[a-z]\w{0,63}-[^\]\n]{1,255}\] )?`;

/** Makes the pattern of one format. */
class LineCompiler {
  readonly #option: string;
  readonly #formats: Formats;
  readonly #parts: readonly FormatPart[];
  readonly #named = new Set<string>();

  constructor(option: keyof Formats, formats: Formats) {
    this.#option = option;
    this.#formats = formats;
    this.#parts = partsOf(option, stripColour(formats[option])).flatMap((part) => {
      if (!('field' in part)) return [part];
      if (part.field === 'user_identity') return partsOf('userIdentity', formats.userIdentity);
      return part.field === 'color' ? [] : [part];
    });
  }

  pattern(): RegExp {
    const isPrefix = this.#option === 'exceptionPrefix';
    const last = this.#parts.at(-1);
    if (!isPrefix && !(last !== undefined && 'field' in last && last.field === 'message'))
      this.#refuse('the message is not its last field: where it ends is not known');
    const source = this.#parts.map((part, index) => this.#piece(part, index)).join('');
    return new RegExp(`^${source}${isPrefix ? '(?<message>.*)' : ''}$`, 's');
  }

  #piece(part: FormatPart, index: number): string {
    if ('text' in part) return literal(part.text);
    const { field, aligned } = part;
    const pattern = this.#patternOf(field, index);
    const group = this.#named.has(field) ? `(?:${pattern})` : `(?<${field}>${pattern})`;
    this.#named.add(field);
    return `${aligned === 'right' ? ' *' : ''}${group}${aligned === 'left' ? ' *' : ''}`;
  }

  #patternOf(field: string, index: number): string {
    switch (field) {
      case 'message':
        return '.*';
      case 'asctime':
        return datePattern(this.#formats.date);
      case 'instance':
        return this.#instance();
      case 'resource':
        return RESOURCE;
    }
    const known = KNOWN[field];
    if (index === this.#parts.length - 1) return known?.pattern ?? '.*';
    const ends = this.#ends(field, index);
    // A bracket ends it as well: what a message holds must not be taken for the fields of another format.
    if (known === undefined) return `[^${ends.map((end) => literal(end)).join('')}\\[\\]\\n]{0,255}`;
    for (const end of ends)
      if (known.letters.test(end)) this.#refuse(`%(${field})s may hold the "${end}" that stands behind it`);
    return known.pattern;
  }

  /** The letters with which what stands behind a field may begin. */
  #ends(field: string, index: number): string[] {
    const ends: string[] = [];
    for (const part of this.#parts.slice(index + 1)) {
      if ('text' in part) return [...ends, part.text[0] ?? ''];
      const start = part.field === 'instance' ? this.#formats.instance[0] : STARTS[part.field];
      if (start === undefined) this.#refuse(`nothing stands between %(${field})s and %(${part.field})s`);
      else ends.push(start);
    }
    return ends;
  }

  #instance(): string {
    const parts = partsOf('instance', this.#formats.instance);
    const [first] = parts;
    if (first === undefined || !('text' in first))
      return this.#refuse('an instance does not begin with a text of its own');
    const pieces = parts.map((part) =>
      'text' in part ? literal(part.text) : (KNOWN[part.field]?.pattern ?? String.raw`[^\]\s]{0,255}`),
    );
    return `(?:${pieces.join('')})?`;
  }

  #refuse(why: string): never {
    throw new InputError(`osloFormat: ${this.#option}: ${why}`, {
      field: this.#option,
      operation: 'osloFormat',
      remedy: 'Separate its fields by spaces or brackets, or use the JSON formatter (`use_json`).',
    });
  }
}

/** Fields that may be empty, and the letter with which they begin otherwise. */
const STARTS: Readonly<Record<string, string>> = { resource: '[' };
