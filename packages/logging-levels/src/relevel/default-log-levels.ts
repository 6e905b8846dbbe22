import { InputError, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { levelOf } from '../level.ts';
import { type LogRecord, STDERR } from '../parse.ts';
import { aRelease } from '../release.ts';
import { osloDefaultLevels } from './oslo-defaults.ts';
import { levelled } from './relevel.ts';
import { urgency } from './urgency.ts';

export interface DefaultLogLevelsOptions {
  /** The release of the service, `zed` or `2025.1`: oslo.log's own defaults differ. */
  readonly release: string;
  /** What the service adds to oslo.log's defaults, since a value of the configuration replaces it: `ownLogLevels.nova`. */
  readonly own: readonly string[];
}

/** A logger whose messages below a level were noise without exception. */
export interface LoggerCut {
  readonly logger: string;
  /** The level that it gets. */
  readonly level: 'warning' | 'error';
  /** Messages that were looked at, and would not have been logged. */
  readonly messages: number;
}

/** A logger that has noise, and says other things beside it. */
export interface LoggerKept {
  readonly logger: string;
  readonly why: string;
}

/** A value for the configuration of a service. */
export interface DefaultLogLevels {
  /** The line for `[DEFAULT]` of the service's configuration. */
  readonly line: string;
  /** What it silences. Whatever else these loggers will say below their level is lost, too. */
  readonly cut: readonly LoggerCut[];
  /** Where a level for the whole logger would silence more than noise: filter these where logs are collected. */
  readonly kept: readonly LoggerKept[];
}

const defaultLogLevelsOptions = optionsSchema<DefaultLogLevelsOptions>({
  release: aRelease,
  own: z.array(z.string().regex(/^[\w.]{1,200}=[A-Z]{1,10}$/, 'is no logger=LEVEL')),
});

/**
 * The `default_log_levels` of a service that silence what is at info or warning and should be at debug. It is by logger only, so that
 * a logger is silenced only if nothing but noise was seen below its new level, in it and in those below it. oslo.log's own defaults,
 * and the service's, are kept.
 *
 * @param records - what one service logged, the longer the better: what it did not say is not known to be noise
 * @throws InputError for a release that is none, or a level that is none
 * @example const { line } = await defaultLogLevels(records, { release: 'zed', own: ownLogLevels.nova });
 */
export async function defaultLogLevels(
  records: AsyncIterable<LogRecord> | Iterable<LogRecord>,
  options: DefaultLogLevelsOptions,
): Promise<DefaultLogLevels> {
  parseArguments('logging-levels.defaultLogLevels', defaultLogLevelsOptions, options);
  const levels = levelsOf([...osloDefaultLevels(options.release), ...options.own]);
  const heard = await hear(records, options.release);
  const cut: LoggerCut[] = [];
  const kept: LoggerKept[] = [];
  for (const [logger, counts] of [...heard].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (counts.info.noise + counts.warning.noise === 0) continue;
    const level = levelFor(logger, heard);
    if (level === undefined) {
      kept.push({ logger, why: 'it, or a logger below it, says other things at the same level' });
      continue;
    }
    const before = levels.get(logger);
    if (before !== undefined && urgency(levelOf(before) ?? 'trace') >= urgency(level)) continue;
    levels.set(logger, level.toUpperCase());
    const messages = counts.info.noise + (level === 'error' ? counts.warning.noise : 0);
    cut.push({ logger, level, messages });
  }
  const pairs = [...levels].map(([logger, level]) => `${logger}=${level}`);
  return { line: `default_log_levels = ${pairs.join(',')}`, cut, kept };
}

interface Count {
  noise: number;
  rest: number;
}
type Heard = ReadonlyMap<string, { readonly info: Count; readonly warning: Count }>;

async function hear(
  records: AsyncIterable<LogRecord> | Iterable<LogRecord>,
  release: string,
): Promise<Heard> {
  const heard = new Map<string, { info: Count; warning: Count }>();
  for await (const record of records) {
    if ((record.level !== 'info' && record.level !== 'warning') || record.logger === STDERR) continue;
    const counts = heard.get(record.logger) ?? {
      info: { noise: 0, rest: 0 },
      warning: { noise: 0, rest: 0 },
    };
    heard.set(record.logger, counts);
    const isNoise = urgency(levelled(record, release).level) <= urgency('debug');
    counts[record.level][isNoise ? 'noise' : 'rest'] += 1;
  }
  return heard;
}

/** The highest level that silences noise of this logger, and nothing but noise of it and of those below it. */
function levelFor(logger: string, heard: Heard): 'warning' | 'error' | undefined {
  const tree = [...heard].filter(([name]) => name === logger || name.startsWith(`${logger}.`));
  if (tree.some(([, { info }]) => info.rest > 0)) return undefined;
  const own = heard.get(logger);
  const isQuietAtWarning = tree.every(([, { warning }]) => warning.rest === 0);
  if (isQuietAtWarning && (own?.warning.noise ?? 0) > 0) return 'error';
  return (own?.info.noise ?? 0) > 0 ? 'warning' : undefined;
}

function levelsOf(pairs: readonly string[]): Map<string, string> {
  const levels = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const [logger, level] = [pair.slice(0, at), pair.slice(at + 1)];
    if (levelOf(level) === undefined)
      throw new InputError(`logging-levels.defaultLogLevels: own: ${level} is no level`, {
        field: 'own',
        operation: 'logging-levels.defaultLogLevels',
      });
    levels.set(logger, level);
  }
  return levels;
}
