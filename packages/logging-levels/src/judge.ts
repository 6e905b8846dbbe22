import { entryOf } from './catalogue/entry-of.ts';
import { Aftermath } from './judge/aftermath.ts';
import { isExpected } from './judge/expected.ts';
import { JudgedWords, type SaidAgain } from './judge/judged-words.ts';
import { isNotice, Notices } from './judge/notices.ts';
import type { JudgedOffence, Offence } from './judge/offence.ts';
import { PROGRESS } from './judge/progress.ts';
import { secretOf } from './judge/secret.ts';
import { tracebackCertainty } from './judge/traceback.ts';
import { WaitingForStatus } from './judge/waiting.ts';
import { type LogRecord, STDERR } from './parse.ts';
import { isOthers } from './read/log-format.ts';

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
    const known = offenceOfCatalogue(record);
    this.#keepWords(record, known);
    if (known !== undefined) offences.push({ ...known, record });
    const ofText = this.#ofText(record).filter((offence) => offence.rule !== known?.rule);
    offences.push(...ofText, ...this.#waiting.see(record));
    // What the catalogue knows needs no further proof.
    offences.push(
      ...this.#aftermath.see(record).filter((after) => offenceOfCatalogue(after.record) === undefined),
    );
    return offences;
  }

  /**
   * As `judge`, of a message of one line at warning that has no secret, if the same words were judged before and nothing but
   * them decides. `undefined`: it has to be judged as a record.
   */
  judgeAgain(said: SaidAgain): Offence[] | undefined {
    if (said.pid === undefined || this.isAfterCritical || this.#aftermath.waitsFor(said.pid))
      return undefined;
    const verdict = this.#words.of(said);
    if (verdict === undefined) return undefined;
    const { known } = verdict;
    const repeated = verdict.isNotice ? this.#notices.repeated(said) : undefined;
    const offences = known === undefined ? [] : [known];
    if (repeated === undefined || known?.rule === 'repeated-notice') return offences;
    return [...offences, { rule: 'repeated-notice', wanted: undefined, certainty: repeated }];
  }

  #keepWords(record: LogRecord, known: Offence | undefined): void {
    if (record.level !== 'warning' || record.more.length > 0 || offenceOfTraceback(record) !== undefined)
      return;
    this.#words.keep(record, { known, isNotice: isNotice(record) });
  }

  end(): JudgedOffence[] {
    return this.#waiting.end();
  }

  #ofText(record: LogRecord): JudgedOffence[] {
    const offences: JudgedOffence[] = [];
    if (record.level === 'error' || record.level === 'critical') {
      if (isExpected(record) && entryOf(record) === undefined) offences.push(...this.#waiting.hold(record));
      return offences;
    }
    const own = offenceOfTraceback(record);
    if (own !== undefined) offences.push({ ...own, record });
    const repeated = this.#notices.repeated(record);
    if (repeated !== undefined)
      offences.push({ rule: 'repeated-notice', wanted: undefined, certainty: repeated, record });
    if (record.level === 'info' && PROGRESS.test(record.message))
      offences.push({ rule: 'progress-at-info', wanted: 'debug', certainty: 'likely', record });
    return offences;
  }
}

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
