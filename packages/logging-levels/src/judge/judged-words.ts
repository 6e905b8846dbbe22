import type { LogRecord } from '../parse.ts';
import type { NoticeKind } from './notices.ts';
import type { Offence } from './offence.ts';

/** What the words of a warning decide, whoever says them and when. */
export interface WordsVerdict {
  /** The offence by which the catalogue knows it. */
  readonly known: Offence | undefined;
  /** What one process is to say once, if it is a notice. */
  readonly notice: NoticeKind | undefined;
}

/** A message of one line, as far as its words are judged. */
export type SaidAgain = Pick<LogRecord, 'at' | 'pid' | 'level' | 'logger' | 'message' | 'line' | 'more'>;

/** Verdicts on warnings, word for word: a service that repeats itself says the same thousands of times. */
export class JudgedWords {
  readonly #verdicts = new Map<string, Map<string, WordsVerdict>>();
  #size = 0;

  of({ logger, message }: Pick<LogRecord, 'logger' | 'message'>): WordsVerdict | undefined {
    return this.#verdicts.get(logger)?.get(message);
  }

  keep({ logger, message }: Pick<LogRecord, 'logger' | 'message'>, verdict: WordsVerdict): void {
    if (message.length > LONGEST) return;
    // Nothing is lost with them but time.
    if (this.#size >= MOST_VERDICTS) {
      this.#verdicts.clear();
      this.#size = 0;
    }
    const ofLogger = this.#verdicts.get(logger);
    if (ofLogger === undefined) this.#verdicts.set(logger, new Map([[message, verdict]]));
    else ofLogger.set(message, verdict);
    this.#size += 1;
  }
}

const LONGEST = 1_000;
const MOST_VERDICTS = 5_000;
