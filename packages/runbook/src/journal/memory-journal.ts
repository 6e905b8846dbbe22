import { LeaseHeldError, LeaseLostError } from './journal-errors.ts';
import type { Journal, JournalRecord, OpenJournal } from './journal.ts';
import { frozenRecord } from './frozen-record.ts';

/** A journal that ends with the process: for tests, simulations, and plans that need no memory. */
export function memoryJournal(records: readonly JournalRecord[] = []): Journal {
  const written: JournalRecord[] = records.map(frozenRecord);
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
          const record = frozenRecord({ sequence: written.length + 1, at, token: mine, event });
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
