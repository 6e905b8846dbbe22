import type { Plan } from '@groundcrew/runbook';
import { thingOf } from './controller-memory.ts';
import type { DueResponse } from './decide.ts';

/** Tells who approved the plan; `undefined`: nobody did. */
export type ApproveResponses = (
  plan: Plan,
  asked: {
    /** The reasons: the findings, and the response for each thing. */
    readonly due: readonly DueResponse[];
    /** Aborts when no answer is waited for any more. */
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly by: string } | undefined>;

export interface Question {
  /** The plan as it was shown: the run has its digest. */
  readonly plan: Plan;
  readonly due: readonly DueResponse[];
  readonly answer:
    | { readonly is: 'waiting' }
    | { readonly is: 'approved'; readonly by: string }
    | { readonly is: 'declined' }
    | { readonly is: 'failed'; readonly error: unknown };
}

interface Open {
  question: Question;
  readonly withdraw: AbortController;
}

/**
 * The questions that wait for an approval. A question is about certain things, and stands while the responses for them
 * stay the same: so a slow answer keeps no other thing from being asked about, and nobody approves what no longer
 * holds.
 */
export class Questions {
  readonly #approve: ApproveResponses;
  readonly #answered: () => void;
  #open: Open[] = [];

  constructor(approve: ApproveResponses, answered: () => void) {
    this.#approve = approve;
    this.#answered = answered;
  }

  ask(plan: Plan, due: readonly DueResponse[]): void {
    const withdraw = new AbortController();
    const open: Open = { question: { plan, due, answer: { is: 'waiting' } }, withdraw };
    this.#open.push(open);
    void this.#ask(open);
  }

  /** Tells whether a question about this thing is waiting. */
  covers = ({ target }: DueResponse): boolean =>
    this.#open.some(({ question }) =>
      question.due.some((response) => thingOf(response.target) === thingOf(target)),
    );

  /** Withdraws what is not wanted any more, and gives what was. */
  withdraw(isWanted: (question: Question) => boolean): readonly Question[] {
    const [kept, gone] = [true, false].map((wanted) =>
      this.#open.filter(({ question }) => isWanted(question) === wanted),
    );
    this.#open = kept ?? [];
    for (const { withdraw } of gone ?? []) withdraw.abort(new Error('it is not wanted any more'));
    return (gone ?? []).map(({ question }) => question);
  }

  /** Takes the questions that were answered; from then on they are no questions. */
  takeAnswered(): readonly Question[] {
    const answered = this.#open.filter(({ question }) => question.answer.is !== 'waiting');
    this.#open = this.#open.filter((open) => !answered.includes(open));
    return answered.map(({ question }) => question);
  }

  async #ask(open: Open): Promise<void> {
    const { plan, due } = open.question;
    const { signal } = open.withdraw;
    let answer: Question['answer'];
    try {
      const approval = await this.#approve(plan, { due, signal });
      answer = approval === undefined ? { is: 'declined' } : { is: 'approved', by: approval.by };
    } catch (error) {
      answer = { is: 'failed', error };
    }
    if (signal.aborted) return;
    open.question = { ...open.question, answer };
    this.#answered();
  }
}
