import type { Gap } from '@groundcrew/ground';
import type { Level } from '../level.ts';
import type { TemplateChange, TemplateSide, WhatIsNew } from './change.ts';
import { joined, renaming, type TemplateCount } from './counts.ts';
import { KnownTexts } from './known.ts';
import type { Templates } from './store.ts';
import { LEVELS, type MessageTally, worstLevel } from './tally.ts';
import { type Template, templateId } from './template-id.ts';

interface CompareOptions {
  /** The number of different words above which a place varies. */
  readonly above: number;
  readonly rise: number;
}

/** The comparison behind `whatIsNew`. */
export function compareCorpora(
  before: Templates,
  after: Templates,
  { above, rise }: CompareOptions,
): WhatIsNew {
  const exact = [before, after].map((templates) =>
    templates
      .counts({ collapseAbove: false })
      .map((count) => ({ template: count.template, isKnown: count.isKnown, tally: count })),
  );
  const rename = renaming(exact.flat(), above);
  const [old, young] = exact.map((counts) => joined(counts, rename)) as [TemplateCount[], TemplateCount[]];
  const sides: [Corpus, Corpus] = [corpusOf(before, old), corpusOf(after, young)];
  const comparison = new Comparison(sides, rise);
  return {
    before: sizeOf(sides[0]),
    after: sizeOf(sides[1]),
    changes: comparison.changes().toSorted(byInterest),
    gaps: comparison.gaps(),
  };
}

/** What is needed of one log. */
interface Corpus {
  readonly counts: ReadonlyMap<string, TemplateCount>;
  readonly byLevel: Readonly<Record<Level, number>>;
  readonly records: number;
  /** The levels from the worst to the least that was heard: of others silence says nothing. */
  readonly heard: readonly Level[];
  /** Templates of a larger id were not kept. */
  readonly largestId: string | undefined;
}

function corpusOf(templates: Templates, counts: readonly TemplateCount[]): Corpus {
  const { overflow, largestId } = templates;
  const byLevel = { ...overflow.byLevel };
  for (const count of counts) for (const level of LEVELS) byLevel[level] += count.byLevel[level];
  const lowest = LEVELS.findLastIndex((level) => byLevel[level] > 0);
  return {
    counts: new Map(counts.map((count) => [count.template.id, count])),
    byLevel,
    records: LEVELS.reduce((sum, level) => sum + byLevel[level], 0),
    heard: LEVELS.slice(0, lowest + 1),
    largestId,
  };
}

const sizeOf = ({ records, counts, heard }: Corpus): WhatIsNew['before'] => ({
  records,
  templates: counts.size,
  lowestLevel: heard.at(-1),
});

class Comparison {
  readonly #before: Corpus;
  readonly #after: Corpus;
  readonly #rise: number;
  /** The levels that both have, and the records at these. */
  readonly #levels: readonly Level[];
  /** The templates before, for those that fit a message of which they are not the template. */
  readonly #wider: ReadonlyMap<string, KnownTexts>;
  /** Templates of the other log of which this one may have kept a part, or none. */
  readonly #unsure = { before: 0, after: 0 };
  /** Templates of the other log that are at levels alone which this one does not have at all. */
  readonly #unheard = { before: 0, after: 0 };

