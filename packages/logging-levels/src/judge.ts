import { entryOf } from './catalogue/entry-of.ts';
import { Aftermath } from './judge/aftermath.ts';
import { isExpected } from './judge/expected.ts';
import { JudgedWords, type SaidAgain, type WordsVerdict } from './judge/judged-words.ts';
import { Notices } from './judge/notices.ts';
import type { JudgedOffence, Offence } from './judge/offence.ts';
import { PROGRESS } from './judge/progress.ts';
import { secretOf } from './judge/secret.ts';
import { tracebackCertainty } from './judge/traceback.ts';
import { WaitingForStatus } from './judge/waiting.ts';
import { type LogRecord, STDERR } from './parse.ts';
import { isOthers } from './read/log-format.ts';
import type { Certainty } from './rules.ts';

/** How many messages name no process. */
export interface UnattributedMessages {
  /** Notices that are there more than once: several processes may have said each once. */
  readonly notices: number;
  /** Messages at error and above: whether their process went on, or said it again, is not known. */
  readonly failures: number;
}

/** Judges records of one file, in order; `end()` gives what waited for a record that did not come. */
export class Judge {
  readonly #notices = new Notices();
  readonly #waiting = new WaitingForStatus();
  readonly #aftermath = new Aftermath();
  readonly #words = new JudgedWords();

  /**
   * Messages of which the process would have to be known, and is not: oslo.log's own format tells it (`%(process)d`, oslo_log
   * `_options.py`), a format of somebody's own need not.
   */
  get unattributed(): UnattributedMessages {
    return { notices: this.#notices.unattributed, failures: this.#aftermath.unattributed };
  }

  /** Whether a message is held until the status of its request is known. */
  get waitsForStatus(): boolean {
    return this.#waiting.size > 0;
  }

  /** Whether a process said something critical a short time ago, so that any message of it counts. */
  get isAfterCritical(): boolean {
    return this.#aftermath.criticals > 0;
  }

  /**
   * The offences that this record decides: its own, and those of records before it that waited for it.
   *
   * @param mayHaveSecret - `false` if it was looked through for secrets already, and has none
   */
  judge(record: LogRecord, mayHaveSecret = true): JudgedOffence[] {
    const offences: JudgedOffence[] = [];
    const secret = mayHaveSecret ? secretOf(record) : undefined;
    if (secret !== undefined) offences.push({ ...secret, record });
    // Nobody chose a level for what came past the logging.
    if (record.logger === STDERR || isOthers(record.format ?? 'oslo')) return offences;
    const own = isWordsOnly(record)
      ? this.#ofWords(record, this.#verdictOf(record)).map((offence) => ({ ...offence, record }))
      : this.#ofRecord(record);
    offences.push(...own, ...this.#waiting.see(record));
    // What the catalogue knows needs no further proof.
    offences.push(
      ...this.#aftermath.see(record).filter((after) => offenceOfCatalogue(after.record) === undefined),
    );
    return offences;
  }

  /**
   * As `judge`, of a warning of one line that has no secret, whose words were judged before: a service that repeats itself does so
   * thousands of times, and no record is made of these. `undefined`: more than its words decides, so that a record is needed.
   */
  judgeAgain(said: SaidAgain): Offence[] | undefined {
    if (said.pid === undefined || this.isAfterCritical || this.#aftermath.waitsFor(said.pid))
      return undefined;
    const verdict = this.#words.of(said);
    return verdict === undefined ? undefined : this.#ofWords(said, verdict);
  }

  end(): JudgedOffence[] {
    return this.#waiting.end();
  }

  /** The verdict on the words of a warning, which is made once. */
  #verdictOf(record: LogRecord): WordsVerdict {
    const before = this.#words.of(record);
    if (before !== undefined) return before;
    const verdict = { known: offenceOfCatalogue(record), notice: this.#notices.kindOf(record) };
    this.#words.keep(record, verdict);
    return verdict;
  }

  /** The offences of a message of which nothing but its words is judged, and whether its process said them before. */
  #ofWords(said: SaidAgain, verdict: WordsVerdict): Offence[] {
    const { known, notice } = verdict;
    const repeated = notice === undefined ? undefined : this.#notices.repeated(notice, said);
    if (repeated === undefined || known?.rule === 'repeated-notice')
      return known === undefined ? [] : [known];
    return known === undefined ? [REPEATED[repeated]] : [known, REPEATED[repeated]];
  }

  /** The offences of any other message. */
  #ofRecord(record: LogRecord): JudgedOffence[] {
    const known = offenceOfCatalogue(record);
    const ofText = this.#ofText(record).filter((offence) => offence.rule !== known?.rule);
    return known === undefined ? ofText : [{ ...known, record }, ...ofText];
  }

  #ofText(record: LogRecord): JudgedOffence[] {
    const offences: JudgedOffence[] = [];
    if (record.level === 'error' || record.level === 'critical') {
      if (isExpected(record) && entryOf(record) === undefined) offences.push(...this.#waiting.hold(record));
      return offences;
    }
    const own = offenceOfTraceback(record);
    if (own !== undefined) offences.push({ ...own, record });
    const notice = this.#notices.kindOf(record);
    const repeated = notice === undefined ? undefined : this.#notices.repeated(notice, record);
    if (repeated !== undefined) offences.push({ ...REPEATED[repeated], record });
    if (record.level === 'info' && PROGRESS.test(record.message))
      offences.push({ rule: 'progress-at-info', wanted: 'debug', certainty: 'likely', record });
    return offences;
  }
}

const repeatedNotice = (certainty: Certainty): Offence => ({
  rule: 'repeated-notice',
  wanted: undefined,
  certainty,
});

/** One for all, by which they are known again where they are counted. */
const REPEATED: Readonly<Record<Certainty, Offence>> = {
  sure: repeatedNotice('sure'),
  likely: repeatedNotice('likely'),
};

/** The offence by which the catalogue knows a record. */
function offenceOfCatalogue(record: LogRecord): Offence | undefined {
  const entry = entryOf(record);
  if (entry === undefined) return undefined;
  return { rule: entry.rule, wanted: entry.should, certainty: 'sure', entry: entry.id };
}

/** The offence of a traceback at info or warning. */
export function offenceOfTraceback(record: LogRecord): Offence | undefined {
  if (record.level !== 'info' && record.level !== 'warning') return undefined;
  const certainty = tracebackCertainty(record);
  return certainty === undefined ? undefined : { rule: 'traceback-below-error', wanted: 'error', certainty };
}

/** Whether a message is a warning of one line, of which its words alone decide. */
const isWordsOnly = (record: LogRecord): boolean =>
  record.level === 'warning' && record.more.length === 0 && offenceOfTraceback(record) === undefined;
