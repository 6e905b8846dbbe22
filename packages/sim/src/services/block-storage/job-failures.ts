/** The tasks of Cinder that can fail behind an API that accepted them. */
export const failingJobs = ['create', 'snapshot', 'backup', 'restore', 'upload'] as const;
export type FailingJob = (typeof failingJobs)[number];

/** Which of the next tasks of a kind fail, and why. */
export class JobFailures {
  readonly #left = new Map<FailingJob, string[]>();

  add(job: FailingJob, count: number, reason: string): void {
    this.#left.set(job, [...(this.#left.get(job) ?? []), ...Array.from({ length: count }, () => reason)]);
  }

  /** The reason why a task that has ended has failed; `undefined` if it has not. */
  take(job: FailingJob): string | undefined {
    return this.#left.get(job)?.shift();
  }
}
