import path from 'node:path';
import type { Gap } from '@groundcrew/core';
import {
  aClock,
  anObjectWith,
  aPositiveDuration,
  aSignal,
  type Clock,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
  systemClock,
} from '@groundcrew/ground';
import { z } from 'zod';
import { logFiles } from '../log-files.ts';
import type { LogRecord } from '../parse.ts';
import type { JournalSource } from '../read/journal.ts';
import { logChains } from '../read/log-chains.ts';
import { anOsloFormat, osloFormat, type OsloFormatOptions } from '../read/oslo-format.ts';
import { Tally } from '../read/tally.ts';
import { JournalsFollowing } from './follow-journals.ts';
import { type FollowPositions, readPositions } from './follow-positions.ts';
import { FollowedFile, statOf } from './followed-file.ts';

export interface FollowOptions {
  /** Ends it. @default it goes on for ever */
  readonly signal?: AbortSignal | undefined;
  /**
   * Where the files that are there, and the journals, are read from. A file that appears later is read from its beginning; a journal
   * of which the positions tell nothing, from its end.
   *
   * @default 'end'
   */
  readonly from?: 'end' | 'beginning' | FollowPositions | undefined;
  /** How often it is looked whether something was written. A host that does not answer is asked less often, up to once a minute. @default '1s' */
  readonly poll?: Duration | undefined;
  /** As of `readLogs`. @default oslo.log's formats */
  readonly format?: OsloFormatOptions | undefined;
  /** @default the machine's own */
  readonly clock?: Clock | undefined;
}

/** Messages as they are written, and how far they were read. */
export interface LogFollowing extends AsyncIterable<LogRecord> {
  /**
   * How far each file and journal was read: all that was handed on is before it, also the message that is being looked at. Kept, and
   * given as `from` after a restart, no message is lost.
   */
  readonly positions: () => FollowPositions;
  /** What could not be read so far: of a host that does not answer, until it does. */
  readonly gaps: () => readonly Gap[];
}

const followOptions = optionsSchema<FollowOptions>({
  signal: aSignal.optional(),
  from: z
    .custom<FollowOptions['from']>(isFrom, "must be 'end', 'beginning', or what positions() gave")
    .optional(),
  poll: aPositiveDuration.optional(),
  format: anOsloFormat.optional(),
  clock: aClock.optional(),
});

function isFrom(value: unknown): boolean {
  return value === 'end' || value === 'beginning' || (typeof value === 'object' && value !== null);
}

/**
 * Follows the logs of a directory, or one file: through rotation (renamed, or cut and written again), and with files that appear
 * later. Or the journals of one host or of many, each by asking its host again for what follows the last entry. A message is handed
 * on once another of the same file or process follows it, or nothing was added to it for one `poll`.
 *
 * A log that is rotated and packed at once, before its end was read, a host that does not answer, and entries that its journal
 * dropped before they were read are told by `gaps()`, and end nothing.
 *
 * @throws ConfigError if the directory cannot be read; InputError for positions that do not fit, for two journals of one name, and
 * for one that has an end, or a beginning besides `from: 'beginning'`
 * @example
 * for await (const { source, level, message } of followLogs('/var/log/nova', { signal }))
 *   if (level === 'error') console.log(source, message);
 * @example
 * const hosts = ['ctl-1', 'ctl-2'].map((host) => sshHost({ host }));
 * const errors = followLogs(hosts.map((host) => journal(host, { unit: 'nova-*' })), { signal });
 * for await (const { host, source, message } of errors) console.log(host, source, message);
 */
export function followLogs(
  at: string | JournalSource | readonly JournalSource[],
  options: FollowOptions = {},
): LogFollowing {
  parseArguments('logging-levels.followLogs', followOptions, options);
  parseArguments('logging-levels.followLogs', whatIsFollowed, at);
  const from = typeof options.from === 'object' ? readPositions(options.from) : (options.from ?? 'end');
  const following =
    typeof at === 'string' ? new FilesFollowing(at, { ...options, from }) : ofJournals(at, from, options);
  return {
    positions: () => following.positions(),
    gaps: () => following.gaps(),
    [Symbol.asyncIterator]: () => following.records(),
  };
}

const aJournal = anObjectWith<JournalSource>('a journal', 'name', 'options', 'page');
const whatIsFollowed = z.union(
  [z.string().min(1), aJournal, z.array(aJournal).min(1)],
  'is neither a path nor a journal, nor a list of journals',
);

function ofJournals(
  at: JournalSource | readonly JournalSource[],
  from: 'end' | 'beginning' | FollowPositions,
  { signal, clock = systemClock, poll = '1s', format }: FollowOptions,
): JournalsFollowing {
  return new JournalsFollowing('page' in at ? [at] : at, from, {
    signal,
    clock,
    poll: milliseconds(poll),
    format: format === undefined ? undefined : osloFormat(format),
  });
}

class FilesFollowing {
  readonly #at: string;
  readonly #options: FollowOptions;
  readonly #files = new Map<string, FollowedFile>();
  readonly #tally = new Tally();
  #before: FollowPositions['files'];

  constructor(at: string, options: FollowOptions) {
    this.#at = at;
    this.#options = options;
    this.#before = typeof options.from === 'object' ? options.from.files : {};
  }

  async *records(): AsyncGenerator<LogRecord> {
    const { signal, poll = '1s', clock = systemClock } = this.#options;
    try {
      for (let isFirst = true; ; isFirst = false) {
        await this.#look(isFirst);
        for (const file of this.#files.values()) yield* this.#tally.counting(file.read(signal));
        await clock.sleep(milliseconds(poll), signal);
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
      for (const file of this.#files.values()) yield* this.#tally.counting(file.end());
    }
  }

  positions(): FollowPositions {
    const files = { ...this.#before };
    for (const [name, { position }] of this.#files) if (position !== undefined) files[name] = position;
    return { version: 1, files };
  }

  gaps(): readonly Gap[] {
    return this.#tally.report().gaps;
  }

  /** Finds the files that are there now. */
  async #look(isFirst: boolean): Promise<void> {
    const { directory, names } = await this.#names(isFirst);
    const format = this.#options.format === undefined ? undefined : osloFormat(this.#options.format);
    for (const name of names) {
      if (this.#files.has(name)) continue;
      const end =
        isFirst && (this.#options.from ?? 'end') === 'end'
          ? await statOf(path.join(directory, name))
          : undefined;
      const from = end === undefined ? this.#before[name] : { file: end.file, offset: end.size };
      this.#files.set(name, new FollowedFile({ directory, name }, format, this.#tally.part(name), from));
    }
  }

  async #names(isFirst: boolean): Promise<{ readonly directory: string; readonly names: readonly string[] }> {
    const there = await statOf(this.#at);
    if (there !== undefined && !there.isDirectory)
      return { directory: path.dirname(this.#at), names: [path.basename(this.#at)] };
    const found = await logFiles(this.#at);
    if (isFirst) this.#tally.gaps.push(...found.gaps);
    // What was rotated is not written to.
    const names = logChains(found.files).flatMap(({ name, files }) => (files.at(-1) === name ? [name] : []));
    return { directory: this.#at, names };
  }
}
