// Whatever is in a log, it is counted and reported, and ends nothing: however it is read, it is the same.
import { appendFile, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assess, observe } from '../../src/index.ts';
import { readLogs } from '../../src/read.ts';
import { noiseOf, noiseText, Templates, whatIsNew, whatIsNewText } from '../../src/templates.ts';
import { saidBetween, timelineOf, timelinePage, timelineText } from '../../src/timeline.ts';
import { counts, following, readings, sourceOf } from './readings.ts';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'groundcrew-bad-input-'));
  file = path.join(directory, 'nova-api.log');
});
afterEach(() => rm(directory, { recursive: true }));

const REQUEST = 'req-662a1c85-82ae-4a35-bc39-7bcbd8992085';
const at = (second: number): string => `2026-11-30 03:12:${String(second).padStart(2, '0')}.264`;
const line = (second: number, message: string, level = 'INFO'): string =>
  `${at(second)} 7 ${level} nova.api [None ${REQUEST} - - - - -] ${message}`;
const FIRST = `${line(1, 'first')}\n`;
const LAST = `${line(59, 'last')}\n`;

/** Bytes that look like nothing, the same in each run. */
function garbage(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 42;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = state >>> 16;
  }
  return bytes;
}

const deep = (levels: number): string =>
  `{"asctime":"2026-11-30 03:12:02","levelname":"INFO","name":"nova.api","message":"deep","process":7,"extra":${'['.repeat(levels)}${']'.repeat(levels)}}`;
const huge = (length: number): string =>
  JSON.stringify({
    asctime: '2026-11-30 03:12:02',
    levelname: 'INFO',
    name: 'nova.api',
    message: 'huge',
    process: 7,
    extra: 'x'.repeat(length),
  });

const CASES: readonly (readonly [what: string, bad: string | Buffer])[] = [
  ['nothing', ''],
  ['binary garbage', garbage(20_000)],
  ['a block of NUL, as a file system leaves it', Buffer.alloc(9_000)],
  ['NUL in a message', `${line(2, 'a\0b\0')}\n`],
  ['broken UTF-8', Buffer.from([...Buffer.from(line(2, 'caf')), 0xc3, 0x28, 0xff, 0xe2, 0x82, 0x0a])],
  ['line feeds alone', '\n\n\n\r\n\r\r\n'],
  ['lines as Windows ends them', `${line(2, 'carriage')}\r\n${line(3, 'return')}\r\n`],
  ['colours', `\u001B[01;31m${line(2, 'red')}\u001B[00m\n\u001B]0;title\u0007${line(3, 'titled')}\n`],
  ['a colour that never ends', `\u001B[${';'.repeat(5_000)}\n\u001B]${'x'.repeat(5_000)}\n`],
  [
    'formats that change',
    `${deep(1)}\n2026-11-30 03:12:02.917206+00:00 [info] <0.223.0> of RabbitMQ\n${line(4, 'of Nova')}\n10.0.0.7 - - [30/Nov/2026:03:12:05 +0000] "GET /" 200 1\n`,
  ],
  ['a clock that goes back', `${line(30, 'late')}\n${line(10, 'early')}\n`],
  [
    'two processes in one line',
    `${line(2, 'half a me')}${line(3, 'of another')}\nssage\n${at(4)} 7 INFO no${line(5, 'in a logger')}\n`,
  ],
  ['a level that is none', `${line(2, 'said', 'LOUD')}\n${line(3, 'said', 'VERYVERYLOUD')}\n`],
  ['JSON that is deep', `${deep(20_000)}\n${deep(100_000)}\n`],
  ['JSON that is huge', `${huge(30_000)}\n${huge(200_000)}\n`],
  ['JSON that is none', '{"asctime":\n{}\n{"message":7}\n[1]\nnull\n{"asctime":"x","levelname":"INFO"}\n'],
  ['a line past the bound, with a head', `${line(2, 'y'.repeat(70_000))}\n`],
  ['a line past the bound, of characters of several bytes', `${line(2, '漢'.repeat(30_000))}\n`],
  ['a message of very many lines', `${line(2, 'many')}\n${'  goes on\n'.repeat(2_500)}`],
  ['a mark of the order of bytes', `\uFEFF${line(2, 'marked')}\n`],
  ['separators of lines that are none', `${line(2, 'a\u2028b\u0085c\u000Bd\u000Ce')}\n`],
  ['half a surrogate', `${line(2, 'half \uD800 of it')}\n`],
];

