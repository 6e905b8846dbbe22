import { RecordReader, type LogRecord } from '../../src/index.ts';

/** The records of a log as it stands. */
export function readText(text: string): LogRecord[] {
  const reader = new RecordReader();
  const lines = text.split('\n').filter((line) => line !== '');
  return [...lines.map((line) => reader.feed(line)), reader.end()].filter((record) => record !== undefined);
}
