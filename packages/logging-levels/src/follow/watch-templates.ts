import { Emitter, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { levelNumber } from '../level-schemes.ts';
import { type Level, levels } from '../level.ts';
import type { LogRecord } from '../parse.ts';
import { Templates } from '../templates/store.ts';
import type { Template } from '../templates/template-id.ts';

export interface TemplateWatchOptions {
  /** Whatever was said before: of these templates nothing is told. @default none: everything is new once */
  readonly known?: Templates | undefined;
  /** The least level that is looked at. @default 'warning' */
  readonly atLeast?: Level | undefined;
}

/** A message of a kind that was not there before, and its first record. */
export interface TemplateFound {
  readonly template: Template;
  readonly record: LogRecord;
}

export interface TemplateWatchEvents {
  found: [TemplateFound];
  /** So many kinds were found that no more are told. */
  overflow: [];
}

/** Tells of each new kind of message once, while it happens. */
export interface TemplateWatch extends Emitter<TemplateWatchEvents> {
  /** What was counted at this level and above, for `whatIsNew`. */
  readonly templates: Templates;
  /** Settles when the records end, and rejects with what they throw. */
  readonly done: Promise<void>;
}

const watchOptions = optionsSchema<TemplateWatchOptions>({
  known: z.instanceof(Templates).optional(),
  atLeast: z.enum(Object.keys(levels) as [Level, ...Level[]]).optional(),
});

/**
 * Watches messages for kinds that are new: at a level and above, each told once. It begins at once; listeners that are added in the
 * same turn miss nothing.
 *
 * @throws InputError for an option that is not known
 * @example
 * const watch = watchTemplates(followLogs('/var/log/nova', { signal }), { known: before, atLeast: 'error' });
 * watch.on('found', ({ template, record }) => console.log(record.at, template.id, template.text));
 * await watch.done;
 */
export function watchTemplates(
  records: AsyncIterable<LogRecord>,
  options: TemplateWatchOptions = {},
): TemplateWatch {
  parseArguments('logging-levels.watchTemplates', watchOptions, options);
  return new Watch(records, options);
}

/** Kinds that are told: what finds more has no kinds. */
const MOST_FOUND = 20_000;

class Watch extends Emitter<TemplateWatchEvents> implements TemplateWatch {
  readonly templates: Templates;
  readonly done: Promise<void>;
  readonly #seen = new Set<string>();
  readonly #least: number;
  #found = 0;

  constructor(records: AsyncIterable<LogRecord>, { known, atLeast = 'warning' }: TemplateWatchOptions) {
    super();
    const before = known?.counts({ collapseAbove: false }) ?? [];
    for (const { template } of before) this.#seen.add(template.id);
    this.templates = new Templates({ known: before.map(({ template }) => template) });
    this.#least = levelNumber(atLeast, 'python');
    this.done = this.#watch(records);
    // Whoever does not wait for the end hears of a failure all the same when it does.
    this.done.catch(() => {});
  }

  async #watch(records: AsyncIterable<LogRecord>): Promise<void> {
    for await (const record of records) {
      if (levelNumber(record.level, 'python') < this.#least) continue;
      const template = this.templates.add(record);
      if (this.#seen.has(template.id) || this.#found >= MOST_FOUND) continue;
      this.#seen.add(template.id);
      this.#found += 1;
      this.emit('found', { template, record });
      if (this.#found === MOST_FOUND) this.emit('overflow');
    }
  }
}
