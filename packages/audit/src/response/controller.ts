import { randomUUID } from 'node:crypto';
import { Emitter, milliseconds, parseArguments } from '@groundcrew/ground';
import { campaign, type LeadershipTerm, type Plan, type Refusal, type RunKeeper } from '@groundcrew/runbook';
import type { EventEmitter } from 'eventemitter3';
import type { ResponseControllerEvents } from './controller-events.ts';
import {
  type ControllerMemory,
  type RememberedResponse,
  rememberedResponses,
  leaving,
  thingOf,
  underway,
  withLeft,
  withoutSettled,
} from './controller-memory.ts';
import { controllerOptions, type ResponseControllerOptions } from './controller-options.ts';
import { decideResponses, type DueResponse } from './decide.ts';
import { settleNotices } from './notice-book.ts';
import { planResponses, type ResponseRefusalCode, type ResponseContext } from './plan-responses.ts';
import { checkChannels } from './policy.ts';
import { type Question, Questions } from './questions.ts';
import { responseRuns } from './runs.ts';

/** Carries out a policy: it notifies, waits for deadlines, asks for approval, acts, and tells the trail. */
export interface ResponseController {
  readonly events: EventEmitter<ResponseControllerEvents>;
  /** Something changed: look soon. Give it to a watch: `watch.events.on('found', () => controller.wake())`. */
  readonly wake: () => void;
  /**
   * Works until the signal aborts, then lets running steps end. While another holds the lease, it waits.
   *
   * @throws what `state.load` throws, StateCorruptError among it, if there is no lease; with one it tells `trouble`, makes
   *   way, and tries again
   */
  run(options: { readonly signal: AbortSignal }): Promise<void>;
}

/**
 * A controller of responses. Somebody is told at once, and from then on the deadline runs; what touches a thing is done
 * when somebody approved that very plan. It remembers nothing that its state, its notices and its journals do not keep:
 * kill it at any moment, start it or another one, and it goes on where that one was.
 *
 * @throws ResponsePolicyError if the policy tells a channel that is not there
 * @example
 * const controller = responseController({ cloud, look, policy, channels, notices, state, journal, approve, trail });
 * watch.events.on('found', controller.wake);
 * await controller.run({ signal });
 */
export const responseController = (options: ResponseControllerOptions): ResponseController =>
  new Controller(options);

/** Milliseconds between two looks at the least: a flood of events is no reason to read a cloud all the time. */
const GAP = 1_000;

class Controller implements ResponseController {
  readonly events: EventEmitter<ResponseControllerEvents> = new Emitter<ResponseControllerEvents>();
  readonly #options: ResponseControllerOptions;
  readonly #questions: Questions;
  readonly #runs: RunKeeper<ControllerMemory, readonly RememberedResponse[]>;
  #wakeUp = new AbortController();
  /** The time when the next deadline is over. */
  #deadline: number | undefined;
  /** The refusals that were told last, so that each is told once. */
  #refused = '[]';

  constructor(options: ResponseControllerOptions) {
    parseArguments('responseController', controllerOptions, options);
    checkChannels(
      options.policy,
      options.channels.map(({ name }) => name),
    );
    this.#options = options;
    this.#questions = new Questions(options.approve, this.wake);
    this.#runs = responseRuns(options, this.events, this.wake);
  }

  readonly wake = (): void => this.#wakeUp.abort();

  async run({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { cloud, lease, holder = HOLDER, interval = '1m' } = this.#options;
    await campaign(lease, this.events, (term) => this.#lead(term), {
      holder,
      signal,
      // `campaign` takes seconds.
      retryEvery: Math.min(milliseconds(interval), 10_000),
      clock: cloud.clock,
    });
  }

