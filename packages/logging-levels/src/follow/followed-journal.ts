import type { Gap } from '@groundcrew/core';
import { type Clock, messageOf, visible } from '@groundcrew/ground';
import { gap } from '../log-files.ts';
import type { LogRecord } from '../parse.ts';
import type { JournalEntry } from '../read/journal-entry.ts';
import type { JournalPage, JournalPlace } from '../read/journal-pages.ts';
import { JournalProcess, MOST_PROCESSES, processKey } from '../read/journal-records.ts';
import type { JournalSource } from '../read/journal.ts';
import type { OsloFormat } from '../read/oslo-format.ts';
import type { JournalPosition } from './follow-positions.ts';

export interface JournalSettings {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Milliseconds. */
  readonly poll: number;
  readonly format: OsloFormat | undefined;
}

/** A message, and what is to be called when it is handed on: from then on the position is behind it. */
export interface PendingRecord {
  readonly record: LogRecord;
  readonly handOn: () => void;
}

/** An entry: how many were read before it, and its cursor; `null` before the first one. */
interface Mark {
  readonly number: number;
  readonly cursor: string | null;
}

/** A process with entries that were not handed on yet. */
interface OpenProcess {
  readonly process: JournalProcess;
  /** The entry before the first of these, whoever wrote it. */
  since: Mark;
  /** The number of the last entry of this process. */
  last: number | undefined;
  /** Whether it wrote something since the others were last looked at. */
  isHeard: boolean;
}

/**
 * A journal that is written to. It is asked, again and again, for what follows the last entry, which survives a connection that
 * breaks; `journalctl --follow` would not, and would leave a process behind.
 *
 * The last entry is asked for as well: if it does not come, the journal has dropped it, and with it perhaps others. (With
 * `--after-cursor`, journalctl before 255 leaves out one entry then, without a word: systemd's issue 30288.)
 */
export class FollowedJournal {
  readonly name: string;
  readonly #source: JournalSource;
  readonly #settings: JournalSettings;
  readonly #open = new Map<string, OpenProcess>();
  /** Of a process the number of the last entry that was handed on. */
  readonly #handed: Map<string, number>;
  /** The same as it was before a restart: entries up to there come again, and are passed over. */
  readonly #passed: Map<string, number>;
  #begin: Exclude<JournalPlace, { readonly cursor: string } | { readonly after: string }>;
  #read: Mark;
  #silence: { readonly since: string; readonly why: string } | undefined;
  /** Of the entries up to which it was read, the one that the journal had no more. */
  #gone: string | undefined;
  #timesGone = 0;
  #unread = 0;
  #unreadAtEnd = 0;

  constructor(
    source: JournalSource,
    from: 'end' | 'beginning' | JournalPosition | undefined,
    settings: JournalSettings,
  ) {
    const position: JournalPosition = typeof from === 'object' ? from : { cursor: null };
    const { cursor, since, handed = {} } = position;
    this.name = source.name;
    this.#source = source;
    this.#settings = settings;
    this.#read = { number: 0, cursor };
    this.#begin =
      typeof from === 'object' && since !== undefined
        ? { since }
        : from === 'beginning' || typeof from === 'object'
          ? 'beginning'
          : 'newest';
    this.#handed = new Map(Object.entries(handed));
    this.#passed = new Map(this.#handed);
  }

