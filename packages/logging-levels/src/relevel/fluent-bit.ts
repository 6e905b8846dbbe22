import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { Level } from '../level.ts';
import type { QuietFilter } from './quiet-filters.ts';

export interface FluentBitOptions {
  /** The tags of the records that are filtered. @default '*' */
  readonly match?: string | undefined;
  /** The field that has the whole line. @default 'log', as the `tail` input has it */
  readonly key?: string | undefined;
}

const aWord = z.string().regex(/^[\w.*$'[\]-]{1,200}$/, 'is no tag or field');
const fluentBitOptions = optionsSchema<FluentBitOptions>({ match: aWord.optional(), key: aWord.optional() });

/**
 * The `grep` filter of Fluent Bit that leaves these messages out, of lines in oslo.log's default format (docs.fluentbit.io,
 * pipeline/filters/grep: several `Exclude` are alternatives). A traceback has lines of its own: with the input's multiline parser
 * they belong to the message, without it they stay.
 *
 * @throws InputError for a tag or a field that is none
 * @example await writeFile('quiet.conf', fluentBitFilters(quietFilters({ keep: 'info', release: 'zed' })));
 */
export function fluentBitFilters(filters: readonly QuietFilter[], options: FluentBitOptions = {}): string {
  parseArguments('logging-levels.fluentBitFilters', fluentBitOptions, options);
  const { match = '*', key = 'log' } = options;
  if (filters.length === 0) return '';
  const excludes = filters.flatMap((filter) => [
    `    # ${filter.id}: ${filter.source}`,
    `    Exclude ${key} ${linePattern(filter)}`,
  ]);
  return ['[FILTER]', '    Name    grep', `    Match   ${match}`, ...excludes, ''].join('\n');
}

/** Of a whole line, from its beginning; what varies is bounded, so that no line takes long. */
export function linePattern({ level, logger, template, exception }: QuietFilter): string {
  const head = String.raw`^\d{4}-\d\d-\d\d[ T][\d:.,]{8,20} (?:\d{1,10} )?${NAME[level]} ${literal(logger)}(?: \[[^\]]{0,500}\])? (?:\[instance: [^\]]{0,64}\] {0,2})?`;
  const message = varied(template);
  const end = exception === undefined ? '(?:: .{0,4000})?' : `: ${varied(exception)}(?::.{0,4000})?`;
  return `${head}${message}${end}$`;
}

const varied = (template: string): string => template.split('*').map(literal).join('.{0,1000}');

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/** As oslo.log writes them. */
const NAME: Readonly<Record<Level, string>> = {
  critical: 'CRITICAL',
  error: 'ERROR',
  warning: 'WARNING',
  info: 'INFO',
  debug: 'DEBUG',
  trace: 'TRACE',
};
