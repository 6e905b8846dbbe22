import type { CallOptions, Cloud } from '@groundcrew/core';
import type { Duration } from '@groundcrew/ground';
import type { MarkedKind } from './marked.ts';

/** The options that a measured call is made with: no retries, since patience of a client hides what is measured. */
export interface ProbeCall extends CallOptions {
  readonly signal: AbortSignal;
}

/** One run of a probe, as the probe sees it. */
export interface ProbeRun {
  readonly cloud: Cloud;
  /** The name of what this run makes. */
  readonly name: string;
  /** The metadata of what this run makes: without them nothing may ever delete it. */
  readonly metadata: Record<string, string>;
  /**
   * Does and measures one step; its failure ends the run.
   *
   * @param limit - the longest time that it may take
   */
  readonly step: <T>(step: string, limit: Duration, work: (call: ProbeCall) => Promise<T>) => Promise<T>;
  /** Something of the kind may be there from now on: called before it is made. */
  readonly making: (kind: MarkedKind) => void;
  /** Deletes what this run made of the kind, and waits until it is gone. Called within a step. */
  readonly remove: (kind: MarkedKind, id: string, patience: Duration, call: ProbeCall) => Promise<void>;
}

/** What a user does with a cloud, in steps. What it made is removed when it ends, however it does. */
export interface CloudProbe {
  readonly name: string;
  run(run: ProbeRun): Promise<void>;
}