  /** `undefined` while it was not asked. */
  get position(): JournalPosition | undefined {
    const base = this.#base();
    if (base.cursor === null && this.#begin === 'newest') return undefined;
    const handed = [...this.#handed].filter(([, number]) => number > base.number);
    return {
      cursor: base.cursor,
      ...(base.cursor === null && typeof this.#begin === 'object' ? this.#begin : {}),
      ...(handed.length === 0
        ? {}
        : { handed: Object.fromEntries(handed.map(([key, number]) => [key, number - base.number])) }),
    };
  }

  gaps(): Gap[] {
    const gaps: Gap[] = [];
    const unread = this.#unread + this.#unreadAtEnd;
    if (this.#silence !== undefined)
      gaps.push(
        gap(
          this.name,
          'failed',
          `no answer since ${this.#silence.since}: ${this.#silence.why}`,
          'What it writes meanwhile is read once it answers. Is it up, and may this user run journalctl there?',
        ),
      );
    if (this.#timesGone > 0)
      gaps.push(
        gap(
          this.name,
          'cut',
          `its journal no longer had the entry up to which it was read (${this.#timesGone} ×): what was written next may be missing`,
          'Follow more often than journald drops entries (SystemMaxUse), and with the units that the position was made with.',
        ),
      );
    if (unread > 0)
      gaps.push(gap(this.name, 'cut', `${unread} entries could not be read`, 'Look at them yourself.'));
    return gaps;
  }

  /** Its messages, until the signal aborts; those that are open then come last. */
  async *records(): AsyncGenerator<PendingRecord> {
    const { signal, clock, poll } = this.#settings;
    let failures = 0;
    try {
      for (;;) {
        const before = this.#read.cursor;
        const page = await this.#ask();
        failures = page === undefined ? failures + 1 : 0;
        for (const entry of page?.entries ?? []) yield* this.#take(entry);
        if (page?.isFull === true && this.#read.cursor !== before) continue;
        if (page !== undefined) yield* this.#finishQuiet();
        await clock.sleep(Math.min(poll * 2 ** failures, Math.max(poll, LONGEST_PAUSE)), signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
      for (const [key, open] of this.#open) yield* this.#finish(key, open);
    }
  }

  /** What follows; `undefined` if there was no answer. */
  async #ask(): Promise<JournalPage | undefined> {
    const { signal, clock } = this.#settings;
    const now = clock.now();
    try {
      const page = await this.#next(now);
      this.#silence = undefined;
      this.#unread += page.unread;
      this.#unreadAtEnd = page.unreadAtEnd;
      return page;
    } catch (error) {
      signal.throwIfAborted();
      // Once it answers, it is asked for what was written from now on.
      if (this.#begin === 'newest') this.#begin = { since: now };
      const since = this.#silence?.since ?? new Date(now).toISOString();
      // The reason stands at the end, behind the command.
      this.#silence = { since, why: visible(messageOf(error)).slice(-LONGEST_REASON) };
      return undefined;
    }
  }

  async #next(now: number): Promise<JournalPage> {
    const { signal } = this.#settings;
    const { cursor } = this.#read;
    if (cursor === null) {
      const page = await this.#source.page(this.#begin, signal);
      return this.#begin === 'newest' ? this.#beginBehind(page, now) : page;
    }
    const page = await this.#source.page({ cursor }, signal);
    if (isSameEntry(page.entries[0]?.get('__CURSOR'), cursor))
      return { ...page, entries: page.entries.slice(1) };
    if (this.#gone !== cursor) {
      this.#gone = cursor;
      this.#timesGone += 1;
      this.#passed.clear();
      for (const [key, number] of this.#handed) if (number > this.#read.number) this.#handed.delete(key);
    }
    return page;
  }

  /** Nothing of the newest entry is told: what follows it is new. Where there is none, all that comes is. */
  #beginBehind(page: JournalPage, now: number): JournalPage {
    const cursor = page.entries.at(-1)?.get('__CURSOR');
    if (cursor !== undefined) this.#read = { number: 0, cursor };
    this.#begin = page.unread + page.unreadAtEnd > 0 ? { since: now } : 'beginning';
    return { entries: [], isFull: false, unread: 0, unreadAtEnd: 0 };
  }

  *#take(entry: JournalEntry): Generator<PendingRecord> {
    const key = processKey(entry);
    const [oldest] = this.#open;
    if (oldest !== undefined && this.#open.size >= MOST_PROCESSES && !this.#open.has(key))
      yield* this.#finish(...oldest);

    const before = this.#read;
    const number = before.number + 1;
    this.#read = { number, cursor: entry.get('__CURSOR') ?? before.cursor };
    if (number <= (this.#passed.get(key) ?? 0)) return;

    const open = this.#open.get(key) ?? {
      process: new JournalProcess(entry, this.name, this.#settings.format),
      since: before,
      last: undefined,
      isHeard: true,
    };
    this.#open.set(key, open);
    const records = [...open.process.take(entry)];
    const { isOpen } = open.process;
    for (const [index, record] of records.entries()) {
      // What it closes with this entry is behind it; what this entry ended is before it.
      const isWhole = index === records.length - 1 && !isOpen;
      yield { record, handOn: () => (isWhole ? this.#close(key, number) : this.#moveOn(key, open, before)) };
    }
    open.last = number;
    open.isHeard = true;
    if (!isOpen && records.length === 0) this.#open.delete(key);
  }

  /** Hands on what may go on, but did not since the last time. */
  *#finishQuiet(): Generator<PendingRecord> {
    for (const [key, open] of this.#open) {
      if (!open.isHeard) yield* this.#finish(key, open);
      open.isHeard = false;
    }
    const base = this.#base();
    for (const [key, number] of this.#handed) if (number <= base.number) this.#handed.delete(key);
  }

  *#finish(key: string, open: OpenProcess): Generator<PendingRecord> {
    const [record] = open.process.end();
    if (record === undefined) this.#open.delete(key);
    else yield { record, handOn: () => this.#close(key, open.last ?? 0) };
  }

  #close(key: string, number: number): void {
    this.#open.delete(key);
    this.#handed.set(key, number);
  }

  #moveOn(key: string, open: OpenProcess, before: Mark): void {
    open.since = before;
    if (open.last !== undefined) this.#handed.set(key, open.last);
  }

  /** The last entry up to which all was handed on. */
  #base(): Mark {
    let base = this.#read;
    for (const { since } of this.#open.values()) if (since.number < base.number) base = since;
    return base;
  }
}

/** Milliseconds: a host that does not answer is asked no less often. */
const LONGEST_PAUSE = 60_000;
/** Characters. */
const LONGEST_REASON = 500;

/** Tells whether two cursors mean one entry: it may stand in several files, whose ids and numbers come first (`s=…;i=…;b=…`). */
function isSameEntry(one: string | undefined, other: string): boolean {
  return one !== undefined && (one === other || contentOf(one) === contentOf(other));
}

const contentOf = (cursor: string): string => {
  const at = cursor.indexOf(';b=');
  return at === -1 ? cursor : cursor.slice(at);
};
