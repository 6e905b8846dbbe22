import { LeaseHeldError, LeaseLostError } from './journal-errors.ts';
import type { Journal, JournalRecord, OpenJournal } from './journal.ts';
import { frozenJson } from '../json.ts';

/** A journal that ends with the process: for tests, simulations, and plans that need no memory. */
export function memoryJournal(records: readonly JournalRecord[] = []): Journal {
  const written: JournalRecord[] = records.map(kept);
  let token = Math.max(0, ...written.map((record) => record.token));
  let holder: string | undefined;
  return {
    async open(options): Promise<OpenJournal> {
      options.signal?.throwIfAborted();
      if (holder !== undefined)
        throw new LeaseHeldError(`${holder} is running it, in this process`, { holder });
      holder = options.holder;
      token += 1;
      const mine = token;
      let open = true;
      return {
        records: [...written],
        token: mine,
        lost: new AbortController().signal,
        async append(event, at) {
          if (!open) throw new LeaseLostError('the journal was closed');
          const record = kept({ sequence: written.length + 1, at, token: mine, event });
          written.push(record);
          return record;
        },
        async close() {
          if (open) holder = undefined;
          open = false;
        },
      };
    },
    read: async () => [...written],
  };
}

/** As a file would give it back, so that whoever reads it cannot tell the difference, nor change it. */
const kept = (record: JournalRecord): JournalRecord =>
  frozenJson(record, 'record') as unknown as JournalRecord;
