import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ensurePackages } from '@groundcrew/lab';
import { localHost } from '@groundcrew/runbook/hosts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogRecord } from '../src/index.ts';
import { journal, journalExport, readLogs } from '../src/read.ts';

// Journal files of real journald, written by systemd-journal-remote without a running systemd, and read by real journalctl.
const run = promisify(execFile);
const ENTRIES = 12_000;
let folder = '';
let file = '';

beforeAll(async () => {
  await ensurePackages(['systemd', 'systemd-journal-remote']);
  folder = await mkdtemp(path.join(tmpdir(), 'groundcrew-journald-'));
  file = path.join(folder, 'node.journal');
  const source = path.join(folder, 'node.export');
  await writeFile(source, Buffer.concat(Array.from({ length: ENTRIES }, (_, at) => entry(at))));
  await run('/lib/systemd/systemd-journal-remote', ['-o', file, source]);
}, 15 * 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const REQUEST = 'req-662a1c85-82ae-4a35-bc39-7bcbd8992085';
const MICROSECONDS = 1_764_471_180_000_000;

/** Of every thousand: lines of a service, a traceback over entries, a message of bytes with line feeds, and one of the kernel. */
function entry(at: number): Buffer {
  const time = `__REALTIME_TIMESTAMP=${MICROSECONDS + at}\n__MONOTONIC_TIMESTAMP=${at + 1}\n_BOOT_ID=0123456789abcdef0123456789abcdef\n`;
  const nova = `_SYSTEMD_UNIT=nova-compute.service\n_PID=42\nPRIORITY=6\n`;
  const head = `2025-11-30 02:53:00.000 42 ERROR nova.x`;
  const text = [
    `${nova}MESSAGE=${head} [None ${REQUEST} - - - - -] failed ${at}\n`,
    `${nova}MESSAGE=${head} Traceback (most recent call last):\n`,
    `${nova}MESSAGE=${head} [SQL: SELECT ${at}]\n`,
  ][at % 1_000];
  if (text !== undefined) return Buffer.from(`${time}${text}\n`);
  if (at % 1_000 === 3)
    return Buffer.from(`${time}SYSLOG_IDENTIFIER=kernel\nPRIORITY=2\nMESSAGE=oops ${at}\n\n`);
  const said = Buffer.from(`two\nlines, é, ${at}`);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(said.length));
  const fields = `${time}LOGGER_NAME=cinder.x\nLOGGER_LEVEL=WARNING\nSYSLOG_IDENTIFIER=cinder-volume\nREQUEST_ID=${REQUEST}\nMESSAGE\n`;
  return Buffer.concat([Buffer.from(fields), length, said, Buffer.from('\n\n')]);
}

const told = ({ at, level, logger, message, more, requestId, source }: LogRecord) =>
  JSON.stringify([at, level, logger, message, more, requestId, source]);
const toldOf = async (records: AsyncIterable<LogRecord>) =>
  (await Array.fromAsync(records)).map((record) => told(record)).toSorted();

test('what journalctl tells of a file, page by page, is what was written, and is what the export format has', async () => {
  const read = readLogs(journal(localHost(), { from: { file } }));
  const byHost = await Array.fromAsync(read);
  expect(read.report().gaps).toEqual([]);
  expect(byHost).toHaveLength(ENTRIES - 2 * (ENTRIES / 1_000));
  expect(byHost.filter(({ level }) => level === 'critical')).toHaveLength(ENTRIES / 1_000);
  expect(byHost.find(({ logger }) => logger === 'nova.x')).toMatchObject({
    at: '2025-11-30T02:53:00.000000Z',
    level: 'error',
    requestId: REQUEST,
    message: 'failed 0',
    more: ['Traceback (most recent call last):', '[SQL: SELECT 2]'],
    source: 'nova-compute',
  });
  expect(byHost.find(({ logger }) => logger === 'cinder.x')).toMatchObject({
    level: 'warning',
    message: 'two',
    more: ['lines, é, 4'],
    requestId: REQUEST,
    source: 'cinder-volume',
  });
  const exported = path.join(folder, 'again.export');
  await run('sh', ['-c', 'journalctl --file "$0" -o export > "$1"', file, exported]);
  const byExport = await toldOf(readLogs(journalExport(createReadStream(exported))));
  expect(byHost.map((record) => told(record)).toSorted()).toEqual(byExport);
}, 300_000);

test('a unit and a time are asked for as journalctl has them', async () => {
  const some = readLogs(
    journal(localHost(), { from: { file }, unit: 'nova-*', since: '2025-11-30 02:53:00 UTC' }),
  );
  const records = await Array.fromAsync(some);
  expect(new Set(records.map(({ source }) => source))).toEqual(new Set(['nova-compute']));
  expect(records).toHaveLength(ENTRIES / 1_000);
  // More than a page: a cursor and a time at once are refused by journalctl.
  const all = readLogs(journal(localHost(), { from: { file }, since: '2025-11-30 02:53:00 UTC' }));
  expect(await Array.fromAsync(all)).toHaveLength(ENTRIES - 2 * (ENTRIES / 1_000));
  const none = readLogs(journal(localHost(), { from: { file }, since: '2025-11-30 02:54:00 UTC' }));
  expect(await Array.fromAsync(none)).toEqual([]);
}, 120_000);

test('a journal that is not there throws what the host threw', async () => {
  const read = readLogs(journal(localHost(), { from: { file: path.join(folder, 'none.journal') } }));
  await expect(Array.fromAsync(read)).rejects.toMatchObject({ name: 'CommandFailedError' });
});
