import { SecretHints } from '@groundcrew/ground';
import type { PlainHead } from './read/plain-head.ts';
import { PROGRESS } from './rules.ts';

/**
 * Tells of messages of one line, by their bytes, that no rule can have anything against them. Nearly all are such, so that text is
 * made of few.
 */
export class PlainJudge {
  #hints = new SecretHints('');

  /** The lines that follow are in these bytes. */
  block(bytes: Buffer): void {
    this.#hints = new SecretHints(bytes.toString('latin1'));
  }

  /** Tells whether a rule may have something against a line. Lines are asked for in order. */
  mayOffend(bytes: Buffer, start: number, end: number, { level, messageStart }: PlainHead): boolean {
    if (this.#hints.isIn(start, end)) return true;
    if (level === 'debug' || level === 'trace') return false;
    if (level !== 'info') return true;
    const beginning = bytes.toString('latin1', messageStart, Math.min(end, messageStart + LONGEST_BEGINNING));
    return PROGRESS.test(beginning) || beginning.startsWith('Traceback');
  }
}

/** No word by which a rule knows a message at info is as long. */
const LONGEST_BEGINNING = 24;