  constructor([before, after]: readonly [Corpus, Corpus], rise: number) {
    this.#before = before;
    this.#after = after;
    this.#rise = rise;
    const byLogger = Map.groupBy(before.counts.values(), ({ template }) => template.logger);
    this.#wider = new Map(
      [...byLogger].map(([logger, counts]) => [
        logger,
        new KnownTexts(counts.map(({ template }) => template.text)),
      ]),
    );
    this.#levels = before.heard.filter((level) => after.heard.includes(level));
  }

  changes(): TemplateChange[] {
    const changes: TemplateChange[] = [];
    for (const [id, count] of this.#after.counts) {
      const old = this.#before.counts.get(id);
      const change = old === undefined ? this.#alone(count, 'appeared') : this.#changed(old, count);
      if (change !== undefined) changes.push(change);
    }
    for (const [id, count] of this.#before.counts) {
      const change = this.#after.counts.has(id) ? undefined : this.#alone(count, 'vanished');
      if (change !== undefined) changes.push(change);
    }
    return changes;
  }

  gaps(): Gap[] {
    return (['before', 'after'] as const).flatMap((side) => {
      const { heard, largestId } = side === 'before' ? this.#before : this.#after;
      const gaps: Gap[] = [];
      const unheard = this.#unheard[side];
      const least = heard.at(-1);
      if (least === undefined) gaps.push(cut(side, 'it has no record', 'Give logs that have records.'));
      else if (unheard > 0)
        gaps.push(
          cut(
            side,
            `it has nothing below ${least}: of ${unheard} templates of the other logs, which are at such levels only, nothing is known`,
            'Compare logs that were written at the same levels.',
          ),
        );
      if (largestId !== undefined)
        gaps.push(
          cut(
            side,
            `it has more templates than were kept: ${this.#unsure[side]} of the other logs could not be compared with it`,
            'Keep more (`most`), or give `known` templates.',
          ),
        );
      return gaps;
    });
  }

  #alone(count: TemplateCount, kind: 'appeared' | 'vanished'): TemplateChange | undefined {
    const other = kind === 'appeared' ? this.#before : this.#after;
    const side = kind === 'appeared' ? 'before' : 'after';
    const levels = LEVELS.filter((level) => count.byLevel[level] > 0);
    if (!levels.some((level) => other.heard.includes(level))) {
      this.#unheard[side] += 1;
      return undefined;
    }
    if (!isWhole(count, other)) {
      this.#unsure[side] += 1;
      return undefined;
    }
    return {
      kind,
      template: count.template,
      level: worstLevel(count.byLevel),
      gained: kind === 'appeared' ? levels : [],
      variantOf: kind === 'appeared' ? this.#variant(count.template) : undefined,
      before: kind === 'vanished' ? this.#side(count, this.#before) : undefined,
      after: kind === 'appeared' ? this.#side(count, this.#after) : undefined,
    };
  }

  #variant({ logger, text }: Template): Template | undefined {
    const found = this.#wider.get(logger)?.find(text);
    return found === undefined ? undefined : { id: templateId(logger, found), logger, text: found };
  }

  #changed(old: TemplateCount, count: TemplateCount): TemplateChange | undefined {
    // What is told of it may be told of a part of it only.
    const partial = (['before', 'after'] as const).find((side) =>
      side === 'before' ? !isWhole(count, this.#before) : !isWhole(old, this.#after),
    );
    if (partial !== undefined) {
      this.#unsure[partial] += 1;
      return undefined;
    }
    const gained = this.#before.heard.filter((level) => count.byLevel[level] > 0 && old.byLevel[level] === 0);
    const [before, after] = [this.#side(old, this.#before), this.#side(count, this.#after)];
    const level = gained[0] ?? worstLevel(count.byLevel);
    const kind =
      gained.length > 0 ? 'relevelled' : this.#hasRisen(old, count, before, after) ? 'risen' : undefined;
    return kind && { kind, template: count.template, level, gained, before, after };
  }

  /**
   * Whether a share rose by the factor, and by more than chance makes of it: the interval of 95 % of the logarithm of the ratio of two
   * counts is two times the root of the sum of their inverses.
   */
  #hasRisen(old: TemplateCount, count: TemplateCount, before: TemplateSide, after: TemplateSide): boolean {
    const ratio = after.share / before.share;
    const [from, to] = [this.#times(old), this.#times(count)];
    if (from === 0 || to < FEWEST || ratio < this.#rise) return false;
    return Math.log(ratio) > 2 * Math.sqrt(1 / from + 1 / to);
  }

  #times = (tally: MessageTally): number =>
    this.#levels.reduce((sum, level) => sum + tally.byLevel[level], 0);

  #side({ times, bytes, byLevel, first, last }: TemplateCount, corpus: Corpus): TemplateSide {
    const records = this.#levels.reduce((sum, level) => sum + corpus.byLevel[level], 0);
    const share = records === 0 ? 0 : this.#times({ times, bytes, byLevel }) / records;
    return { times, bytes, byLevel, first, last, share };
  }
}

/** What is said less often than this says nothing of a share. */
const FEWEST = 10;

/** Whether a log has kept all that it had of a template of another: of one that was collapsed nobody knows. */
const isWhole = ({ template, exact, isKnown }: TemplateCount, { largestId }: Corpus): boolean =>
  isKnown ||
  largestId === undefined ||
  (exact.length === 1 && exact[0] === template.id && template.id <= largestId);

const cut = (side: 'before' | 'after', why: string, remedy: string): Gap => ({
  what: `the logs ${side}`,
  kind: 'cut',
  why,
  remedy,
  requestIds: [],
});

const KINDS: readonly TemplateChange['kind'][] = ['appeared', 'relevelled', 'risen', 'vanished'];
const timesOf = ({ before, after }: TemplateChange): number => after?.times ?? before?.times ?? 0;

const byInterest = (a: TemplateChange, b: TemplateChange): number =>
  Number(a.kind === 'vanished') - Number(b.kind === 'vanished') ||
  LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
  KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
  Number(a.variantOf !== undefined) - Number(b.variantOf !== undefined) ||
  timesOf(b) - timesOf(a) ||
  (a.template.id < b.template.id ? -1 : 1);
