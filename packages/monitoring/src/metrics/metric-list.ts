import type { Cloud, Gap, Observed, Token } from '@groundcrew/core';
import type { ReadOptions } from '@groundcrew/ground';

/** A list of a cloud that collectors read. A round reads it once, however many collectors use it. */
export interface MetricList<T> {
  /** Its name in `sizes` and in a plan: `servers`. */
  readonly name: string;
  /** What it has, for gaps: `compute services`. */
  readonly what: string;
  /** The type of the service that answers it. */
  readonly service: string;
  /** Entries that a page has; `undefined` if all come in one answer. */
  readonly pageSize?: number | undefined;
  /**
   * How the service answers a user without the role `admin`, where it does not refuse: with the things of the user's own
   * project (`own`), or with none of them (`nothing`), and in neither case with a word about the others. Without it such a
   * user is refused, and an answer is the whole list.
   */
  readonly withheld?: 'own' | 'nothing' | undefined;
  /**
   * Whether clouds do without this service. Where the catalogue has none, there is nothing to collect: its collectors are
   * `unsupported` and {@link CollectorReport.isAbsent}, and nobody is alarmed. @default false
   */
  readonly isOptional?: boolean | undefined;
  open(cloud: Cloud, options: ReadOptions): AsyncIterable<T>;
  /** The list to read where the first one is refused. */
  readonly own?: OwnList<T> | undefined;
  /** The list to read where the service is too old for the first one. */
  older?(cloud: Cloud, options: ReadOptions): AsyncIterable<T>;
  /** Another list, which tells whether this one can be whole. It is read for administrators only. */
  readonly doubt?: ListDoubt<T> | undefined;
}

/** A list of the own project's things. */
export interface OwnList<T> {
  /** Whether it is asked of the service; otherwise the token tells it. */
  readonly isCall: boolean;
  open(cloud: Cloud, options: ReadOptions, token: Token | undefined): AsyncIterable<T>;
}

/** What makes a list that was read to its end doubtful all the same. */
export interface ListDoubt<T> {
  readonly list: MetricList<object>;
  isSuspect(element: T): boolean;
  /** @param suspects - elements for which `isSuspect` was true */
  gaps(suspects: number, other: Observed<readonly object[]>): readonly Gap[];
}

/** A question about each element of a list. A plan says what that costs. */
export interface MetricDetails<P, T> {
  readonly name: string;
  readonly what: string;
  readonly service: string;
  readonly of: MetricList<P>;
  /** Calls that `get` makes. @default 1 */
  readonly callsEach?: number | undefined;
  /** The thing that is asked about, for gaps. */
  named(parent: P): string;
  get(cloud: Cloud, parent: P, options: ReadOptions): Promise<T>;
}

/** The answer about one element of a list. */
export interface Detail<P, T> {
  readonly of: P;
  readonly found: T;
}

export const isDetails = (
  source: MetricList<object> | MetricDetails<object, object>,
): source is MetricDetails<object, object> => 'of' in source;
