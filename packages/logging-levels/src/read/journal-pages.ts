import type { Duration } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook/hosts';
import { entryOfJson, JOURNAL_FIELDS, type JournalEntry } from './journal-entry.ts';

export interface JournalOptions {
  /** The units, with `*` for any text. @default all of them */
  readonly unit?: string | readonly string[] | undefined;
  /** As systemd.time(7) has it: `-1h`, `2026-11-30 03:12:00 UTC`. @default the beginning */
  readonly since?: string | undefined;
  /** @default now */
  readonly until?: string | undefined;
  /** The files of another machine's journal: a directory, or one file. @default the machine's own journal */
  readonly from?: { readonly directory: string } | { readonly file: string } | undefined;
}

/**
 * Where a page of a journal begins: at the first entry that the options name, at the newest one alone, at an entry (which comes
 * first, if the journal still has it), behind one, or at a time, in milliseconds since 1970.
 */
export type JournalPlace =
  | 'beginning'
  | 'newest'
  | { readonly cursor: string }
  | { readonly after: string }
  | { readonly since: number };

/** Some entries of a journal, the oldest first. */
export interface JournalPage {
  readonly entries: readonly JournalEntry[];
  /** Whether the journal may have more behind them. */
  readonly isFull: boolean;
  /** The number of entries before the last one that was read which could not be read. */
  readonly unread: number;
  /** The number of those behind it: whoever asks again for what follows meets them again. */
  readonly unreadAtEnd: number;
}

/** The command that prints a journal from a place on. */
export function journalCommand(
  { unit, since, until, from }: JournalOptions,
  place: JournalPlace,
): readonly [string, ...string[]] {
  const units = unit === undefined ? [] : typeof unit === 'string' ? [unit] : unit;
  return [
    'journalctl',
    '--output=json',
    // Fields longer than 4,096 bytes are left out otherwise.
    '--all',
    '--quiet',
    '--no-pager',
    `--output-fields=${JOURNAL_FIELDS.join(',')}`,
    ...units.map((one) => `--unit=${one}`),
    ...(until === undefined ? [] : [`--until=${until}`]),
    ...(from === undefined
      ? []
      : 'file' in from
        ? [`--file=${from.file}`]
        : [`--directory=${from.directory}`]),
    ...placeFlags(place, since),
  ];
}

/** A cursor and a time at once are refused by journalctl ("only one of --since=, --cursor=, …"). */
function placeFlags(place: JournalPlace, since: string | undefined): readonly string[] {
  if (place === 'newest') return ['--lines=1'];
  if (place === 'beginning') return since === undefined ? [] : [`--since=${since}`];
  if ('cursor' in place) return [`--cursor=${place.cursor}`];
  if ('after' in place) return [`--after-cursor=${place.after}`];
  return [`--since=@${Math.floor(place.since / 1000)}`];
}

/** Entries that are held at once. `journalctl` before 254 has no way to be asked for so many of the oldest. */
const PAGE = 5_000;

/** Asks for one page. Rejects with what the host throws, and then nothing was read. */
export async function journalPage(
  host: Pick<Host, 'run'>,
  command: readonly [string, ...string[]],
  asked: { readonly signal: AbortSignal | undefined; readonly timeout: Duration },
): Promise<JournalPage> {
  const entries: JournalEntry[] = [];
  let unread = 0;
  let unreadAtEnd = 0;
  /** Ends a command that has told enough. */
  const full = new AbortController();
  const signal = AbortSignal.any(asked.signal === undefined ? [full.signal] : [asked.signal, full.signal]);
  const onLine = ({ stream, text }: { readonly stream: string; readonly text: string }): void => {
    if (stream !== 'stdout' || full.signal.aborted) return;
    const entry = entryOfJson(text);
    if (entry === undefined) {
      unreadAtEnd += 1;
      return;
    }
    entries.push(entry);
    unread += unreadAtEnd;
    unreadAtEnd = 0;
    if (entries.length >= PAGE) full.abort();
  };
  try {
    await host.run(command, { onLine, signal, timeout: asked.timeout, keep: 4_096 });
  } catch (error) {
    if (!full.signal.aborted || asked.signal?.aborted) throw error;
  }
  return { entries, isFull: full.signal.aborted, unread, unreadAtEnd };
}
