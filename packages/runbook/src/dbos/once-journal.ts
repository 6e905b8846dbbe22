import { RunbookError } from '../errors.ts';
import type { Journal, JournalRecord, OpenJournal } from '../journal/journal.ts';
import { JournalCorruptError } from '../journal/journal-errors.ts';
import type { Outcome } from '../running/outcome.ts';
import { replay } from '../journal/replay.ts';
import { endsIn, type RunRequest } from './request.ts';

/** This try ended before: its worker died before DBOS knew. */
class EndedError extends RunbookError {
  readonly code = 'ended';
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(`the run has ended: ${outcome.status}`);
    this.outcome = outcome;
  }
}

/** A worker that is shut down leaves the run as if it had died between two steps. */
class LeftError extends RunbookError {
  readonly code = 'left';
}

/** A run's journal, seen by one try of the run. */
export interface OnceJournal extends Journal {
  /** The last error of opening it or writing to it. */
  error(): unknown;
  /** The outcome of this try, if another worker has brought it to its end. */
  outcome(): Outcome | undefined;
}

/**
 * A journal that lets a run end `ended + 1` times, and no more. Without it, a worker that takes over a run that ended `failed`
 * in the moment in which its worker died would try the failed steps again, which nobody asked for.
 *
 * @param leaving Is it this worker that ends, not the run? A pause is then not written.
 */
export function onceJournal(
  inner: Journal,
  { run, ended }: Pick<RunRequest, 'run' | 'ended'>,
  leaving: () => boolean,
): OnceJournal {
  let last: unknown;
  const noted = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      last = error;
      throw error;
    }
  };
  return {
    error: () => last,
    outcome: () => (last instanceof EndedError ? last.outcome : undefined),
    read: () => inner.read(),
    open: (options) =>
      noted(async (): Promise<OpenJournal> => {
        const open = await inner.open(options);
        try {
          refuseOther(run, open.records);
          const outcome = endsIn(open.records)[ended];
          if (outcome !== undefined) throw new EndedError(outcome);
        } catch (error) {
          // It was only read: a lease that cannot be given back runs out.
          await open.close().catch(() => undefined);
          throw error;
        }
        open.lost.addEventListener(
          'abort',
          () => {
            last = open.lost.reason;
          },
          { once: true },
        );
        return {
          records: open.records,
          token: open.token,
          lost: open.lost,
          append: (event, at) =>
            noted(async () => {
              if (event.type === 'run-ended' && event.outcome.status === 'paused' && leaving())
                throw new LeftError('the worker is being shut down');
              return open.append(event, at);
            }),
          close: () => open.close(),
        };
      }),
  };
}

/** Refuses a journal of another run. An outcome is taken from a journal only after all of it was checked. */
function refuseOther(run: string, records: readonly JournalRecord[]): void {
  const state = replay(records);
  if (state !== undefined && state.run !== run)
    throw new JournalCorruptError(`record 1: event.run: is ${state.run}, in the journal of run ${run}`, {
      line: 1,
      field: 'event.run',
    });
}
