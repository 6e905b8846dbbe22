import type { Execution } from '../running/execution.ts';
import type { JournalRecord } from './journal.ts';

/** Yields every record from now on; ends with the run. */
export async function* recordsOf({ events, outcome }: Execution): AsyncGenerator<JournalRecord, void> {
  const waiting: JournalRecord[] = [];
  let wake = Promise.withResolvers<void>();
  let ended = false;
  const add = (record: JournalRecord): void => {
    waiting.push(record);
    wake.resolve();
  };
  const end = (): void => {
    ended = true;
    wake.resolve();
  };
  events.on('record', add);
  outcome.then(end, end);
  try {
    while (true) {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) yield next;
      if (ended) return;
      await wake.promise;
      wake = Promise.withResolvers();
    }
  } finally {
    events.off('record', add);
  }
}