  async #lead(term: LeadershipTerm): Promise<void> {
    await this.#runs.load(term);
    const { signal } = term;
    while (!signal.aborted) {
      const began = this.#now();
      try {
        await this.#runs.resume(signal);
        await this.#round(signal);
      } catch (error) {
        if (!signal.aborted) this.events.emit('trouble', { error });
      }
      await this.#pause(began, signal);
    }
    this.#withdraw(() => false);
    await this.#runs.stop();
  }

  async #pause(began: number, signal: AbortSignal): Promise<void> {
    const { cloud, interval = '1m' } = this.#options;
    const sleep = (until: number, ended: AbortSignal): Promise<void> =>
      cloud.clock.sleep(Math.max(0, until - this.#now()), ended).catch(() => undefined);
    const next = Math.min(began + milliseconds(interval), this.#deadline ?? Number.POSITIVE_INFINITY);
    await sleep(next, AbortSignal.any([signal, this.#wakeUp.signal]));
    await sleep(began + GAP, signal);
    if (this.#wakeUp.signal.aborted) this.#wakeUp = new AbortController();
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { look, notices, policy } = this.#options;
    const { findings, context } = await look({ signal });
    const now = this.#now();
    const told = await settleNotices(notices, findings, now);
    await this.#runs.remember((memory) => withoutSettled(memory, findings, now));
    const decision = decideResponses(findings, policy, told, now);
    const deadlines = decision.pending.flatMap(({ at }) => (at === undefined ? [] : [Date.parse(at)]));
    this.#deadline = deadlines.toSorted((a, b) => a - b)[0];
    this.events.emit('decided', { findings, decision });
    const { memory } = this.#runs;
    const busy = underway(memory);
    const isLeft = leaving(memory, now);
    const due = decision.due.filter(
      (response) => !busy.has(thingOf(response.target)) && !isLeft(response, context.isInEffect?.(response)),
    );
    await this.#act(due, context, signal);
  }

  async #act(all: readonly DueResponse[], context: ResponseContext, signal: AbortSignal): Promise<void> {
    const { policy, holder = HOLDER } = this.#options;
    const planOf = (due: readonly DueResponse[]) =>
      planResponses({ due, pending: [], misfits: [] }, policy, context);
    const refusals: Refusal[] = [];
    const whole = planOf(all);
    // Too much at once: somebody is told, and nothing is touched.
    const asAWhole = whole.ok ? undefined : whole.refusals.find(({ code }) => AS_A_WHOLE.has(code));
    if (asAWhole !== undefined) refusals.push(asAWhole);
    const due = all.filter((response) => {
      if (asAWhole !== undefined)
        return asAWhole.code === 'audit.too-many-targets' && response.response.do === 'notify';
      const planned = planOf([response]);
      if (!planned.ok) refusals.push(...planned.refusals);
      return planned.ok;
    });
    this.#tellRefusals(refusals);
    const begin = async (some: readonly DueResponse[]): Promise<void> => {
      const planned = planOf(some);
      if (planned.ok) await this.#begin(planned.plan, some, holder, signal);
    };
    const {
      notify = [],
      tag = [],
      touch = [],
    } = Object.groupBy(due, ({ response }) =>
      response.do === 'notify' || response.do === 'tag' ? response.do : 'touch',
    );
    await begin(notify);
    await begin(tag);
    await this.#askAbout(touch, planOf, signal);
  }

  /** @param plan that very one which somebody approved */
  async #begin(plan: Plan, due: readonly DueResponse[], by: string, signal: AbortSignal): Promise<void> {
    const time = new Date(this.#now()).toISOString().replaceAll(/[:.-]/g, '');
    const journal = `responses-${time}-${randomUUID().slice(0, 8)}`;
    await this.#runs.begin(plan, { journal, by, about: rememberedResponses(due) }, signal);
  }

  async #askAbout(
    due: readonly DueResponse[],
    planOf: (due: readonly DueResponse[]) => ReturnType<typeof planResponses>,
    signal: AbortSignal,
  ): Promise<void> {
    this.#withdraw((question) => {
      const things = thingsOf(question.due);
      const planned = planOf(due.filter(({ target }) => things.has(thingOf(target))));
      return planned.ok && planned.plan.digest === question.plan.digest;
    });
    const answered = this.#questions.takeAnswered();
    for (const question of answered) await this.#heed(question, signal);
    const heeded = thingsOf(answered.flatMap((question) => question.due));
    const rest = due.filter(
      (response) => !this.#questions.covers(response) && !heeded.has(thingOf(response.target)),
    );
    const planned = planOf(rest);
    if (!planned.ok || signal.aborted) return;
    this.events.emit('asked', { plan: planned.plan });
    this.#questions.ask(planned.plan, rest);
  }

  async #heed({ plan, due, answer }: Question, signal: AbortSignal): Promise<void> {
    const { retry = '15m' } = this.#options;
    const at = this.#now();
    switch (answer.is) {
      case 'waiting':
        return;
      case 'approved':
        return this.#begin(plan, due, answer.by, signal);
      case 'declined': {
        await this.#runs.remember((memory) =>
          withLeft(memory, rememberedResponses(due), { why: 'declined', at }),
        );
        const reason = 'nobody approved the plan';
        const remedy = 'Mend it, or exempt it: it is not asked again while it is so.';
        this.events.emit('declined', { plan, refusals: [{ code: 'audit.not-approved', reason, remedy }] });
        return;
      }
      case 'failed': {
        const until = at + milliseconds(retry);
        await this.#runs.remember((memory) =>
          withLeft(memory, rememberedResponses(due), { why: 'failed', at, until }),
        );
        this.events.emit('trouble', { error: answer.error });
      }
    }
  }

  #withdraw(isWanted: (question: Question) => boolean): void {
    for (const { plan } of this.#questions.withdraw(isWanted)) this.events.emit('withdrawn', { plan });
  }

  #tellRefusals(refusals: readonly Refusal[]): void {
    const text = JSON.stringify(refusals);
    if (text === this.#refused) return;
    this.#refused = text;
    if (refusals.length > 0) this.events.emit('declined', { refusals });
  }

  #now(): number {
    return this.#options.cloud.clock.now();
  }
}

const HOLDER = 'response-controller';
/** Refusals of all, whatever is to be done. */
const AS_A_WHOLE: ReadonlySet<ResponseRefusalCode> = new Set(['audit.too-many-targets', 'audit.mode-audit']);

const thingsOf = (due: readonly DueResponse[]): ReadonlySet<string> =>
  new Set(due.map(({ target }) => thingOf(target)));
