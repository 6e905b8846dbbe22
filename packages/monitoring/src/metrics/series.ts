import { counted, type Gap, messageOf } from '@groundcrew/ground';
import type { DrawContext, LabelValue, MetricRule } from './collector.ts';
import type { MetricSample } from './metric.ts';

/** The labels that say whose a sample is. */
const PROJECT_LABELS = ['project_id', 'tenant_id'];

/** How much was seen of the lists that a metric is drawn from. */
export interface SeriesView {
  /** Every list was read to its end, by a user who is shown all of it. */
  readonly isWhole: boolean;
  /** Every list was read to its end; of some the user is shown the own project's things only. */
  readonly isOwn: boolean;
  readonly ownProject: string | undefined;
}

/** The samples of one metric, folded from elements as they come: its memory is that of its series. */
export class Series {
  readonly #rule: MetricRule<object>;
  readonly #samples = new Map<string, { readonly labels: readonly string[]; value: number }>();
  readonly #odd = new Map<string, number>();
  #fault: string | undefined;

  constructor(rule: MetricRule<object>) {
    this.#rule = rule;
  }

  take(element: object, context: DrawContext<object>): void {
    if (this.#fault !== undefined) return;
    try {
      for (const [value, ...labels] of this.#rule.draw(element, context)) {
        if (labels.length !== this.#rule.metric.labels.length)
          throw new RangeError(
            `${labels.length} labels, and ${this.#rule.metric.labels.length} are declared`,
          );
        const why = this.#oddity(value, labels);
        if (why !== undefined) this.#odd.set(why, (this.#odd.get(why) ?? 0) + 1);
        // An odd one has no value that could be added: it is only counted.
        else this.#add(value as number, labels.map(labelText));
      }
    } catch (error) {
      this.#fault = messageOf(error);
    }
  }

  /** The samples that may be given, in the order of their labels' first appearance. */
  samples({ isWhole, isOwn, ownProject }: SeriesView): readonly MetricSample[] {
    const { by = 'sum', metric, zeros } = this.#rule;
    if (this.#fault !== undefined) return [];
    if (by === 'each') return [...this.#samples.values()];
    if (this.#odd.size > 0) return [];
    if (isWhole) {
      for (const labels of zeros ?? (metric.labels.length === 0 ? [[]] : [])) this.#add(0, labels);
      return [...this.#samples.values()];
    }
    const at = metric.labels.findIndex((label) => PROJECT_LABELS.includes(label));
    if (!isOwn || at === -1 || ownProject === undefined) return [];
    // Of others' things (shared networks, public images) such a user sees some: theirs are no totals.
    return [...this.#samples.values()].filter(({ labels }) => labels[at] === ownProject);
  }

  gaps(): Gap[] {
    const { name } = this.#rule.metric;
    const gap = (why: string, remedy?: string): Gap => ({
      what: name,
      kind: 'cut',
      why,
      remedy,
      requestIds: [],
    });
    if (this.#fault !== undefined)
      return [{ ...gap(`its samples could not be drawn: ${this.#fault}`), kind: 'failed' }];
    return [...this.#odd].map(([why, count]) => gap(`of ${counted(count, 'element')} ${why}`));
  }

  #oddity(value: number | null | undefined, labels: readonly unknown[]): string | undefined {
    const at = labels.indexOf(undefined);
    if (at !== -1) return `the service did not tell ${this.#rule.metric.labels[at]}`;
    if (value === undefined || value === null) return 'the service did not tell the value';
    if (!Number.isFinite(value)) return 'the value is no number';
    return value < 0 && this.#rule.isSigned !== true ? 'the value is below 0' : undefined;
  }

  #add(value: number, labels: readonly string[]): void {
    const key = labels.length === 1 ? (labels[0] as string) : JSON.stringify(labels);
    const known = this.#samples.get(key);
    if (known === undefined) this.#samples.set(key, { labels, value });
    else known.value = this.#rule.by === 'each' ? Math.max(known.value, value) : known.value + value;
  }
}

/** JSON can hold half of a surrogate pair, and no exposition can: names come from whoever may create a server. */
const labelText = (value: LabelValue): string => (value === null ? '' : String(value).toWellFormed());
