import type { Gap } from '@groundcrew/ground';
import type { Level } from '../level.ts';
import type { MessageTally } from './tally.ts';
import type { Template } from './template-id.ts';

/** One side of a change. */
export interface TemplateSide extends MessageTally {
  /** Its part of the records at levels that both logs have, from 0 to 1. */
  readonly share: number;
}

export interface TemplateChange {
  /**
   * `appeared`: it is not in the logs before. `relevelled`: it is said at a level at which it was not. `risen`: it is a much larger
   * part of the records. `vanished`: it is not in the logs after.
   */
  readonly kind: 'appeared' | 'relevelled' | 'risen' | 'vanished';
  readonly template: Template;
  /** The worst of its levels after; of what has vanished, before; of what was relevelled, of those that are new. */
  readonly level: Level;
  /** The levels at which it was not said before; all of them where it has appeared. */
  readonly gained: readonly Level[];
  /**
   * Of what appeared the template before that has `<*>` where this one has words: it may be the same message, with a name
   * that has no digit. `undefined` where there is none.
   */
  readonly variantOf?: Template | undefined;
  readonly before: TemplateSide | undefined;
  readonly after: TemplateSide | undefined;
}

export interface CorpusSize {
  readonly records: number;
  readonly templates: number;
  /** The least level that was heard; `undefined` without a record. */
  readonly lowestLevel: Level | undefined;
}

/** What one log says that another does not. */
export interface WhatIsNew {
  readonly before: CorpusSize;
  readonly after: CorpusSize;
  /** The worst level first, at one level what appeared first, variants behind the others, then the most frequent; what vanished is last. */
  readonly changes: readonly TemplateChange[];
  /**
   * What could not be compared: templates that were too many to be kept, and levels below all that one of the logs has, which may
   * have been switched off.
   */
  readonly gaps: readonly Gap[];
}
