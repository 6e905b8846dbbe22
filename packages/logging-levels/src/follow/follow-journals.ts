import type { Gap } from '@groundcrew/core';
import { InputError } from '@groundcrew/ground';
import type { LogRecord } from '../parse.ts';
import type { JournalSource } from '../read/journal.ts';
import { FollowedJournal, type JournalSettings } from './followed-journal.ts';
import type { FollowPositions } from './follow-positions.ts';
import { merged } from './merged.ts';

/** Journals that are followed at once, each as fast as its host answers. */
export class JournalsFollowing {
  readonly #journals: readonly FollowedJournal[];
  readonly #stop = new AbortController();
  /** Of journals that are not followed now. */
  readonly #before: NonNullable<FollowPositions['journals']>;

  constructor(
    sources: readonly JournalSource[],
    from: 'end' | 'beginning' | FollowPositions,
    settings: Omit<JournalSettings, 'signal'> & { readonly signal: AbortSignal | undefined },
  ) {
    for (const [index, source] of sources.entries()) refuseUnfit(source, index, sources, from);
    this.#before = typeof from === 'object' ? (from.journals ?? {}) : {};
    const signal =
      settings.signal === undefined
        ? this.#stop.signal
        : AbortSignal.any([settings.signal, this.#stop.signal]);
    this.#journals = sources.map(
      (source) =>
        new FollowedJournal(source, typeof from === 'object' ? this.#before[source.name] : from, {
          ...settings,
          signal,
        }),
    );
  }

  async *records(): AsyncGenerator<LogRecord> {
    const journals = this.#journals.map((journal) => journal.records());
    for await (const { record, handOn } of merged(journals, () => this.#stop.abort())) {
      handOn();
      yield record;
    }
  }

  positions(): FollowPositions {
    const journals = { ...this.#before };
    for (const { name, position } of this.#journals) if (position !== undefined) journals[name] = position;
    return { version: 1, files: {}, journals };
  }

  gaps(): readonly Gap[] {
    return this.#journals.flatMap((journal) => journal.gaps());
  }
}

function refuseUnfit(
  { name, options: { since, until } }: JournalSource,
  index: number,
  sources: readonly JournalSource[],
  from: 'end' | 'beginning' | FollowPositions,
): void {
  if (until !== undefined) throw unfit('until', 'what is followed has no end', 'Read it with `readLogs`.');
  if (since !== undefined && from === 'end')
    throw unfit('since', '`from` says that it begins at its end', "Give `from: 'beginning'` to begin there.");
  if (sources.findIndex((other) => other.name === name) !== index)
    throw unfit('at', `two journals are called ${name}`, 'Name all units in one journal of that host.');
}

const unfit = (field: string, why: string, remedy: string): InputError =>
  new InputError(`followLogs: ${field}: ${why}`, { field, operation: 'logging-levels.followLogs', remedy });
