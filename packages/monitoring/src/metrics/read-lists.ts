import {
  type Cloud,
  type Completeness,
  type Gap,
  gapOf,
  isEndpointError,
  observeAllProjects,
  observeList,
  type Observed,
  type Token,
  type Visibility,
} from '@groundcrew/core';
import { counted } from '@groundcrew/ground';
import type { MetricSource } from './collector.ts';
import { type Detail, isDetails, type MetricDetails, type MetricList } from './metric-list.ts';
import type { RequestTally } from './request-tally.ts';
import type { Deadline } from './deadline.ts';
import { Slots } from './slots.ts';

/** What became of one list in a round. */
export interface ListRead {
  readonly completeness: Completeness;
  readonly gaps: readonly Gap[];
  /** It was read to its end, and nothing of it is withheld or doubtful. */
  readonly isWhole: boolean;
  /** It was read to its end, and has the own project's things only. */
  readonly isOwn: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly sizes: Readonly<Record<string, number>>;
  /** The elements, if somebody keeps them. */
  readonly elements: readonly object[];
  /** It was read as an older service answers it. */
  readonly isOlder: boolean;
  /** The catalogue has no such service, and need not have one. */
  readonly isAbsent: boolean;
}

/** Who takes the elements of a list. */
export interface Consumer {
  /** Reads what it needs before the first element. */
  ready(): Promise<void>;
  take(element: object, isOwn: boolean): void;
}

export interface ListReaderParts {
  readonly cloud: Cloud;
  readonly visibility: Visibility;
  readonly token: Token | undefined;
  readonly tally: RequestTally;
  readonly atOnce: number;
  readonly limit: Deadline;
}

/** The name of the own project's list in `sizes`. */
export const ownName = (list: { readonly name: string }): string => `own ${list.name}`;

/** Reads lists, each once, so many at once as it may. */
export class ListReader {
  readonly #parts: ListReaderParts;
  readonly #slots: Slots;
  readonly #reads = new Map<object, Promise<ListRead>>();
  readonly #consumers = new Map<object, Consumer[]>();
  readonly #kept = new Set<object>();

  constructor(parts: ListReaderParts) {
    this.#parts = parts;
    this.#slots = new Slots(parts.atOnce);
  }

  /** Before the first read: who takes the elements of a list. */
  consume(source: object, consumer: Consumer): void {
    this.#consumers.set(source, [...(this.#consumers.get(source) ?? []), consumer]);
  }

  /** Before the first read: a list whose elements are kept. */
  keep(source: object): void {
    this.#kept.add(source);
  }

  read(source: MetricSource): Promise<ListRead> {
    const known = this.#reads.get(source);
    if (known !== undefined) return known;
    const reading = isDetails(source) ? this.#details(source) : this.#list(source);
    // Whoever waits for it hears of its failure; until then nobody may be waiting.
    reading.catch(() => undefined);
    this.#reads.set(source, reading);
    return reading;
  }

