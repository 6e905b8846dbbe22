import { z } from 'zod';
import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { Host } from '@groundcrew/runbook/hosts';
import type { JournalEntry } from './journal-entry.ts';
import {
  journalCommand,
  type JournalOptions,
  type JournalPage,
  journalPage,
  type JournalPlace,
} from './journal-pages.ts';
import { recordsOfEntries } from './journal-records.ts';
import type { RecordSource } from './log-source.ts';

/** A journal, which can be read to its end, and followed. */
export interface JournalSource extends RecordSource {
  readonly options: JournalOptions;
  /** Some entries from a place on, for `followLogs`. Rejects with what `host.run` throws, within a minute. */
  readonly page: (place: JournalPlace, signal?: AbortSignal) => Promise<JournalPage>;
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
 * const source = journal(sshHost({ host: 'node-1' }), { unit: 'nova-*', since: '-1h' });
 * for await (const record of readLogs(source)) if (record.level === 'error') console.log(record.at, record.message);
 */
export function journal(host: Pick<Host, 'run' | 'name'>, options: JournalOptions = {}): JournalSource {
  parseArguments('logging-levels.journal', journalOptions, options);
  parseArguments('logging-levels.journal', aHost, host);
  const losses: Losses = { unread: 0 };
  return {
    name: host.name,
    options,
    records: (signal) => recordsOfEntries(entriesOf(host, options, { signal, losses }), host.name),
    unread: () => losses.unread,
    page: (place, signal) => journalPage(host, journalCommand(options, place), { signal, timeout: '1m' }),
  };
}

/** Entries of more than a mebibyte, which `host.run` does not hand on as a whole. */
interface Losses {
  unread: number;
}

async function* entriesOf(
  host: Pick<Host, 'run'>,
  options: JournalOptions,
  { signal, losses }: { readonly signal: AbortSignal | undefined; readonly losses: Losses },
): AsyncGenerator<JournalEntry> {
  for (let place: JournalPlace = 'beginning'; ;) {
    const page = await journalPage(host, journalCommand(options, place), { signal, timeout: '10m' });
    losses.unread += page.unread + (page.isFull ? 0 : page.unreadAtEnd);
    yield* page.entries;
    const last = page.entries.at(-1)?.get('__CURSOR');
    if (!page.isFull || last === undefined) return;
    place = { after: last };
  }
}
