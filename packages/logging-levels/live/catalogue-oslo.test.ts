import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { RecordReader } from '../src/index.ts';
import { messageCatalogue } from '../src/catalogue.ts';
import { entriesOf } from '../src/catalogue/entry-of.ts';
import { linePattern } from '../src/relevel/fluent-bit.ts';
import { quietFilters, relevel } from '../src/relevel.ts';

const EXAMPLES = messageCatalogue.flatMap((entry) => entry.examples.map((message) => ({ entry, message })));

/** What real oslo.log writes of these messages, in its default format. */
function written(): Promise<string[]> {
  const asked = EXAMPLES.map(({ entry, message }) =>
    JSON.stringify({
      options: {},
      name: entry.logger,
      level: entry.from.toUpperCase(),
      message,
      at: 1_700_000_000_264,
      pid: 7,
      instance: null,
      traceback: null,
      context: { request_id: 'req-9af9cf2b-8d4a-4b56-9c3a-5ea2a0d4e7a1', user_id: 'u', project_id: 'p' },
    }),
  );
  return new Promise((resolve, reject) => {
    const python = execFile(
      '/usr/bin/python3',
      [new URL('oslo-formatter.py', import.meta.url).pathname],
      (error, stdout) => {
        if (error !== null) reject(error);
        else
          resolve(
            stdout
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line) as string),
          );
      },
    );
    python.stdin?.end(`${asked.join('\n')}\n`);
  });
}

test('every message of the catalogue, as real oslo.log writes it, is its entry and no other', async () => {
  const lines = await written();
  expect(lines).toHaveLength(EXAMPLES.length);
  const patterns = new Map(
    (['error', 'warning', 'info'] as const)
      .flatMap((keep) => quietFilters({ keep }))
      .map((filter) => [filter.id, new RegExp(linePattern(filter))]),
  );
  for (const [index, { entry }] of EXAMPLES.entries()) {
    const reader = new RecordReader();
    reader.feed(lines[index] ?? '');
    const record = reader.end();
    if (record === undefined) throw new TypeError(`not read: ${lines[index]}`);
    expect(entriesOf(record).map(({ id }) => id)).toEqual([entry.id]);
    expect(relevel(record)).toMatchObject({ was: entry.from, level: entry.should });
    // What an operator's collector sees is the same line.
    expect(patterns.get(entry.id)?.test(lines[index] ?? '') ?? true, entry.id).toBe(true);
  }
});
