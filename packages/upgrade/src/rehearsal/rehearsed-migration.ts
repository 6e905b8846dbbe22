import type { BlockedTable } from './lock-probe.ts';
import type { RehearsedService } from './rehearsed-services.ts';

/** One migration, as it went on the copy. */
export interface RehearsedMigration {
  readonly service: RehearsedService;
  /** As in the plan: `expand`, `sync`, `migrate-data`, `contract`. */
  readonly phase: string;
  readonly command: readonly string[];
  readonly ok: boolean;
  /** Milliseconds, with the start of its tool. */
  readonly durationMs: number;
  /** Rows of online migrations; absent for others. */
  readonly rows?: number | undefined;
  /** Tables that nobody could write to for longer than 200 ms, the longest first. */
  readonly blocked: readonly BlockedTable[];
  /** What its tool said last, if it failed. */
  readonly error?: string | undefined;
}
