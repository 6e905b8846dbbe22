import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '@groundcrew/ground';
import { followLogs } from '../../src/follow.ts';
import { type LogRecord, observe } from '../../src/index.ts';
import { readLogs } from '../../src/read.ts';
import { Templates } from '../../src/templates.ts';
import { type ServiceLog, timelineOf } from '../../src/timeline.ts';

const said = ({ level, logger, message, more }: LogRecord): string =>
  [`${level} ${logger}: ${message}`, ...more].join('|');

/** What the records of a file say, by each of the ways to read one. */
export async function readings(directory: string, file: string): Promise<Readonly<Record<string, string[]>>> {
  const at = path.join(directory, file);
  const bytes = await readFile(at);
  return {
    'a file': await all(readLogs(at)),
    'a directory': await all(readLogs(directory)),
    'a stream in pieces of 7 bytes': await all(readLogs({ name: file, stream: inPieces(bytes, 7) })),
    'a stream in pieces of 4,093 bytes': await all(readLogs({ name: file, stream: inPieces(bytes, 4_093) })),
    'a file that is followed': await followed(directory),
  };
}

async function all(records: AsyncIterable<LogRecord>): Promise<string[]> {
  const messages: string[] = [];
  for await (const record of records) messages.push(said(record));
  return messages;
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What following tells from the beginning until nothing is written any more; `step` is done once, when all was read. */
async function followed(directory: string, step?: () => Promise<unknown>): Promise<string[]> {
  return (await following(directory, step)).messages;
}

export async function following(directory: string, step?: () => Promise<unknown>) {
  const stop = new AbortController();
  const steps = [...(step === undefined ? [] : [step]), async (): Promise<void> => {}];
  const clock: Clock = {
    now: () => 0,
    sleep: async () => {
      const next = steps.shift();
      if (next === undefined) {
        stop.abort();
        throw stop.signal.reason;
      }
      await next();
    },
  };
  const logs = followLogs(directory, { from: 'beginning', signal: stop.signal, clock });
  return { messages: await all(logs), gaps: logs.gaps() };
}

/** How many records each of those that count tells of. */
export async function counts(directory: string): Promise<Readonly<Record<string, number>>> {
  const observed = new Templates();
  const { value } = await observe(directory, { templates: observed });
  const templates = new Templates();
  for await (const record of readLogs(directory)) templates.add(record);
  return {
    observe: Object.values(value.formats).reduce((sum, count) => sum + count, 0),
    'templates by observe': observed.records,
    'templates by records': templates.records,
    timeline:
      (await timelineOf('req-none', { sources: [sourceOf(directory)] })).value.sources[0]?.records ?? -1,
  };
}

export const sourceOf = (directory: string): ServiceLog => ({
  service: 'nova-api',
  host: 'ctl-1',
  records: () => readLogs(directory),
});