  async #list(list: MetricList<object>): Promise<ListRead> {
    const { cloud, limit, tally, visibility } = this.#parts;
    const consumers = await this.#ready(list);
    const walk = new Walk(list, consumers, this.#kept.has(list));
    const doubting = list.doubt === undefined || !visibility.all ? undefined : this.read(list.doubt.list);
    let startedAt = this.#now();
    let seen: Observed<unknown>;
    try {
      seen = await this.#slots.run(() => {
        startedAt = this.#now();
        return tally.run(list, () => this.#observe(list, walk));
      }, limit.signal);
    } catch (error) {
      const gap = limit.late(list.what, error);
      if (gap === undefined) throw error;
      const completeness = walk.count > 0 ? 'partial' : 'failed';
      seen = { value: [], at: '', source: list.what, completeness, gaps: [gap] };
    }
    const doubts = doubting === undefined ? [] : doubtsOf(list, walk.suspects, await doubting, cloud);
    const isEmptyByPolicy = walk.isOwn && walk.count === 0 && list.withheld === 'nothing';
    const completeness: Completeness =
      doubts.length > 0 && seen.completeness === 'complete'
        ? 'partial'
        : isEmptyByPolicy
          ? 'denied'
          : seen.completeness;
    return {
      completeness,
      gaps: [...seen.gaps, ...doubts],
      isWhole: completeness === 'complete',
      isOwn: walk.isOwn && walk.isAtEnd && !walk.isOdd && doubts.length === 0,
      isOlder: walk.isOlder,
      isAbsent: walk.isServiceMissing && list.isOptional === true,
      startedAt,
      endedAt: this.#now(),
      sizes: walk.sizes,
      elements: walk.elements,
    };
  }

  /** With the semantics of every other observer: `observeList`, `observeAllProjects`. */
  async #observe(list: MetricList<object>, walk: Walk): Promise<Observed<unknown>> {
    const { cloud, limit, visibility, token } = this.#parts;
    const options = { signal: limit.signal };
    const clock = { now: () => cloud.clock.now() };
    const { own, withheld } = list;
    const wide = walk.over(list.open(cloud, options));
    if (own !== undefined) {
      const mine = walk.over(own.open(cloud, options, token), true);
      return observeAllProjects(cloud, list.what, visibility, wide, mine);
    }
    if (withheld !== undefined) {
      walk.isOwn = !visibility.all;
      return observeAllProjects(cloud, list.what, visibility, wide);
    }
    const observed = await observeList(list.what, wide, clock);
    if (list.older === undefined || observed.completeness !== 'unsupported') return observed;
    walk.isOlder = true;
    return observeList(list.what, walk.over(list.older(cloud, options)), clock);
  }

  async #details(details: MetricDetails<object, object>): Promise<ListRead> {
    const { cloud, limit, tally, atOnce } = this.#parts;
    const { signal } = limit;
    const consumers = await this.#ready(details);
    const parents = await this.read(details.of);
    const startedAt = this.#now();
    const failures: Gap[] = [];
    let next = 0;
    let answered = 0;
    let inARow = 0;
    let lateGap: Gap | undefined;
    const lane = async (): Promise<void> => {
      while (next < parents.elements.length && lateGap === undefined && inARow < MOST_IN_A_ROW) {
        const parent = parents.elements[next] as object;
        next += 1;
        try {
          const found = await this.#slots.run(
            () => tally.run(details, () => details.get(cloud, parent, { signal })),
            signal,
          );
          const element: Detail<object, object> = { of: parent, found };
          for (const consumer of consumers) consumer.take(element, parents.isOwn);
          answered += 1;
          inARow = 0;
        } catch (error) {
          lateGap ??= limit.late(details.what, error);
          if (lateGap !== undefined) return;
          failures.push(gapOf(`${details.what} of ${details.named(parent)}`, error));
          inARow += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, parents.elements.length) }, lane));
    const unasked = parents.elements.length - answered - failures.length;
    const gaps = [...parents.gaps, ...summed(failures, details.what)];
    if (lateGap !== undefined) gaps.push(lateGap);
    else if (unasked > 0) gaps.push(givenUp(details.what, unasked));
    const isAnswered = failures.length === 0 && unasked === 0;
    const [first] = failures;
    const completeness: Completeness = isAnswered
      ? parents.completeness
      : answered > 0
        ? 'partial'
        : first === undefined || first.kind === 'cut'
          ? 'failed'
          : first.kind;
    return {
      completeness,
      gaps,
      isWhole: isAnswered && parents.isWhole,
      isOwn: isAnswered && parents.isOwn,
      startedAt: Math.min(startedAt, parents.startedAt),
      endedAt: this.#now(),
      isOlder: false,
      isAbsent: false,
      sizes: { [details.name]: answered },
      elements: [],
    };
  }

  async #ready(source: object): Promise<readonly Consumer[]> {
    const consumers = this.#consumers.get(source) ?? [];
    await Promise.all(consumers.map((consumer) => consumer.ready()));
    return consumers;
  }

  readonly #now = (): number => this.#parts.cloud.clock.now();
}

