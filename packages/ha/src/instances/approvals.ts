import type { Plan } from '@groundcrew/runbook';
import type { Purpose } from './controller-events.ts';

/**
 * Decides whether a plan is run: who approved it, or `undefined` if nobody did. `signal` aborts when the answer is no longer
 * needed.
 */
export type Approve = (
  plan: Plan,
  purpose: Purpose,
  options: { readonly signal: AbortSignal },
) => Promise<{ readonly by: string } | undefined>;

/** `undefined` as `by`: nobody is asked. */
export type Answer = 'no' | 'waiting' | { readonly by: string | undefined };

interface Question {
  readonly digest: string;
  answer: Answer;
}

/**
 * The approvers' questions and their answers. A question is asked beside the rounds, so that one who takes an hour keeps nobody
 * from watching; the answer is for that digest alone, and counts only if a later round still wants the same.
 */
export class Approvals {
  readonly #approve: Approve | undefined;
  readonly #answered: (error: unknown) => void;
  readonly #questions = new Map<string, Question>();

  /** @param answered something was said; an error is a no */
  constructor(approve: Approve | undefined, answered: (error: unknown) => void) {
    this.#approve = approve;
    this.#answered = answered;
  }

  /** The answer so far; asks, if nobody was asked of this very plan. */
  of(host: string, plan: Plan, purpose: Purpose, signal: AbortSignal): Answer {
    if (this.#approve === undefined) return { by: undefined };
    const there = this.#questions.get(host);
    if (there !== undefined && (there.digest === plan.digest || there.answer === 'waiting'))
      return there.digest === plan.digest ? there.answer : 'waiting';
    const question: Question = { digest: plan.digest, answer: 'waiting' };
    this.#questions.set(host, question);
    void this.#ask(question, plan, purpose, signal);
    return question.answer;
  }

  /** Somebody is being asked, or has just agreed: what they were shown is not to change under them. */
  isOpen(host: string): boolean {
    const { answer = 'no' } = this.#questions.get(host) ?? {};
    return answer !== 'no';
  }

  /**
   * Drops the questions that are no longer wanted: they are asked anew when they are wanted again, as all are under a new
   * leader.
   */
  keep(wanted: (host: string) => boolean): void {
    for (const host of this.#questions.keys()) if (!wanted(host)) this.#questions.delete(host);
  }

  async #ask(question: Question, plan: Plan, purpose: Purpose, signal: AbortSignal): Promise<void> {
    let error: unknown;
    try {
      question.answer = (await this.#approve?.(plan, purpose, { signal })) ?? 'no';
    } catch (caught) {
      question.answer = 'no';
      error = caught;
    }
    if (!signal.aborted) this.#answered(error);
  }
}
