import { z } from 'zod';
import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook/hosts';
import { entryOfJson, JOURNAL_FIELDS, type JournalEntry } from './journal-entry.ts';
import { recordsOfEntries } from './journal-records.ts';
import type { RecordSource } from './log-source.ts';

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

const aText = z.string().min(1);
const journalOptions = optionsSchema<JournalOptions>({
  unit: z.union([aText, z.array(aText).min(1)]).optional(),
  since: aText.optional(),
  until: aText.optional(),
  from: z.union([z.strictObject({ directory: aText }), z.strictObject({ file: aText })]).optional(),
});
const aHost = anObjectWith<Pick<Host, 'run' | 'name'>>('a Host', 'run', 'name');

/**
 * The journal of a host, by `journalctl` there. It is asked for in parts, so that memory stays the same whatever its size; what is
 * written meanwhile is read, too.
 *
 * Whether the user may see all of it is journald's to say: without the group `systemd-journal` (or `adm`) one sees one's own
 * messages. Reading throws what `host.run` throws: `CommandFailedError` where there is no journal.
 *
 * @throws InputError on an option that is not known
 * @example
 * const source = journal(sshHost('node-1'), { unit: 'nova-*', since: '-1h' });
 * for await (const record of readLogs(source)) if (record.level === 'error') console.log(record.at, record.message);
 */
export function journal(host: Pick<Host, 'run' | 'name'>, options: JournalOptions = {}): RecordSource {
  parseArguments('logging-levels.journal', journalOptions, options);
  parseArguments('logging-levels.journal', aHost, host);
  const command = commandOf(options);
  const losses: Losses = { unread: 0 };
  return {
    name: host.name,
    records: (signal) => recordsOfEntries(entriesOf(host, command, { signal, losses }), host.name),
    unread: () => losses.unread,
  };
}

function commandOf({ unit, since, until, from }: JournalOptions): readonly [string, ...string[]] {
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
    ...(since === undefined ? [] : [`--since=${since}`]),
    ...(until === undefined ? [] : [`--until=${until}`]),
    ...(from === undefined
      ? []
      : 'file' in from
        ? [`--file=${from.file}`]
        : [`--directory=${from.directory}`]),
  ];
}

/** Entries of more than a mebibyte, which `host.run` does not hand on as a whole. */
interface Losses {
  unread: number;
}

interface Asked {
  readonly signal: AbortSignal | undefined;
  readonly losses: Losses;
}

async function* entriesOf(
  host: Pick<Host, 'run'>,
  command: readonly [string, ...string[]],
  asked: Asked,
): AsyncGenerator<JournalEntry> {
  for (let cursor: string | undefined; ;) {
    const page = await pageOf(
      host,
      cursor === undefined ? command : [...command, `--after-cursor=${cursor}`],
      asked,
    );
    yield* page;
    const last = page.at(-1)?.get('__CURSOR');
    if (page.length < PAGE || last === undefined) return;
    cursor = last;
  }
}

/** Entries that are held at once. `journalctl` before 254 has no way to be asked for so many of the oldest. */
const PAGE = 5_000;

async function pageOf(
  host: Pick<Host, 'run'>,
  command: readonly [string, ...string[]],
  asked: Asked,
): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  /** Ends a command that has told enough. */
  const full = new AbortController();
  const signal = AbortSignal.any(asked.signal === undefined ? [full.signal] : [asked.signal, full.signal]);
  const onLine = ({ stream, text }: { readonly stream: string; readonly text: string }): void => {
    if (stream !== 'stdout' || full.signal.aborted) return;
    const entry = entryOfJson(text);
    if (entry === undefined) asked.losses.unread += 1;
    else entries.push(entry);
    if (entries.length >= PAGE) full.abort();
  };
  try {
    await host.run(command, { onLine, signal, timeout: '10m', keep: 4_096 });
  } catch (error) {
    if (!full.signal.aborted || asked.signal?.aborted) throw error;
  }
  return entries;
}
