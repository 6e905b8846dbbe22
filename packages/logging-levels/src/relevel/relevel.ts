import { type Evidence, optionsSchema, parseArguments } from '@groundcrew/ground';
import { appliesTo } from '../catalogue/applies.ts';
import { entryOf } from '../catalogue/entry-of.ts';
import { catalogueUrl } from '../catalogue/url.ts';
import { offenceOfTraceback } from '../judge.ts';
import type { Level } from '../level.ts';
import { type LogRecord, STDERR } from '../parse.ts';
import { aRelease } from '../release.ts';
import { rules } from '../rules.ts';

export interface RelevelOptions {
  /**
   * The release of the services, `zed` or `2025.1`: entries of the catalogue that its source does not have are left out.
   *
   * @default any release that was looked at
   */
  readonly release?: string | undefined;
}

/** The level that a message should have. */
export interface Relevelled {
  readonly level: Level;
  /** The level at which it was logged. */
  readonly was: Level;
  /** The reasons for another level; none if it is right, or nothing is known of it. */
  readonly because: readonly Evidence[];
}

/** A record with the level that it should have. */
export interface RelevelledRecord extends LogRecord, Relevelled {}

const relevelOptions = optionsSchema<RelevelOptions>({ release: aRelease.optional() });

/**
 * The level that a message should have, by the catalogue and by the rules that its own text makes sure. What is only likely changes
 * nothing: a rule that makes a fault quieter must be sure.
 *
 * @throws InputError for a release that is none
 * @example relevel(record, { release: 'zed' }) // { level: 'warning', was: 'error', because: [...] }
 */
export function relevel(record: LogRecord, options: RelevelOptions = {}): Relevelled {
  parseArguments('logging-levels.relevel', relevelOptions, options);
  return levelled(record, options.release);
}

/**
 * The records of a stream with the levels that they should have, one by one and in their order.
 *
 * @throws InputError for a release that is none
 * @example for await (const { level, was, message } of relevelled(records)) if (level !== was) console.log(was, level, message);
 */
export function relevelled(
  records: AsyncIterable<LogRecord> | Iterable<LogRecord>,
  options: RelevelOptions = {},
): AsyncGenerator<RelevelledRecord, void, undefined> {
  parseArguments('logging-levels.relevelled', relevelOptions, options);
  return each(records, options.release);
}

async function* each(
  records: AsyncIterable<LogRecord> | Iterable<LogRecord>,
  release: string | undefined,
): AsyncGenerator<RelevelledRecord, void, undefined> {
  for await (const record of records) yield { ...record, ...levelled(record, release) };
}

/** As `relevel`, of options that were looked at. */
export function levelled(record: LogRecord, release: string | undefined): Relevelled {
  const was = record.level;
  // Nobody chose a level for what came past the logging.
  if (record.logger === STDERR) return { level: was, was, because: [] };
  const entry = entryOf(record);
  if (entry !== undefined && appliesTo(entry, release)) {
    const { because, source } = rules[entry.rule];
    return {
      level: entry.should,
      was,
      because: [
        { statement: because, source: source.name },
        { statement: entry.why, source: catalogueUrl(entry.source) },
      ],
    };
  }
  const offence = offenceOfTraceback(record);
  if (offence?.certainty !== 'sure' || offence.wanted === undefined) return { level: was, was, because: [] };
  const { because, source } = rules[offence.rule];
  return { level: offence.wanted, was, because: [{ statement: because, source: source.name }] };
}
