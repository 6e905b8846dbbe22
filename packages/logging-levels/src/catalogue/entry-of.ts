import { exceptionOf } from '../exception-of.ts';
import type { Level } from '../level.ts';
import type { LogRecord } from '../parse.ts';
import { messageCatalogue } from './all.ts';
import type { CatalogueEntry } from './entry.ts';
import { fits, type Wildcard, wildcard } from './wildcard.ts';

interface Compiled {
  readonly entry: CatalogueEntry;
  readonly message: Wildcard;
  readonly exception: Wildcard | undefined;
}

const BY_LOGGER: ReadonlyMap<string, readonly Compiled[]> = Map.groupBy(
  messageCatalogue.map((entry) => ({
    entry,
    message: wildcard(entry.template),
    exception: entry.exception === undefined ? undefined : wildcard(entry.exception),
  })),
  ({ entry }) => entry.logger,
);

const AT_INFO: ReadonlySet<string> = new Set(
  messageCatalogue.filter(({ from }) => from === 'info').map(({ logger }) => logger),
);

/** Tells whether the catalogue has messages of a logger at info. It has none below. */
export const isKnownAtInfo = (logger: string): boolean => AT_INFO.has(logger);

/**
 * The entry of the catalogue that a message is, by its logger, its level and its whole text; `undefined` if it is none.
 *
 * @example entryOf(record)?.should // 'warning'
 */
export function entryOf(
  record: Pick<LogRecord, 'level' | 'logger' | 'message' | 'more'>,
): CatalogueEntry | undefined {
  return BY_LOGGER.get(record.logger)?.find((compiled) => isOf(compiled, record))?.entry;
}

/** All entries that a message is. There is one at most: a test sees to it. */
export const entriesOf = (
  record: Pick<LogRecord, 'level' | 'logger' | 'message' | 'more'>,
): CatalogueEntry[] =>
  (BY_LOGGER.get(record.logger) ?? []).filter((compiled) => isOf(compiled, record)).map(({ entry }) => entry);

function isOf(
  { entry, message: template, exception }: Compiled,
  record: Pick<LogRecord, 'level' | 'message' | 'more'>,
): boolean {
  if (entry.from !== record.level) return false;
  const message = withoutInstance(record.message).trimEnd();
  if (!fits(template, message, hasSummary(record.level) ? ': ' : undefined)) return false;
  return exception === undefined || fits(exception, exceptionOf(record) ?? '');
}

/** oslo.log adds the exception that is being handled to messages of these levels (`oslo_log/formatters.py`, `error_summary`). */
const hasSummary = (level: Level): boolean =>
  level === 'critical' || level === 'error' || level === 'warning';

/** `instance_format` of oslo.log, which stands before the message. */
const withoutInstance = (message: string): string => message.replace(/^\[instance: [\w-]{1,64}\] {0,2}/, '');
