import type { Level } from '../level.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { RequestActor } from './request-actor.ts';
import type { JoinedBy } from './request-links.ts';
import type { SpanFailure, SpanOutcome } from './span-failure.ts';

/** One request inside a service. */
export interface RequestSpan {
  readonly requestId: string;
  readonly joinedBy: JoinedBy;
  /**
   * The first record, or when the access line says that it began (its own time less what it took), and the last one. ISO 8601, UTC;
   * `undefined` if no record of it has a time that can be read.
   */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly durationMs: number | undefined;
  readonly records: number;
  /** At most 20. */
  readonly answers: readonly HttpAnswer[];
}

/** What one service on one host did. */
export interface ServiceSpan {
  readonly service: string;
  readonly host: string | undefined;
  /** From the first of its requests to the last record: ISO 8601, UTC, by the host's clock unless `correctedByMs` says otherwise. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The time between them. What a service does before its first word and after its last one is not in it. */
  readonly durationMs: number | undefined;
  readonly records: number;
  /** Records without a time that can be read: they are counted, and in no time. */
  readonly untimed: number;
  readonly byLevel: Readonly<Partial<Record<Level, number>>>;
  readonly outcome: SpanOutcome;
  readonly failure: SpanFailure | undefined;
  /** In order of time; of more than the limit the first that were read. */
  readonly requests: readonly RequestSpan[];
  /** The number of requests past the limit: they are in the span's own figures only. */
  readonly moreRequests: number;
  /** By how much `from` and `to` were moved to the reference's clock; 0: they are as written. */
  readonly correctedByMs: number;
  /**
   * Whether a process wrote a time more than a second before the one that it had written: a clock was set back, or files were read
   * in the wrong order. Durations of such a span may be wrong.
   */
  readonly wentBack: boolean;
}

/**
 * By how much a host's clock is ahead of the reference's: not less than `lowerMs`, not more than `upperMs` (negative: it is behind).
 *
 * A caller's request leaves before the callee's first word, and its answer arrives after what the callee said before answering: each
 * pair bounds the difference from both sides, as in NTP, without anybody's help. An end that no pair bounds is `undefined`.
 */
export interface ClockSkew {
  readonly host: string;
  /** The timeline's reference, or, for clocks that only were compared among themselves, one of these. */
  readonly relativeTo: string;
  /** `reference`: it is the one that others are compared with. `contradictory`: the calls cannot all be true of clocks that run evenly, so that one was set meanwhile. */
  readonly state: 'reference' | 'bounded' | 'unknown' | 'contradictory';
  readonly lowerMs: number | undefined;
  readonly upperMs: number | undefined;
}

export interface FirstFailure extends SpanFailure {
  readonly service: string;
  readonly host: string | undefined;
  /** Whether no other service failed before it, by what is known of the clocks. Without a doubt where only one host failed. */
  readonly isSureToBeFirst: boolean;
}

/** What a source had, apart from the request: whether a log reaches back to it at all. */
export interface SourceRead {
  readonly service: string;
  readonly host: string | undefined;
  readonly records: number;
  readonly untimed: number;
  /** The first and the last time in it; ISO 8601, UTC. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** What a request did, in all logs that were read. */
export interface Timeline {
  readonly requestId: string;
  /** Whether any record tells of it. `false` is no statement about the request, but about these logs. */
  readonly seen: boolean;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly durationMs: number | undefined;
  /**
   * `failed` if a service failed; otherwise what was answered under the very id that was asked for. `unknown` for a global id, and where
   * several services took that id and answered differently.
   */
  readonly outcome: SpanOutcome;
  readonly failedFirst: FirstFailure | undefined;
  /** In order of their first time. */
  readonly spans: readonly ServiceSpan[];
  readonly clocks: readonly ClockSkew[];
  /** By the audit trail: every user that it knows under one of the ids. Empty if it knows none, or if there was no trail. */
  readonly who: readonly RequestActor[];
  readonly sources: readonly SourceRead[];
}
