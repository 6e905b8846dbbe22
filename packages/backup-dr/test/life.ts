import { type Journal, JournalError, type JournalRecord, memoryJournal } from '@groundcrew/runbook';

/** The moment when a process dies: at the number of something that leaves a trace, just before it or just behind it. */
export interface Crash {
  readonly after: number;
  readonly trace: 'left' | 'lost';
}

/**
 * Crashes at each of so many traces. A process that dies before a trace leaves what one leaves that died behind the trace before it: the
 * first one has both.
 */
export const crashesAt = (traces: number): Crash[] => [
  { after: 0, trace: 'lost' },
  ...Array.from({ length: traces }, (_, after): Crash => ({ after, trace: 'left' })),
];

/** The life of one process. Dead, it leaves no trace any more, also in what it still had under way. */
export class Life {
  /** The number of traces that it has left. */
  traces = 0;
  #isDead = false;
  readonly #crash: Crash | undefined;

  /** @param crash @default it lives */
  constructor(crash?: Crash) {
    this.#crash = crash;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Does something that leaves a trace, unless the process dies before. */
  async leave<T>(trace: () => Promise<T>): Promise<T> {
    if (!this.#isDead && this.#crash !== undefined && this.traces >= this.#crash.after) {
      this.#isDead = true;
      if (this.#crash.trace === 'left') await trace();
    }
    this.mustLive();
    this.traces += 1;
    return trace();
  }

  /** @throws JournalError */
  mustLive(): void {
    if (this.#isDead) throw new JournalError('the process is dead');
  }
}

/** The records of a journal, which outlive the processes that write them. */
export class Records {
  #records: readonly JournalRecord[] = [];

  /** The journal as a process has it: each record is a trace. */
  journal(life: Life): Journal {
    const inner = memoryJournal(this.#records);
    return {
      read: () => inner.read(),
      open: async (options) => {
        const opened = await inner.open(options);
        return {
          ...opened,
          append: (event, at) =>
            life.leave(async () => {
              const record = await opened.append(event, at);
              this.#records = [...this.#records, record];
              return record;
            }),
        };
      },
    };
  }
}
