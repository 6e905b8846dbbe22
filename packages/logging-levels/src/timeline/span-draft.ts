import type { Level } from '../level.ts';
import type { LogRecord } from '../parse.ts';
import { clientAnswer, clientRequest } from './client-lines.ts';
import { httpAnswer, type SeenAnswer } from '../http-answer.ts';
import { iso, type Moment } from '../moment.ts';
import { failureOf, isFailure, type SpanFailure } from './span-failure.ts';

/** What is known of one request inside a service while it is read. */
export interface RequestDraft {
  readonly requestId: string;
  readonly globalRequestId: string | undefined;
  /** The first record, or when the access line says that it began, which is earlier where nothing else was said. */
  began: Moment | undefined;
  last: Moment | undefined;
  records: number;
  /** The number of answers, and the first 20 of them. */
  answered: number;
  readonly answers: SeenAnswer[];
}

/** A call that a client library told of: when it was sent, and when its answer was there, by the caller's clock. */
export interface Exchange {
  readonly callerId: string;
  readonly calleeId: string;
  readonly sent: Moment | undefined;
  readonly received: Moment;
}

/** What is known of one service on one host while it is read. */
export class SpanDraft {
  began: Moment | undefined;
  last: Moment | undefined;
  records = 0;
  untimed = 0;
  wentBack = false;
  moreRequests = 0;
  moreExchanges = 0;
  isAnyFailed = false;
  isAnyRefused = false;
  isAnyAnswered = false;
  failure: SpanFailure | undefined;
  failedAt: number | undefined;
  readonly byLevel: Partial<Record<Level, number>> = {};
  readonly requests = new Map<string, RequestDraft>();
  readonly exchanges: Exchange[] = [];
  /** Requests that were sent and not yet answered: of equal ones the time of the first, which is the safe one for bounds. */
  readonly #sent = new Map<string, { readonly at: Moment; open: number }>();
  readonly #lastOfProcess = new Map<string, number>();
  readonly #mostRequests: number;

  constructor(mostRequests: number) {
    this.#mostRequests = mostRequests;
  }

  add(record: LogRecord, requestId: string, at: Moment | undefined): void {
    this.records += 1;
    this.byLevel[record.level] = (this.byLevel[record.level] ?? 0) + 1;
    if (at === undefined) this.untimed += 1;
    else {
      if (this.last === undefined || at.ms > this.last.ms) this.last = at;
      this.#follow(record.pid, at.ms);
    }
    if (isFailure(record)) this.#fail(record, at);
    const answer = httpAnswer(record, at);
    const began = beganBy(at, answer);
    this.began = earlier(this.began, began);
    this.#request(record, requestId, { at, began, answer });
    if (answer !== undefined) this.#answer(answer.status);
    if (at !== undefined) this.#exchange(record, requestId, at);
  }

  #follow(pid: string | undefined, ms: number): void {
    const key = pid ?? '';
    const before = this.#lastOfProcess.get(key);
    // Threads of one process may write out of order, by milliseconds.
    if (before !== undefined && ms < before - 1000) this.wentBack = true;
    if (before !== undefined || this.#lastOfProcess.size < MOST_PROCESSES) this.#lastOfProcess.set(key, ms);
  }

  #fail(record: LogRecord, at: Moment | undefined): void {
    this.isAnyFailed = true;
    const isEarlier =
      this.failure === undefined ||
      (at !== undefined && (this.failedAt === undefined || at.ms < this.failedAt));
    if (!isEarlier) return;
    this.failure = failureOf(record, iso(at?.ms));
    this.failedAt = at?.ms;
  }

  #answer(status: number): void {
    if (status >= 500) this.isAnyFailed = true;
    else if (status >= 400) this.isAnyRefused = true;
    else this.isAnyAnswered = true;
  }

  #request(record: LogRecord, requestId: string, { at, began, answer }: Told): void {
    let request = this.requests.get(requestId);
    if (request === undefined) {
      if (this.requests.size >= this.#mostRequests) {
        this.moreRequests += 1;
        return;
      }
      request = {
        // A copy: the id is a slice of its line, which V8 would keep with it.
        requestId: Buffer.from(requestId).toString(),
        globalRequestId: record.globalRequestId,
        began: undefined,
        last: undefined,
        records: 0,
        answered: 0,
        answers: [],
      };
      this.requests.set(request.requestId, request);
    }
    request.records += 1;
    request.began = earlier(request.began, began);
    if (at !== undefined && (request.last === undefined || at.ms > request.last.ms)) request.last = at;
    if (answer !== undefined) answerRequest(request, answer);
  }

  #exchange(record: LogRecord, callerId: string, at: Moment): void {
    const request = clientRequest(record);
    const answer = request === undefined ? clientAnswer(record) : undefined;
    if (request !== undefined) {
      const key = keyOf(record, callerId, request);
      const sent = this.#sent.get(key);
      if (sent !== undefined) sent.open += 1;
      else if (this.#sent.size < MOST_EXCHANGES) this.#sent.set(key, { at, open: 1 });
    }
    if (answer === undefined) return;
    const key = keyOf(record, callerId, answer);
    const sent = this.#sent.get(key);
    if (sent !== undefined) {
      sent.open -= 1;
      if (sent.open === 0) this.#sent.delete(key);
    }
    if (this.exchanges.length >= MOST_EXCHANGES) this.moreExchanges += 1;
    else this.exchanges.push({ callerId, calleeId: answer.requestId, sent: sent?.at, received: at });
  }
}

/** What one record tells of its request. */
interface Told {
  readonly at: Moment | undefined;
  readonly began: Moment | undefined;
  readonly answer: SeenAnswer | undefined;
}

/** The line is written when the answer is ready, and tells how long it took: before that, the request was there. */
const beganBy = (at: Moment | undefined, answer: SeenAnswer | undefined): Moment | undefined =>
  at === undefined || answer?.ownMs === undefined ? at : { ...at, ms: at.ms - answer.ownMs };

const earlier = (one: Moment | undefined, other: Moment | undefined): Moment | undefined =>
  one === undefined || (other !== undefined && other.ms < one.ms) ? other : one;

const later = (one: Moment | undefined, other: Moment | undefined): Moment | undefined =>
  one === undefined || (other !== undefined && other.ms > one.ms) ? other : one;

const MOST_PROCESSES = 1000;
const MOST_EXCHANGES = 5000;
const MOST_ANSWERS = 20;

const keyOf = (
  { pid }: LogRecord,
  callerId: string,
  { method, url }: { readonly method: string; readonly url: string },
): string => `${callerId} ${pid} ${method} ${url}`;

/** The line of a fault comes before the access line of the same answer, which tells more: they are one answer. */
function answerRequest(request: RequestDraft, answer: SeenAnswer): void {
  const last = request.answers.at(-1);
  if (
    last !== undefined &&
    last.method === undefined &&
    answer.method !== undefined &&
    last.status === answer.status
  ) {
    request.answers[request.answers.length - 1] = { ...answer, before: later(last.before, answer.before) };
    return;
  }
  request.answered += 1;
  if (request.answers.length < MOST_ANSWERS) request.answers.push(answer);
}
