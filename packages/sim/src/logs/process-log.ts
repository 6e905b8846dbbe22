import { type ContextForm, type LogEntry, linesOf } from './log-entry.ts';

/** What one process wrote since the cloud began, up to a limit. */
export interface ProcessLog {
  /** `nova-api`, `nova-compute`, … */
  readonly service: string;
  readonly host: string;
  /** Messages that are kept no longer: of more than 20,000 the oldest are dropped. */
  readonly dropped: number;
  /** The lines of its file, in oslo.log's default format. */
  lines(): string[];
}

/** Messages of one process that are kept. */
const MOST = 20_000;

/** The messages of one process in memory. Their text is made when somebody reads it. */
export class KeptLog implements ProcessLog {
  readonly service: string;
  readonly host: string;
  readonly #form: ContextForm;
  readonly #entries: LogEntry[] = [];
  #dropped = 0;

  constructor(service: string, host: string, form: ContextForm) {
    this.service = service;
    this.host = host;
    this.#form = form;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** What is kept of its messages. */
  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** Messages that it ever had. */
  get count(): number {
    return this.#dropped + this.#entries.length;
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length <= MOST) return;
    // Many at once: to take away the first of an array moves all others.
    const surplus = MOST / 4;
    this.#entries.splice(0, surplus);
    this.#dropped += surplus;
  }

  lines(): string[] {
    return this.linesSince(0);
  }

  /** The lines of the messages from this number on that are still kept. */
  linesSince(count: number): string[] {
    return this.#since(count).flatMap((entry) => linesOf(entry, this.#form));
  }

  /** Its messages, each with its time. */
  messages(): { readonly at: number; readonly lines: readonly string[] }[] {
    return this.#since(0).map((entry) => ({ at: entry.at, lines: linesOf(entry, this.#form) }));
  }

  #since(count: number): LogEntry[] {
    return this.#entries.slice(Math.max(0, count - this.#dropped));
  }
}
