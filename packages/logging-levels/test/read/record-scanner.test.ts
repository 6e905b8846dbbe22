import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogRecord, RecordReader } from '../../src/index.ts';
import { LineSplitter } from '../../src/read/byte-lines.ts';
import { RecordScanner } from '../../src/read/record-scanner.ts';

const REQUEST = 'req-662a1c85-82ae-4a35-bc39-7bcbd8992085';
const HEAD = `2026-11-23 03:13:00.264 10924`;
/** Lines as OpenStack and its neighbours write them, and such as nearly are ones. */
const LINES = [
  `${HEAD} INFO nova.x [None ${REQUEST} - - - - -] said`,
  `${HEAD} DEBUG nova.x [-] said [x] and said`,
  `${HEAD} ERROR nova.x [None ${REQUEST} - -] Failed`,
  `${HEAD} ERROR nova.x Traceback (most recent call last):`,
  `${HEAD} ERROR nova.x   File "x.py", line 1`,
  `${HEAD} ERROR nova.x [SQL: SELECT 1]`,
  `${HEAD} ERROR nova.x [parameters: {}] x`,
  `${HEAD} INFO nova.x [- - -] said`,
  `${HEAD} INFO nova.x [-x] said`,
  `${HEAD} INFO nova.x [None] said`,
  `${HEAD} INFO nova.x [Nonesuch] said`,
  `${HEAD} INFO nova.x [req-1 a b] said`,
  `${HEAD} INFO nova.x [instance: 4f1f9e8a-82ae-4a35-bc39-7bcbd8992085] bare`,
  `${HEAD} WARN nova.x [-] the short name`,
  `${HEAD} INFO nova.x [no end`,
  `${HEAD} INFO nova.x [-]no blank`,
  `${HEAD} INFO nova.x [-]`,
  `${HEAD} info nova.x [-] small`,
  `${HEAD} INFO nová.x [-] é`,
  `2026-11-23T03:13:00,1 INFO x [] a`,
  `2026-11-23 03:13:00 INFO x [i-1] a`,
  `2026-11-23 03:13:00.264 INFO x [a] \u001B[31mred\u001B[0m`,
  '2026-11-23 03:13:00.264851+00:00 [info] <0.684.0> of RabbitMQ',
  '2026-11-23 03:13:00.264',
  'Traceback (most recent call last):',
  '  File "y.py"',
  'ERROR:root:of basicConfig',
  'Exception ignored in: <x>',
  '{"asctime": "2026-11-23 03:13:00", "levelname": "INFO", "name": "x", "message": "json", "process": 1}',
  'nova-api.log:12:2026-11-23 03:13:00.264 1 INFO x [-] of grep',
  '',
  '\r',
  'é\uFFFD\u0000',
];

function byText(text: string): { records: LogRecord[]; strays: number } {
  const reader = new RecordReader();
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const records = [...lines.map((line) => reader.feed(line)), reader.end()];
  return { records: records.filter((record) => record !== undefined), strays: reader.strays };
}

function byBytes(text: string, sizes: readonly number[], isTaken: boolean) {
  const reader = new RecordReader();
  const records: LogRecord[] = [];
  const scanner = new RecordScanner(
    reader,
    {
      plain: (bytes, start, end, head) => {
        if (!isTaken) return false;
        // What is taken as bytes is what the reader of text would have made of the line.
        const alone = new RecordReader();
        alone.feed(bytes.toString('utf8', start, end), records.length);
        const record = alone.end();
        if (record === undefined) return false;
        expect(head.level).toBe(record.level);
        expect(bytes.toString('utf8', head.loggerStart, head.loggerEnd)).toBe(record.logger);
        expect(bytes.toString('utf8', head.messageStart, end)).toBe(record.message);
        records.push({ ...record, line: -1 });
        return true;
      },
      record: (record) => records.push(record),
    },
    true,
  );
  const splitter = new LineSplitter(scanner, { longLines: 0, tooLarge: false }, Infinity);
  const bytes = Buffer.from(text);
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    splitter.take(bytes.subarray(at, at + size));
    at += size;
  }
  splitter.end();
  scanner.end();
  return { records, strays: reader.strays };
}

test('property: by bytes the records are the same as by text, wherever the chunks end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...LINES), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      fc.constantFrom('\n', '\r\n'),
      (lines, sizes, isTaken, ending) => {
        const text = lines.map((line) => `${line}${ending}`).join('');
        const wanted = byText(text);
        const found = byBytes(text, sizes, isTaken);
        expect(found.strays).toBe(wanted.strays);
        // Whether a head has no context is for the reader of text alone.
        const numbered = (record: LogRecord) => ({
          ...record,
          line: isTaken ? -1 : record.line,
          bare: undefined,
        });
        expect(found.records.map((record) => numbered(record))).toEqual(
          wanted.records.map((record) => numbered(record)),
        );
      },
    ),
    { numRuns: 4_000 },
  );
});

test('a line of plain bytes is handed on as bytes, unless another follows that may belong to it', () => {
  const taken: string[] = [];
  const records: string[] = [];
  const scanner = new RecordScanner(
    new RecordReader(),
    {
      plain: (bytes, start, end) => taken.push(bytes.toString('utf8', start, end)) > 0,
      record: (record) => records.push([record.message, ...record.more].join('|')),
    },
    true,
  );
  const splitter = new LineSplitter(scanner, { longLines: 0, tooLarge: false }, Infinity);
  splitter.take(
    Buffer.from(`${HEAD} INFO x [-] one\n${HEAD} INFO x [-] two\n  more\n${HEAD} INFO x [-] last\n`),
  );
  splitter.end();
  scanner.end();
  expect(taken).toEqual([`${HEAD} INFO x [-] one`]);
  // Of the last line of a block it is not known yet what follows.
  expect(records).toEqual(['two|  more', 'last']);
});