/** The way through a list: its elements go to those who take them, and to the observer only that there was one. */
class Walk {
  readonly #list: MetricList<object>;
  readonly #consumers: readonly Consumer[];
  readonly #isKept: boolean;
  readonly elements: object[] = [];
  /** The service shows this user the own project's things only. */
  isOwn = false;
  isOlder = false;
  isAtEnd = false;
  /** An element did not fit, or a page could not be had. */
  isOdd = false;
  /** The catalogue has no such service. */
  isServiceMissing = false;
  count = 0;
  suspects = 0;

  constructor(list: MetricList<object>, consumers: readonly Consumer[], isKept: boolean) {
    this.#list = list;
    this.#consumers = consumers;
    this.#isKept = isKept;
  }

  /** Of a list that broke off nobody knows how long it is. */
  get sizes(): Readonly<Record<string, number>> {
    if (!this.isAtEnd) return {};
    const isOther = this.isOwn && this.#list.own !== undefined;
    return { [isOther ? ownName(this.#list) : this.#list.name]: this.count };
  }

  /** @param isOwn - the list is that of the own project, which is begun only where the other one was refused */
  over(items: AsyncIterable<object>, isOwn = false): AsyncIterable<undefined> {
    return {
      [Symbol.asyncIterator]: () => {
        // The refusal of the other list is no fault of this one.
        this.isOdd = false;
        if (isOwn) this.isOwn = true;
        const iterator = items[Symbol.asyncIterator]();
        let isTold = false;
        return {
          next: async (): Promise<IteratorResult<undefined, undefined>> => {
            for (;;) {
              const { done, value } = await iterator.next().catch((error: unknown) => {
                this.isOdd = true;
                this.isServiceMissing = isEndpointError(error) && error.reason === 'no-service';
                throw error;
              });
              if (done === true) {
                this.isAtEnd = true;
                return { done: true, value: undefined };
              }
              this.#take(value);
              if (isTold) continue;
              isTold = true;
              return { done: false, value: undefined };
            }
          },
          return: async (): Promise<IteratorResult<undefined, undefined>> => {
            await iterator.return?.();
            return { done: true, value: undefined };
          },
        };
      },
    };
  }

  #take(element: object): void {
    this.count += 1;
    if (this.#list.doubt?.isSuspect(element) === true) this.suspects += 1;
    if (this.#isKept) this.elements.push(element);
    for (const consumer of this.#consumers) consumer.take(element, this.isOwn);
  }
}

function doubtsOf(
  { doubt, what }: MetricList<object>,
  suspects: number,
  other: ListRead,
  cloud: Cloud,
): readonly Gap[] {
  return (
    doubt?.gaps(suspects, {
      value: other.isOlder ? [] : other.elements,
      at: new Date(cloud.clock.now()).toISOString(),
      source: what,
      // What an older service answers does not tell.
      completeness: other.isOlder ? 'unsupported' : other.completeness,
      gaps: other.gaps,
    }) ?? []
  );
}

/** Failures one after the other after which the others are not asked any more: a service that is down gets no 10,000 questions. */
const MOST_IN_A_ROW = 10;
const MOST_NAMED = 5;

function summed(failures: readonly Gap[], what: string): Gap[] {
  const [first] = failures;
  const more = failures.length - MOST_NAMED;
  if (first === undefined || more <= 0) return [...failures];
  return [
    ...failures.slice(0, MOST_NAMED),
    { ...first, what, why: `${counted(more, 'further answer')} could not be had either`, requestIds: [] },
  ];
}

const givenUp = (what: string, count: number): Gap => ({
  what,
  kind: 'failed',
  why: `${counted(count, 'thing')} were not asked about, after ${MOST_IN_A_ROW} answers in a row that could not be had`,
  remedy: undefined,
  requestIds: [],
});
