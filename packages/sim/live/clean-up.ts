import { onTestFinished } from 'vitest';

/** Undoes what a test made, last first, when it has ended, however it did. */
export class CleanUp {
  readonly #undo: (() => Promise<unknown>)[] = [];

  constructor() {
    onTestFinished(async () => {
      for (const undo of this.#undo.toReversed()) await undo();
    }, 120_000);
  }

  later(undo: () => Promise<unknown>): void {
    this.#undo.push(undo);
  }
}
