// What stands in a directory of logs and is none: told by its name, and the others are read.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { observe } from '../../src/index.ts';
import { readLogs } from '../../src/read.ts';
import { timelineOf } from '../../src/timeline.ts';
import { following, sourceOf } from './readings.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'groundcrew-bad-files-'));
});
afterEach(() => rm(directory, { recursive: true }));

const named = (name: string): string => path.join(directory, name);
const line = (message: string): string => `2026-11-30 03:12:00.264 7 INFO nova.api [-] ${message}\n`;

// Root reads whatever has bits against it: what cannot be read here is so for everybody.
test('a link that leads nowhere, a link in a circle, a pipe, another packing and a file that is no gzip', async () => {
  await writeFile(named('nova-api.log'), line('said'));
  await mkdir(named('a-folder.log'));
  await writeFile(path.join(named('a-folder.log'), 'inner.log'), line('inside'));
  await symlink(named('nowhere'), named('dangling.log'));
  await symlink(named('circle.log'), named('circle.log'));
  await symlink(named('a-folder.log'), named('link-to-a-folder.log'));
  execFileSync('mkfifo', [named('pipe.log')]);
  await writeFile(named('nova-api.log.2.xz'), 'xz');
  await writeFile(named('broken.log.gz'), 'no gzip');
  await writeFile(named('cut.log.gz'), gzipSync(line('packed').repeat(1_000)).subarray(0, 60));
  const wanted = [
    'broken.log.gz',
    'circle.log',
    'cut.log.gz',
    'dangling.log',
    'link-to-a-folder.log',
    'nova-api.log.2.xz',
    'pipe.log',
  ];
  const logs = await observe(directory);
  expect(logs.completeness).toBe('partial');
  expect([...new Set(logs.gaps.map(({ what }) => what))].toSorted()).toEqual(wanted);
  const reading = readLogs(directory);
  const messages: string[] = [];
  for await (const { source, message } of reading) messages.push(`${source} ${message}`);
  expect(messages).toEqual(expect.arrayContaining(['nova-api.log said', 'a-folder.log/inner.log inside']));
  const gaps = reading.report().gaps.map(({ what }) => what);
  expect([...new Set(gaps)].toSorted()).toEqual(wanted);
  const { completeness } = await timelineOf('req-none', { sources: [sourceOf(directory)] });
  expect(completeness).toBe('complete');
});

test('what is followed, and becomes a pipe, holds nothing up', async () => {
  await writeFile(named('nova-api.log'), line('said'));
  await writeFile(named('cinder.log'), line('of Cinder'));
  const { messages, gaps } = await following(directory, async () => {
    await rm(named('nova-api.log'));
    execFileSync('mkfifo', [named('nova-api.log')]);
    execFileSync('mkfifo', [named('other.log')]);
    await writeFile(named('late.log'), line('late'));
  });
  expect(messages.map((said) => said.replace('info nova.api: ', '')).toSorted()).toEqual([
    'late',
    'of Cinder',
    'said',
  ]);
  expect(gaps).toMatchObject([{ what: 'nova-api.log', kind: 'failed', why: 'it is no regular file' }]);
});

test('a directory of ten thousand files', async () => {
  for (let at = 0; at < 10_000; at += 500)
    await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        writeFile(named(`n${at + index}.log`), line(`of ${at + index}`)),
      ),
    );
  const { value, gaps } = await observe(directory);
  expect([value.files, value.records, gaps]).toEqual([10_000, 10_000, []]);
  expect((await following(directory)).messages).toHaveLength(10_000);
});
