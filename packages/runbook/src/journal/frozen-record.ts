import { frozenJson } from '../json.ts';
import type { JournalRecord } from './journal.ts';

/** The record as a storage gives it back: a reader cannot tell the difference, nor change it. @throws NotJsonError */
export const frozenRecord = (record: Readonly<Record<keyof JournalRecord, unknown>>): JournalRecord =>
  frozenJson(record, 'record') as unknown as JournalRecord;