describe.each(CASES)('%s', (_, bad) => {
  const write = (...ends: string[]): Promise<void> =>
    writeFile(file, Buffer.concat([Buffer.from(FIRST), Buffer.from(bad), Buffer.from(ends.join(''))]));

  test('however it is read, the same is read, and what stands around it', async () => {
    // What was cut in the middle of a line may swallow the next, and no more.
    await write('\n', LAST, LAST);
    const { 'a file': wanted = [], ...others } = await readings(directory, 'nova-api.log');
    expect(wanted[0]?.startsWith('info nova.api: first')).toBe(true);
    expect(wanted.at(-1)).toBe('info nova.api: last');
    for (const [how, found] of Object.entries(others)) expect(found, how).toEqual(wanted);
    const numbers = await counts(directory);
    expect(new Set(Object.values(numbers)), JSON.stringify(numbers)).toEqual(new Set([wanted.length]));
  });

  test('nothing of it acts on a terminal or a page', async () => {
    await write('\n', LAST);
    const sources = [sourceOf(directory)];
    const templates = new Templates();
    for await (const record of readLogs(directory)) templates.add(record);
    const timeline = await timelineOf(REQUEST, { sources });
    const news = await whatIsNew({ before: new Templates(), after: templates });
    const texts = [noiseText(noiseOf(templates)), whatIsNewText(news), timelineText(timeline)];
    // oxlint-disable-next-line no-control-regex
    for (const text of texts) expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001F\u007F-\u009F]/);
    // oxlint-disable-next-line no-control-regex
    expect(timelinePage(timeline)).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/);
    const said = await saidBetween(sources, { from: '2026-11-30T03:12:00Z', to: '2026-11-30T03:13:00Z' });
    expect(said.value.sources[0]?.records).toBeGreaterThan(0);
  });
});

test('a character that the edge of a block cuts in two is whole', async () => {
  const head = line(2, '');
  for (const before of [65_533, 65_534, 65_535]) {
    const filler = `${line(1, 'x'.repeat(before - head.length - line(1, '').length - 1))}\n`;
    await writeFile(file, `${filler}${head}漢字\n${LAST}`);
    expect(Buffer.byteLength(filler) + head.length).toBe(before);
    const read = await readings(directory, 'nova-api.log');
    for (const [how, found] of Object.entries(read))
      expect(found[1], `${how}, ${before}`).toBe('info nova.api: 漢字');
  }
});

test('400 MB without a line feed, in a file, are one line, in bounded memory', async () => {
  await writeFile(file, FIRST);
  await truncate(file, 400 * 2 ** 20);
  await appendFile(file, `\n${LAST}`);
  const before = process.memoryUsage().rss;
  const logs = await observe(directory);
  expect(logs.value.records).toBe(2);
  expect(logs.gaps.map(({ kind }) => kind)).toContain('cut');
  const { messages, gaps } = await following(directory);
  expect(messages.at(-1)).toBe('info nova.api: last');
  expect(gaps.map(({ kind }) => kind)).toContain('cut');
  expect(process.memoryUsage().rss - before).toBeLessThan(250 * 2 ** 20);
});

test('a message that holds a line of a log forges no record, no level and no template', async () => {
  const forged = `${at(2)} 7 CRITICAL nova.compute.manager [-] Disk is lost`;
  await writeFile(
    file,
    [
      line(1, `Creating server ${forged}`),
      line(2, `Creating server [${forged}]`),
      line(3, `Creating server \\n${forged}`),
      line(4, `Creating server \u2028${forged}`),
      line(5, `Creating server \r${forged}`),
      '',
    ].join('\n'),
  );
  const read = await readings(directory, 'nova-api.log');
  for (const [how, found] of Object.entries(read)) {
    expect(found, how).toHaveLength(5);
    expect(
      found.filter((said) => !said.startsWith('info nova.api: Creating server')),
      how,
    ).toEqual([]);
  }
  const templates = new Templates();
  const logs = await observe(directory, { templates });
  expect(logs.value.byLevel).toMatchObject({ info: 5, critical: 0 });
  expect(new Set(templates.counts().map(({ template }) => template.logger))).toEqual(new Set(['nova.api']));
  expect(assess(logs).filter(({ verdict }) => verdict === 'fail')).toEqual([]);
});

test('a file that is cut while it is read: what came is told, and that it was cut', async () => {
  await writeFile(file, `${line(1, 'x'.repeat(100))}\n`.repeat(20_000));
  const reading = readLogs(file);
  let records = 0;
  for await (const record of reading) {
    records += record.line > 0 ? 1 : 0;
    if (records === 1) await truncate(file, 10);
  }
  expect(records).toBeGreaterThan(0);
  expect(records).toBeLessThan(20_000);
  expect(reading.report().gaps).toMatchObject([
    { what: 'nova-api.log', kind: 'failed', why: expect.stringContaining('was cut while it was read') },
  ]);
});

test('a file that is replaced while it is read is read as it was', async () => {
  await writeFile(file, `${line(1, 'x'.repeat(100))}\n`.repeat(20_000));
  const reading = readLogs(directory);
  let records = 0;
  for await (const record of reading) {
    records += record.line > 0 ? 1 : 0;
    if (records !== 1) continue;
    await rm(file);
    const handle = await open(file, 'w');
    await handle.write(LAST);
    await handle.close();
  }
  expect(records).toBe(20_000);
  expect(reading.report().gaps).toEqual([]);
});
