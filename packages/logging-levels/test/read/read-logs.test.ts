import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import zlib from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLogs } from '../../src/read.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'groundcrew-read-'));
});
afterEach(() => rm(folder, { recursive: true }));

const line = (second: number, message: string): string =>
  `2026-11-23 03:13:${String(second).padStart(2, '0')}.264 1 INFO nova.x [-] ${message}`;

async function all(reading: ReturnType<typeof readLogs>) {
  const messages: string[] = [];
  for await (const record of reading)
    messages.push(`${record.source}:${record.line} ${[record.message, ...record.more].join('|')}`);
  return messages;
}

test('a directory: each log with its oldest file first, and a message over the end of one', async () => {
  await writeFile(path.join(folder, 'nova.log.2.gz'), gzipSync(`${line(1, 'oldest')}\n`));
  await writeFile(path.join(folder, 'nova.log.1'), `${line(2, 'older')}\n${line(3, 'begins')}\n`);
  await writeFile(path.join(folder, 'nova.log'), `  goes on\n${line(4, 'newest')}\n`);
  await writeFile(path.join(folder, 'cinder.log'), `${line(0, 'of Cinder')}\n`);
  await writeFile(path.join(folder, 'cinder.log-20261122'), `${line(0, 'of the day before')}\n`);
  const reading = readLogs(folder);
  expect(await all(reading)).toEqual([
    'cinder.log-20261122:1 of the day before',
    'cinder.log:1 of Cinder',
    'nova.log.2.gz:1 oldest',
    'nova.log.1:1 older',
    'nova.log.1:2 begins|  goes on',
    'nova.log:2 newest',
  ]);
  expect(reading.report().gaps).toEqual([]);
  const { sources } = reading.report();
  await all(reading);
  expect(reading.report().sources).toEqual(sources);
});

test.runIf(typeof zlib.zstdCompressSync === 'function')('zstd', async () => {
  await writeFile(path.join(folder, 'nova.log.1.zst'), zlib.zstdCompressSync(`${line(1, 'packed')}\n`));
  expect(await all(readLogs(folder))).toEqual(['nova.log.1.zst:1 packed']);
});

test('several formats in one file, and what is nobody’s: each counted', async () => {
  await writeFile(
    path.join(folder, 'all.log'),
    [
      'from a shell',
      line(1, 'of Nova'),
      '2026-11-29 20:51:39.917206+00:00 [info] <0.223.0> of RabbitMQ',
      '127.0.0.1 - - [29/Nov/2026:22:25:26 +0000] "GET /" 200 1',
      'glued to no access log',
      '{"asctime":"2026-11-23 03:13:00","levelname":"ERROR","name":"x","message":"of JSON","process":7}',
    ].join('\n'),
  );
  const reading = readLogs(path.join(folder, 'all.log'));
  const messages = await all(reading);
  expect(messages).toHaveLength(4);
  const { sources, gaps } = reading.report();
  expect(sources).toEqual([
    {
      source: 'all.log',
      records: 4,
      formats: { oslo: 1, rabbitmq: 1, 'apache-access': 1, 'oslo-json': 1 },
      strays: 2,
    },
  ]);
  expect(gaps).toMatchObject([{ what: 'all.log', kind: 'cut', why: '2 lines belong to no message' }]);
});

test('a stream, its chunks anywhere; what its source throws is thrown', async () => {
  async function* broken() {
    const bytes = Buffer.from(`${line(1, 'grün')}\n${line(2, 'rest')}\n`);
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    throw new Error('the connection broke');
  }
  const messages: string[] = [];
  const read = async () => {
    for await (const record of readLogs({ name: 'socket', stream: broken() })) messages.push(record.message);
  };
  await expect(read()).rejects.toThrow('the connection broke');
  expect(messages).toEqual(['grün']);
});

test('a gzip that ends early: what came is read, and it is said', async () => {
  const text = Array.from({ length: 20_000 }, (_, at) => line(at % 60, `number ${at}`)).join('\n');
  const packed = gzipSync(text);
  await writeFile(path.join(folder, 'nova.log.gz'), packed.subarray(0, packed.length / 2));
  const reading = readLogs(folder);
  const messages = await all(reading);
  expect(messages.length).toBeGreaterThan(1_000);
  expect(reading.report().gaps).toMatchObject([{ what: 'nova.log.gz', kind: 'failed' }]);
});

test('100 MB without a newline is one stray, in bounded memory', async () => {
  async function* endless() {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    for (let turn = 0; turn < 100; turn += 1) yield chunk;
    yield Buffer.from(`\n${line(1, 'after')}\n`);
  }
  const before = process.memoryUsage().rss;
  const reading = readLogs({ name: 'endless', stream: endless() });
  expect(await all(reading)).toEqual(['endless:2 after']);
  expect(reading.report().gaps.map(({ why }) => why)).toEqual([
    '1 lines belong to no message',
    '1 lines were read to their 65,536th byte only',
  ]);
  expect(process.memoryUsage().rss - before).toBeLessThan(80 * 2 ** 20);
});

test('a path that is not there, a source that is none, an option that is not known', async () => {
  await expect(all(readLogs(path.join(folder, 'none')))).rejects.toMatchObject({ code: 'config' });
  expect(() => readLogs({} as never)).toThrow(/neither a path nor a stream nor a journal/);
  expect(() => readLogs(folder, { since: '-1h' } as never)).toThrow(/since/);
});

test('a reading that is broken off closes its file', async () => {
  await writeFile(
    path.join(folder, 'nova.log'),
    Array.from({ length: 50_000 }, () => line(1, 'x')).join('\n'),
  );
  let count = 0;
  for await (const record of readLogs(folder)) {
    count += record.line > 0 ? 1 : 0;
    if (count === 3) break;
  }
  expect(count).toBe(3);
});
