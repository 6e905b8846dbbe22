import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  aFunction,
  aSignal,
  isGroundcrewError,
  messageOf,
  optionsSchema,
  parseArguments,
  ConfigError,
  type Gap,
  type Observed,
} from '@groundcrew/ground';
import {
  fileJournal,
  type JournalRecord,
  readInput,
  readOutput,
  replay,
  type RunState,
  type StepMemory,
} from '@groundcrew/runbook';
import { gap } from '../log-files.ts';
import { rememberLevels, restoreNotedLevels, setLevels, STEPS } from './actions.ts';
import type { LevelCoverage } from './coverage.ts';
import { isLeaseOpen, isLevelRun } from './level-run.ts';
import type { LevelTarget, SettableLevel } from './level-target.ts';

export interface LentLevelsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: (() => number) | undefined;
}

/** A level that a run of `planLevel` was to lend, as its journal has it. */
export interface LentLevel {
  /** The name of the journal's file. */
  readonly journal: string;
  readonly run: string;
  readonly service: string;
  /** The host, or Cinder's `host@backend`. `undefined`: all of the service that were up. */
  readonly on: string | undefined;
  /** How the names of the loggers begin. `undefined`: all loggers. */
  readonly loggers: string | undefined;
  readonly level: SettableLevel;
  /**
   * `noted`: what was is noted, and nothing was changed. `setting`: nothing tells how the setting ended, so that some process may
   * have the level. `lent`: it was set. `not-set`: the setting failed, and some process may have the level. `restored`: it was put back.
   */
  readonly state: 'noted' | 'setting' | 'lent' | 'not-set' | 'restored';
  /** The person or program that started the run; `undefined`: it did not say. */
  readonly by: string | undefined;
  /** ISO 8601, UTC: when the setting began; `undefined` before. */
  readonly since: string | undefined;
  /** ISO 8601, UTC: the end of the lease. */
  readonly until: string;
  /** How many processes were heard to have the level, or to have theirs back; `undefined` where nothing tells. */
  readonly coverage: LevelCoverage | undefined;
  /** Why the last attempt to put it back failed; `undefined` without one. */
  readonly notRestored: string | undefined;
  /** Whether the host was left what puts it back at the end of the lease. What it does then is not in the journal. */
  readonly isHostToRestore: boolean;
}

/** The levels that journals tell of. */
export interface LentLevels {
  readonly directory: string;
  /** Journals of levels that were read, also those of runs that ended before anything was noted. */
  readonly journals: number;
  readonly levels: readonly LentLevel[];
}

const lentOptions = optionsSchema<LentLevelsOptions>({
  signal: aSignal.optional(),
  now: aFunction.optional(),
});

/**
 * Reads which levels are lent, by the journals of a folder: its files `*.journal`; those of other plans are left alone. It restores
 * nothing, takes no lease and asks no service, so that it can be asked while others set levels. A journal that cannot be read is a
 * gap: what it lent is not known.
 *
 * @throws InputError; ConfigError if the folder cannot be read
 * @example
 * const { value, gaps } = await lentLevels('/var/lib/levels');
 * for (const { service, level, by, until } of value.levels) console.log(service, level, by, until);
 */
export async function lentLevels(
  journals: string,
  options: LentLevelsOptions = {},
): Promise<Observed<LentLevels>> {
  parseArguments('lentLevels', lentOptions, options);
  const { signal, now = Date.now } = options;
  const at = new Date(now()).toISOString();
  const levels: LentLevel[] = [];
  const gaps: Gap[] = [];
  let read = 0;
  for (const name of await journalsIn(journals)) {
    signal?.throwIfAborted();
    try {
      const path = join(journals, name);
      // To a journal a file that is not there is empty; one that was listed and is a link to nowhere has what nobody can read.
      const { size } = await stat(path);
      const records = await fileJournal(path).read();
      if (records.length === 0 && size > 0) {
        gaps.push(gap(name, 'cut', NO_RECORD, 'Look at the file, and at what its run was to change.'));
        continue;
      }
      const state = replay(records);
      if (!isLevelRun(state)) continue;
      const lent = lentBy(name, state, records);
      read += 1;
      if (lent !== undefined) levels.push(lent);
    } catch (error) {
      const remedy = isGroundcrewError(error) ? error.remedy : undefined;
      gaps.push(gap(name, 'failed', messageOf(error), remedy ?? 'Is it whole, and readable for this user?'));
    }
  }
  return {
    value: { directory: journals, journals: read, levels },
    at,
    source: journals,
    completeness: gaps.length === 0 ? 'complete' : 'partial',
    gaps,
  };
}

async function journalsIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.journal')).toSorted();
  } catch (cause) {
    throw new ConfigError(`${folder}: cannot be read`, {
      file: folder,
      cause,
      remedy: 'Is it a directory, and readable for this user?',
    });
  }
}

const NO_RECORD = 'it has no whole record: its writer died at the first one, or it is damaged';

/** What a run has lent; `undefined` before it noted anything, since nothing is changed before that. */
function lentBy(journal: string, state: RunState, records: readonly JournalRecord[]): LentLevel | undefined {
  const noted = state.steps.get(STEPS.remember);
  if (noted?.acted !== true) return undefined;
  const set = state.steps.get(STEPS.set);
  const restore = state.steps.get(STEPS.restore);
  const step = state.plan.steps.find(({ id }) => id === STEPS.remember);
  const { target } = readInput(rememberLevels, step?.input);
  const isOpen = isLeaseOpen(state);
  return {
    journal,
    run: state.run,
    ...whereOf(target),
    level: target.level,
    state: !isOpen ? 'restored' : stateOfSetting(set),
    ...startOf(records),
    until: readOutput(rememberLevels, noted.output).until,
    coverage: isOpen
      ? set?.state === 'succeeded'
        ? readOutput(setLevels, set.output).coverage
        : undefined
      : readOutput(restoreNotedLevels, restore?.output).coverage,
    notRestored: isOpen ? restore?.failure?.message : undefined,
    isHostToRestore: target.kind === 'configuration',
  };
}

function stateOfSetting(set: StepMemory | undefined): LentLevel['state'] {
  if (set?.mayHaveActed !== true) return 'noted';
  if (set.state === 'succeeded') return 'lent';
  return set.state === 'failed' ? 'not-set' : 'setting';
}

function whereOf(target: LevelTarget): Pick<LentLevel, 'service' | 'on' | 'loggers'> {
  const { service } = target;
  if (target.kind === 'configuration') return { service, on: target.host, loggers: undefined };
  const { server, prefix } = target;
  return { service, on: server ?? undefined, loggers: prefix === '' ? undefined : prefix };
}

/** Who began the run, and when it began to set. */
function startOf(records: readonly JournalRecord[]): Pick<LentLevel, 'by' | 'since'> {
  const first = records[0]?.event;
  const setting = records.find(({ event }) => event.type === 'step-started' && event.step === STEPS.set);
  return { by: first?.type === 'run-started' ? first.by : undefined, since: setting?.at };
}
