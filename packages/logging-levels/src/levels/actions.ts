import { durationWords } from '@groundcrew/ground';
import { action } from '@groundcrew/runbook';
import { z } from 'zod';
import { LevelCoverage } from './coverage.ts';
import { LevelTarget } from './level-target.ts';

const Input = z.strictObject({ target: LevelTarget, forMs: z.number().positive() });
export type LevelInput = Readonly<z.output<typeof Input>>;

/** What the levels were: of Cinder's loggers on each host, or of an option in a configuration. */
export const LevelsBefore = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('cinder'),
    hosts: z.array(z.object({ host: z.string(), levels: z.record(z.string(), z.string()) })),
  }),
  z.object({
    kind: z.literal('configuration'),
    /** The name by which the change is found in the file. */
    mark: z.string(),
    /** The file that is changed: the configuration, or the one that its `log_config_append` names. */
    file: z.string(),
    isAppended: z.boolean(),
    /** Whether the option `debug` was true. */
    wasDebug: z.boolean(),
    /** The lines of the options, as they were; none: they were not set. */
    lines: z.array(z.string()),
    /** Length of the log then: what tells of the change comes behind it. */
    logBytes: z.int(),
  }),
]);
export type LevelsBefore = Readonly<z.output<typeof LevelsBefore>>;

const about = ({ target }: LevelInput): string =>
  target.kind === 'cinder'
    ? `${target.service}${target.server === null ? '' : ` on ${target.server}`}${target.prefix === '' ? '' : `, loggers ${target.prefix}*`}`
    : `${target.service} on ${target.host}`;

/** Writes into the journal what the levels are, before they are changed. */
export const rememberLevels = action({
  name: 'logging-levels.remember',
  title: (input) => `Note the log levels of ${about(input)}`,
  input: Input,
  output: z.object({ until: z.iso.datetime(), before: LevelsBefore }),
  rollback: 'free',
});

/** Sets the level, and reads back where it is. */
export const setLevels = action({
  name: 'logging-levels.set',
  title: (input) =>
    `Set the log level of ${about(input)} to ${input.target.level.toUpperCase()}, for ${durationWords(input.forMs)}`,
  input: Input,
  output: z.object({ coverage: LevelCoverage }),
  rollback: 'free',
});

/** Puts back what was noted. */
export const restoreNotedLevels = action({
  name: 'logging-levels.restore',
  title: (input) => `Put the log levels of ${about(input)} back`,
  input: Input,
  output: z.object({ coverage: LevelCoverage }),
  rollback: 'free',
});

/** The ids of the steps and of the gate of each plan of levels. */
export const STEPS = { remember: 'remember', set: 'set', restore: 'restore' } as const;
export const LEASE_GATE = 'lease';
