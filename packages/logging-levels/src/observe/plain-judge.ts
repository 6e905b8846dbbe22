import { SecretHints } from '@groundcrew/ground';
import { isKnownAtInfo } from '../catalogue/entry-of.ts';
import type { Judge } from '../judge.ts';
import { PROGRESS } from '../judge/progress.ts';
import { mayAnswer } from '../http-answer.ts';
import type { PlainHead } from '../read/plain-head.ts';

/**
 * Tells of messages of one line, by their bytes, that no rule can have anything against them, and that none of those before waits for
 * them. Nearly all are such, so that text is made of few.
 */
export class PlainJudge {
  readonly #judge: Judge;
  #hints = new SecretHints('');

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  /** The lines that follow are in these bytes. */
  block(bytes: Buffer): void {
    this.#hints = new SecretHints(bytes.toString('latin1'));
  }

  /** Tells whether a line may hold a secret. Lines are asked for in order. */
  mayHoldSecret(start: number, end: number): boolean {
    return this.#hints.isIn(start, end);
  }

  /** Tells whether a line without a secret has to be judged as text. */
  mayOffend(bytes: Buffer, end: number, head: PlainHead, logger: string): boolean {
    if (this.#judge.isAfterCritical) return true;
    if (head.level === 'debug' || head.level === 'trace') return false;
    if (head.level !== 'info' || isKnownAtInfo(logger)) return true;
    const { messageStart } = head;
    if (mayBeKnown(bytes, messageStart)) {
      const last = Math.min(end, messageStart + LONGEST_BEGINNING);
      const beginning = bytes.toString('latin1', messageStart, last);
      if (PROGRESS.test(beginning) || beginning.startsWith('Traceback')) return true;
    }
    return this.#judge.waitsForStatus && mayAnswer(logger);
  }
}

/** Whether a message begins with the two letters of a word that is looked for, or with an instance: of most no text is made. */
function mayBeKnown(bytes: Buffer, start: number): boolean {
  const first = lower(bytes[start]);
  return first === lower(0x5b) || BEGINNINGS.has((first << 8) | lower(bytes[start + 1]));
}

const lower = (byte = 0): number => byte | 0x20;

/** The words that `PROGRESS` begins with, and that of a traceback. */
const BEGINNINGS: ReadonlySet<number> = new Set(
  ['st', 'at', 'tr', 'be', 'in', 'go', 'ab'].map((two) => (two.charCodeAt(0) << 8) | two.charCodeAt(1)),
);

/** The instance that stands first, and the words by which a rule knows a message at info. */
const LONGEST_BEGINNING = 120;
