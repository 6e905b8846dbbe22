import type { LogRecord } from '../parse.ts';
import type { Certainty } from '../rules.ts';
import { template } from '../template.ts';
import { momentOf } from '../moment.ts';

interface Said {
  message: string;
  at: string;
}

/** A notice that one process is to say once: what each process said last of it, by its number. */
export type NoticeKind = Map<string | undefined, Said>;

/** Tells which deprecations and hints one process says more than once. */
export class Notices {
  readonly #kinds = new Map<string, NoticeKind>();
  /** Notices, each counted for each process. */
  #said = 0;
  #unattributed = 0;

  /**
   * Notices that are there more than once, and not by which process: oslo.log's own format tells it (`%(process)d`, oslo_log
   * `_options.py`), a format of somebody's own need not. Several processes may have said each once.
   */
  get unattributed(): number {
    return this.#unattributed;
  }

  /** Which notice a message is, whatever it names; `undefined` if it is none. */
  kindOf(record: Pick<LogRecord, 'level' | 'logger' | 'message'>): NoticeKind | undefined {
    // A hundred thousand different notices are none: what varies that much is not one message.
    if (!isNotice(record) || this.#said > MOST_SAID) return undefined;
    const key = `${record.logger} ${template(record.message)}`;
    const kind = this.#kinds.get(key) ?? new Map<string | undefined, Said>();
    this.#kinds.set(key, kind);
    return kind;
  }

  /**
   * How certain it is that a notice is a repeated one: sure if the same words come twice within a second, in which no service of
   * OpenStack is started anew. Otherwise another process may have got the same number, or the notices differ in what they name.
   */
  repeated(kind: NoticeKind, { pid, message, at }: NoticeRecord): Certainty | undefined {
    if (this.#said > MOST_SAID) return undefined;
    const before = kind.get(pid);
    if (before === undefined) {
      kind.set(pid, { message, at });
      this.#said += 1;
      return undefined;
    }
    const isSure = before.message === message && isWithinASecond(before.at, at);
    before.message = message;
    before.at = at;
    if (pid !== undefined) return isSure ? 'sure' : 'likely';
    this.#unattributed += 1;
    return undefined;
  }
}

/** In nearly all cases the texts tell already: `2026-11-23 03:13` is the minute. */
function isWithinASecond(before: string, after: string): boolean {
  if (before === after) return before !== '';
  if (before.slice(0, MINUTE) === after.slice(0, MINUTE)) {
    const between = Math.abs(secondsOf(before) - secondsOf(after));
    if (!Number.isNaN(between)) return between <= 1;
  } else if (!isAtTheEdge(before) && !isAtTheEdge(after)) return false;
  const [first, second] = [momentOf(before, 0)?.ms, momentOf(after, 0)?.ms];
  return first !== undefined && second !== undefined && Math.abs(second - first) <= 1000;
}

/** Tells whether a time is in the last second of its minute, or is not written as oslo.log does. */
const isAtTheEdge = (at: string): boolean => at.length < 19 || at.slice(MINUTE + 1, 19) === '59';
/** `NaN` where a zone follows, or nothing. */
const secondsOf = (at: string): number =>
  at.length < 19 ? Number.NaN : Number(at.slice(MINUTE + 1).replace(',', '.'));
const MINUTE = 16;

type NoticeRecord = Pick<LogRecord, 'at' | 'pid' | 'message'>;

/** Tells whether a message is a deprecation or a hint. */
const isNotice = ({ level, message }: Pick<LogRecord, 'level' | 'message'>): boolean =>
  level === 'warning' && NOTICE.test(message);

const NOTICE = /deprecat|please use |is not recommended/i;
const MOST_SAID = 10_000;
