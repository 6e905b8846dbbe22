import type { Implementation } from '../plan/action.ts';
import { systemClock } from '@groundcrew/ground';
import type { Execution } from '../running/execution.ts';
import { LeaseHeldError, LeaseLostError } from '../journal/journal-errors.ts';
import type { Outcome } from '../running/outcome.ts';
import { isTransient, type PostgresPool } from '../postgres/database.ts';
import { postgresJournal } from '../postgres/journal.ts';
import type { RunOptions } from '../running/run-options.ts';
import { run } from '../running/run.ts';
import { onceJournal } from './once-journal.ts';
import type { RunRequest } from './request.ts';

export interface ExecutePorts extends Pick<RunOptions, 'gate' | 'revisionOf'> {
  readonly implementations: readonly Implementation[];
  readonly pool: PostgresPool;
  readonly schema: string | undefined;
  /** Milliseconds. */
  readonly ttl: number;
  readonly holder: string;
  readonly onExecution: ((execution: Execution, run: string) => void) | undefined;
  /** Aborted: no new step here; somebody else goes on. */
  readonly leave: AbortSignal;
  /** Aborted: no new step anywhere. */
  readonly cancel: AbortSignal;
}

/**
 * Brings one try of a run to its end; `undefined` if this worker leaves before. While somebody else runs it, or the
 * database is away, it waits and tries again: of many that do this at once, one acts, and all return its outcome.
 */
export async function execute(request: RunRequest, ports: ExecutePorts): Promise<Outcome | undefined> {
  const { plan, approved, by, onFailure } = request;
  const { implementations, pool, schema, ttl, holder, leave, cancel, gate, revisionOf } = ports;
  const rows = postgresJournal({ pool, schema, ttl, run: request.run });
  while (!leave.aborted) {
    const journal = onceJournal(rows, request, () => leave.aborted);
    const execution = run(plan, {
      approved,
      implementations,
      journal,
      run: request.run,
      by: by ?? undefined,
      holder,
      onFailure,
      signal: cancel,
      gate,
      revisionOf,
    });
    const pause = (): void => execution.pause();
    leave.addEventListener('abort', pause, { once: true });
    ports.onExecution?.(execution, request.run);
    let outcome: Outcome;
    try {
      outcome = await execution.outcome;
    } finally {
      leave.removeEventListener('abort', pause);
    }
    const before = journal.outcome();
    if (before !== undefined) return before;
    const unfinished = outcome.status === 'interrupted' || outcome.status === 'refused';
    if (!unfinished && !(leave.aborted && outcome.status === 'paused')) return outcome;
    if (leave.aborted) return undefined;
    if (!mayRecover(journal.error())) return outcome;
    await systemClock.sleep(ttl / 10, leave).catch(() => undefined);
  }
  return undefined;
}

const mayRecover = (error: unknown): boolean =>
  error instanceof LeaseHeldError || error instanceof LeaseLostError || isTransient(error);
