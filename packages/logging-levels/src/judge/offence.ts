import type { Level } from '../level.ts';
import type { LogRecord } from '../parse.ts';
import type { Certainty, RuleId } from '../rules.ts';

/** A message at a level that its meaning does not have. */
export interface Offence {
  readonly rule: RuleId;
  /** The level that it should have; `undefined`: it should not be there at all. */
  readonly wanted: Level | undefined;
  readonly certainty: Certainty;
  /** The id of the entry of the catalogue by which it is known. */
  readonly entry?: string | undefined;
}

/** An offence, and the message: it may be one before the message by which it was found. */
export interface JudgedOffence extends Offence {
  readonly record: LogRecord;
}
