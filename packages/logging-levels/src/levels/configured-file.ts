import { LevelError } from './level-error.ts';
import type { ConfiguredTarget } from './level-target.ts';
import { marksIn, optionIn, type OptionPlace, sectionsOf } from './option-lines.ts';
import { isTrue } from './told-levels.ts';

/** The file of Python's own logging that a configuration names, if it does: the levels are there then. */
export function appendedFile(configuration: string): string | undefined {
  const appended = optionIn(configuration, APPEND);
  return appended === '' ? undefined : appended;
}

/** The options that have the level: `debug` of the configuration, or those of the loggers in a file of Python's own. */
export const levelPlaces = (content: string, isAppended: boolean): readonly OptionPlace[] =>
  isAppended ? loggerLevels(content) : [DEBUG];

/** What these are set to for a level. */
export const levelValue = (level: ConfiguredTarget['level'], isAppended: boolean): string =>
  isAppended ? level.toUpperCase() : level === 'debug' ? 'true' : 'false';

/** Whether an option has a value; one that is not set is false. */
export function hasValue(value: string | undefined, wanted: string): boolean {
  if (wanted === 'true' || wanted === 'false') return isTrue(value ?? 'false') === (wanted === 'true');
  return value?.toUpperCase() === wanted;
}

/**
 * Two leases at once: the one that ends first would put back what the other lent.
 *
 * @throws LevelError `levels.leased`
 */
export function refuseLent(content: string, file: string): void {
  const [mark] = marksIn(content);
  if (mark !== undefined)
    throw new LevelError('levels.leased', `${file}: a level is lent there already, by run ${mark}`, {
      remedy: 'Wait for its end, or end it with restoreLevels({ early: true }).',
    });
}

const DEBUG: OptionPlace = { section: 'DEFAULT', names: ['debug'] };
const APPEND: OptionPlace = {
  section: 'DEFAULT',
  names: ['log_config_append', 'log-config-append', 'log_config', 'log-config'],
};

/** The loggers of a file of Python's `logging.config.fileConfig`, as far as they have a level. */
const loggerLevels = (content: string): OptionPlace[] =>
  sectionsOf(content)
    .filter((section) => section.startsWith('logger_'))
    .map((section) => ({ section, names: ['level'] }))
    .filter((place) => optionIn(content, place) !== undefined);
