import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { localHost } from '@groundcrew/runbook/hosts';
import { journal, journalExport, readLogs } from '../../src/read.ts';

const TIME = 1_764_471_180_264_123n;
const HEAD = '2025-11-30 03:13:00.264 42';
const REQUEST = 'req-662a1c85-82ae-4a35-bc39-7bcbd8992085';

const entry = (after: number, fields: Readonly<Record<string, string>>): string =>
  Object.entries({ __REALTIME_TIMESTAMP: String(TIME + BigInt(after)), ...fields })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

function binary(name: string, value: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(value.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, value, Buffer.from('\n')]);
}

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const ofNova = { _SYSTEMD_UNIT: 'nova-compute.service', _PID: '42' };
const EXPORT = Buffer.concat([
  Buffer.from(`${entry(0, { ...ofNova, MESSAGE: `${HEAD} ERROR nova.x [None ${REQUEST} - -] Failed` })}\n`),
  Buffer.from(`${entry(1, { SYSLOG_IDENTIFIER: 'kernel', PRIORITY: '3', MESSAGE: 'oops=1' })}\n`),
  Buffer.from(
    `${entry(2, { ...ofNova, MESSAGE: `${HEAD} ERROR nova.x Traceback (most recent call last):` })}\n`,
  ),
  Buffer.from(`${entry(3, { ...ofNova, MESSAGE: `${HEAD} ERROR nova.x ValueError: x` })}\n`),
  Buffer.from(
    entry(4, {
      LOGGER_NAME: 'cinder.x',
      LOGGER_LEVEL: 'WARNING',
      SYSLOG_IDENTIFIER: 'cinder-volume',
      REQUEST_ID: REQUEST,
    }),
  ),
  binary('MESSAGE', Buffer.from('two\nlines of é')),
  Buffer.from('\n'),
  Buffer.from(entry(5, { MESSAGE: 'cut off in the midd' }).slice(0, -8)),
]);

test.each([1, 7, 4_096])('the export format, in pieces of %i bytes', async (size) => {
  const records = [];
  for await (const record of readLogs(journalExport(inPieces(EXPORT, size), 'node-1'))) records.push(record);
  expect(records).toMatchObject([
    {
      at: '2025-11-30T02:53:00.264124Z',
      level: 'error',
      logger: 'kernel',
      message: 'oops=1',
      source: 'kernel',
      format: 'journal',
    },
    {
      at: '2025-11-30T02:53:00.264127Z',
      level: 'warning',
      logger: 'cinder.x',
      message: 'two',
      more: ['lines of é'],
      requestId: REQUEST,
      source: 'cinder-volume',
    },
    // The entry that was cut off is none.
    // The lines of one process are one message, though others wrote between them.
    {
      at: '2025-11-30T02:53:00.264123Z',
      level: 'error',
      logger: 'nova.x',
      requestId: REQUEST,
      message: 'Failed',
      more: ['Traceback (most recent call last):', 'ValueError: x'],
      source: 'nova-compute',
      format: 'oslo',
    },
  ]);
});

test('a field of an absurd length is passed over, and takes no memory', async () => {
  const length = Buffer.alloc(8, 0xff);
  const hostile = Buffer.concat([
    Buffer.from(`${entry(0, { MESSAGE: 'said' })}X\n`),
    length,
    Buffer.from('rest'),
  ]);
  const messages = [];
  for await (const { message } of readLogs(journalExport(inPieces(hostile, 3)))) messages.push(message);
  expect(messages).toEqual(['said']);
});

/** Prints entries as `journalctl -o json` does, from behind the cursor that it is given; one more than a page and a half. */
const JOURNALCTL = `
const after = process.argv.find((one) => one.startsWith('--after-cursor='))?.slice(15) ?? '0';
for (let at = Number(after) + 1; at <= 7500; at += 1)
  console.log(JSON.stringify({ __CURSOR: String(at), __REALTIME_TIMESTAMP: String(1764471180264000 + at), MESSAGE: at === 7 ? [110, 195, 164] : 'number ' + at, ARGS: process.argv.slice(2).join(' ') }));
`;

test('a host’s journal is read page by page, each entry once', async () => {
  const host = localHost({ prefix: [process.execPath, '-e', JOURNALCTL, '--'] });
  const messages: string[] = [];
  for await (const { message } of readLogs(journal(host, { unit: 'nova-*', since: '-1h' })))
    messages.push(message);
  expect(messages).toHaveLength(7_500);
  expect(new Set(messages).size).toBe(7_500);
  expect(messages[6]).toBe('nä');
});

test('a host without a journal throws; an option that is not known is refused', async () => {
  const host = localHost({ prefix: [process.execPath, '-e', 'process.exit(1)', '--'] });
  const read = async () => {
    const reading = readLogs(journal(host));
    for await (const record of reading) expect(record).toBeUndefined();
  };
  await expect(read()).rejects.toMatchObject({ name: 'CommandFailedError' });
  expect(() => journal(host, { units: 'x' } as never)).toThrow(/units/);
});
