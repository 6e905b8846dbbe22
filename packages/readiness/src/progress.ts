import { inventoryParts } from '@groundcrew/monitoring';
import { type QuestionId, questions } from './questions.ts';

/** A part of a report that is read or judged on its own. */
export interface CollectStep {
  /** A part of the inventory, such as `ports`, or a question. */
  readonly what: keyof typeof inventoryParts | QuestionId;
  /** The type of the service that is read, such as `network`. A question asks several. */
  readonly service: string | undefined;
}

/** The progress of a report. */
export interface CollectProgress {
  readonly done: number;
  readonly total: number;
  /** The steps that have begun and not ended: what the report waits for. */
  readonly pending: readonly CollectStep[];
}

const reading: readonly CollectStep[] = Object.entries(inventoryParts).map(([what, service]) => ({
  what: what as keyof typeof inventoryParts,
  service,
}));
const judging: readonly CollectStep[] = questions.map(({ id }) => ({ what: id, service: undefined }));

/** The steps of one report. The inventory is read first, since the questions judge it. */
export class CollectSteps {
  readonly #ended = new Set<CollectStep['what']>();
  readonly #tell: ((progress: CollectProgress) => void) | undefined;

  constructor(tell: ((progress: CollectProgress) => void) | undefined) {
    this.#tell = tell;
    this.#report();
  }

  end(what: CollectStep['what']): void {
    this.#ended.add(what);
    this.#report();
  }

  #report(): void {
    const left = (steps: readonly CollectStep[]) => steps.filter(({ what }) => !this.#ended.has(what));
    const unread = left(reading);
    this.#tell?.({
      done: this.#ended.size,
      total: reading.length + judging.length,
      pending: unread.length > 0 ? unread : left(judging),
    });
  }
}
