/** Undoes what a test made, last first, whatever of it fails: then the first failure is thrown. */
export class CleanUp {
  readonly #undo: (() => Promise<unknown>)[] = [];

  later(undo: () => Promise<unknown>): void {
    this.#undo.push(undo);
  }

  async run(): Promise<void> {
    const failed: unknown[] = [];
    for (const undo of this.#undo.toReversed()) await undo().catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw failed[0];
  }
}
