import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ensureLab, ensurePackages, type Lab } from '@groundcrew/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLogs } from '../src/read.ts';

// lnav has a format of oslo.log of its own: what it and we make of the same files is the same.
let lab: Lab;
let folder = '';

beforeAll(async () => {
  lab = await ensureLab({});
  await ensurePackages(['lnav']);
  folder = await mkdtemp(path.join(tmpdir(), 'groundcrew-lnav-'));
  // Copies: the services go on writing.
  await cp(lab.logs, path.join(folder, 'logs'), { recursive: true });
}, 35 * 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('of every logger and level, lnav and we have the same number of messages', async () => {
  const names = await readdir(path.join(folder, 'logs'), { recursive: true });
  // Of what is no service's, lnav makes other formats.
  const logs = names
    .filter((name) => name.endsWith('.log') && !/(?:apt|setup)-|rabbit|mariadb/.test(name))
    .map((name) => path.join(folder, 'logs', name));
  const theirs = await countsOfLnav(logs);
  const ours: Record<string, number> = {};
  for (const log of logs)
    for await (const { format, logger, level } of readLogs(log))
      if (format === 'oslo') ours[`${logger} ${level}`] = (ours[`${logger} ${level}`] ?? 0) + 1;
  const total = Object.values(ours).reduce((sum, count) => sum + count, 0);
  console.log(`${total} messages of ${Object.keys(ours).length} loggers and levels, in ${logs.length} files`);
  expect(total).toBeGreaterThan(1_000);
  expect(ours).toEqual(theirs);
}, 600_000);

async function countsOfLnav(logs: readonly string[]): Promise<Record<string, number>> {
  const question = ';select logger, log_level, count(*) from openstack_log group by 1, 2';
  const { stdout } = await promisify(execFile)(
    'lnav',
    ['-n', '-c', question, '-c', ':write-csv-to -', ...logs],
    {
      // It keeps what it knows of files in the home of its user.
      env: { PATH: process.env['PATH'], HOME: folder, TERM: 'dumb' },
      maxBuffer: 2 ** 26,
      timeout: 500_000,
    },
  );
  const [, ...rows] = stdout.trim().split('\n');
  return Object.fromEntries(
    rows.map((row) => {
      const [logger, level, count] = row.split(',');
      return [`${logger} ${level}`, Number(count)];
    }),
  );
}
