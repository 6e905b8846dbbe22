import type { Token, Visibility } from '@groundcrew/core';
import type { Collector, MetricRule } from './collector.ts';
import { involvedIn } from './involved.ts';
import type { ListRead, ListReader } from './read-lists.ts';
import type { RequestTally } from './request-tally.ts';
import type { CollectorReport, MetricFamily } from './round.ts';
import { Series } from './series.ts';

/** Who reads, and whose things that user is shown. */
export interface SignedIn {
  readonly token: Token | undefined;
  readonly visibility: Visibility;
}

/** What a collector gave in a round. */
export interface Collected {
  readonly families: readonly MetricFamily[];
  readonly report: CollectorReport;
}

/** One collector in a round. */
export class Collecting {
  readonly #collector: Collector;
  readonly #series: readonly { readonly rule: MetricRule<object>; readonly series: Series }[];
  readonly #reader: ListReader;
  readonly #signedIn: SignedIn;
  readonly #tally: RequestTally;
  #lists: Readonly<Record<string, readonly object[]>> = {};

  /** Before the first list is read, since none is read twice. */
  constructor(
    collector: Collector,
    rules: readonly MetricRule<object>[],
    { reader, signedIn, tally }: { reader: ListReader; signedIn: SignedIn; tally: RequestTally },
  ) {
    this.#collector = collector;
    this.#series = rules.map((rule) => ({ rule, series: new Series(rule) }));
    this.#signedIn = signedIn;
    this.#reader = reader;
    this.#tally = tally;
    const consumer = {
      ready: () => this.#readBeside(),
      take: (element: object, isOwn: boolean) => this.#take(element, isOwn),
    };
    for (const source of collector.lists) reader.consume(source, consumer);
    for (const { list, isKept } of involvedIn(collector)) if (isKept) reader.keep(list);
  }

  async collect(): Promise<Collected> {
    const { name, lists, with: kept } = this.#collector;
    const [reads, beside] = await Promise.all([
      Promise.all(lists.map((list) => this.#reader.read(list))),
      Promise.all(Object.values(kept).map((list) => this.#reader.read(list))),
    ]);
    const isBesideWhole = beside.every(({ isWhole }) => isWhole);
    const view = {
      isWhole: reads.every(({ isWhole }) => isWhole),
      isOwn: reads.every(({ isWhole, isOwn }) => isWhole || isOwn),
      ownProject: this.#ownProject,
    };
    const families = this.#series.flatMap(({ rule, series }): MetricFamily[] => {
      const samples = isBesideWhole ? series.samples(view) : [];
      return samples.length === 0 ? [] : [{ metric: rule.metric, collector: name, samples }];
    });
    const odd = this.#series.flatMap(({ series }) => series.gaps());
    const completeness = combined(reads);
    const isLessened = completeness === 'complete' && (odd.length > 0 || !isBesideWhole);
    const all = [...reads, ...beside];
    return {
      families,
      report: {
        collector: name,
        completeness: isLessened ? 'partial' : completeness,
        ...(reads.every(({ isAbsent }) => isAbsent) ? { isAbsent: true } : {}),
        startedAt: moment(Math.min(...all.map(({ startedAt }) => startedAt))),
        at: moment(Math.max(...all.map(({ endedAt }) => endedAt))),
        gaps: [...new Set(all.flatMap(({ gaps }) => gaps)), ...odd],
        ...(await this.#cost()),
      },
    };
  }

  /** Requests and elements of all lists that it needed, those that others needed, too, included. */
  async #cost(): Promise<Pick<CollectorReport, 'calls' | 'sizes'>> {
    const involved = involvedIn(this.#collector).filter(
      ({ isForAdmins }) => !isForAdmins || this.#signedIn.visibility.all,
    );
    const sizes: Record<string, number> = {};
    let calls = 0;
    for (const { list } of involved) {
      Object.assign(sizes, (await this.#reader.read(list)).sizes);
      calls += this.#tally.of(list);
    }
    return { calls, sizes };
  }

  async #readBeside(): Promise<void> {
    const entries = Object.entries(this.#collector.with).map(
      async ([key, list]) => [key, (await this.#reader.read(list)).elements] as const,
    );
    this.#lists = Object.fromEntries(await Promise.all(entries));
  }

  #take(element: object, isOwn: boolean): void {
    const context = { lists: this.#lists, ownProject: isOwn ? this.#ownProject : undefined };
    for (const { series } of this.#series) series.take(element, context);
  }

  get #ownProject(): string | undefined {
    return this.#signedIn.token?.project?.id;
  }
}

/** How much of several lists together was seen. */
function combined(reads: readonly ListRead[]): CollectorReport['completeness'] {
  const [first] = reads;
  return first !== undefined && reads.every(({ completeness }) => completeness === first.completeness)
    ? first.completeness
    : 'partial';
}

const moment = (at: number): string => new Date(at).toISOString();
