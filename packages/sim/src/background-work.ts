/**
 * Work that takes real time and none of the cloud's: the hashes of an image of many bytes. The cloud looks at no request before it
 * is done, so that an answer does not depend on how fast the machine is.
 */
export class BackgroundWork {
  readonly #running = new Set<Promise<void>>();

  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  add(work: Promise<void>): void {
    const running: Promise<void> = work.finally(() => void this.#running.delete(running));
    this.#running.add(running);
  }

  async settled(): Promise<void> {
    while (this.isRunning) await Promise.all(this.#running);
  }
}
