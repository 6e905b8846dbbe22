import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ensurePackages, waitUntil } from '@groundcrew/lab';
import { localHost } from '@groundcrew/runbook/hosts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followLogs, type FollowPositions } from '../src/follow.ts';
import type { LogRecord } from '../src/index.ts';
import { journal } from '../src/read.ts';

// Real systemd-journal-remote writes to a journal while real journalctl is asked for it, and both die in between.
const run = promisify(execFile);
let folder = '';
const writers: ChildProcessWithoutNullStreams[] = [];

beforeAll(async () => {
  await ensurePackages(['systemd', 'systemd-journal-remote']);
  folder = await mkdtemp(path.join(tmpdir(), 'groundcrew-follow-journald-'));
}, 15 * 60_000);
afterAll(async () => {
  for (const child of writers) await end(child);
  await rm(folder, { recursive: true, force: true });
});

function writer(file: string): ChildProcessWithoutNullStreams {
  const child = spawn('/lib/systemd/systemd-journal-remote', ['-o', file, '-']);
  child.stderr.pipe(process.stderr);
  writers.push(child);
  return child;
}
async function end(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin.end();
  await ended;
}

let number = 0;
function entry(pid: number, unit: string, message: string): string {
  number += 1;
  const micros = Date.now() * 1000;
  return `__REALTIME_TIMESTAMP=${micros}\n__MONOTONIC_TIMESTAMP=${number}\n_BOOT_ID=0123456789abcdef0123456789abcdef\n_HOSTNAME=node-1\n_SYSTEMD_UNIT=${unit}.service\n_PID=${pid}\nPRIORITY=6\nMESSAGE=${message}\n\n`;
}
const HEAD = '2026-11-30 02:53:00.000 42';

/** A traceback of one process, with a line of another in between, and a message of the kernel. */
function step(at: number): string {
  const nova = (text: string) => entry(100 + (at % 3), 'nova-compute', text);
  return [
    nova(`${HEAD} ERROR nova.x [-] failed ${at}`),
    entry(1, 'kernel', `oops ${at}`),
    nova(`${HEAD} ERROR nova.x Traceback (most recent call last):`),
    entry(7, 'cinder-volume', `${HEAD} INFO cinder.x [-] fine ${at}`),
    nova(`${HEAD} ERROR nova.x ValueError: ${at}`),
  ].join('');
}
const expectedOf = (at: number): string[] => [
  `failed ${at}|Traceback (most recent call last):|ValueError: ${at}`,
  `oops ${at}`,
  `fine ${at}`,
];
const told = ({ message, more }: LogRecord): string => [message, ...more].join('|');
const newest = async (at: readonly string[]): Promise<string> =>
  (await run('journalctl', [...at, '-n', '1', '-o', 'cat', '-q'])).stdout.trim();
const kept = (positions: FollowPositions): FollowPositions =>
  JSON.parse(JSON.stringify(positions)) as FollowPositions;

test('the reader begins again and again, journalctl is killed in the middle of an answer: no message is lost, none comes twice', async () => {
  const file = path.join(folder, 'node.journal');
  const flag = path.join(folder, 'kill');
  const killed = path.join(folder, 'killed');
  const child = writer(file);
  child.stdin.write(entry(1, 'kernel', 'before'));
  await waitUntil(async () => (await newest([`--file=${file}`]).catch(() => '')) === 'before', {
    within: 30_000,
    what: 'the first entry',
  });
  // The shell is the command that dies: what it has printed by then is a part of an answer.
  const script =
    'if [ -e "$0" ]; then rm "$0"; echo x >>"$1"; shift; "$@" | head -c 700; kill -9 $$; fi; shift; exec "$@"';
  const host = localHost({ name: 'node-1', prefix: ['sh', '-c', script, flag, killed] });
  const STEPS = 24;
  const expected = Array.from({ length: STEPS }, (_, at) => expectedOf(at)).flat();
  const messages: string[] = [];
  const gaps: string[] = [];
  let written = 0;
  const writeNext = (): void => {
    if (written < STEPS) child.stdin.write(step(written));
    written += 1;
  };
  let from: 'end' | FollowPositions = 'end';
  for (let reader = 0; messages.length < expected.length; reader += 1) {
    if (reader % 2 === 1) await writeFile(flag, '');
    const following = followLogs(journal(host, { from: { file } }), {
      from,
      poll: '250ms',
      signal: AbortSignal.timeout(120_000),
    });
    // It begins at the newest entry, and only then is something written.
    const first = setInterval(() => {
      if (written === 0 && following.positions().journals?.['node-1'] !== undefined) writeNext();
      gaps.push(...following.gaps().map(({ what, kind }) => `${what} ${kind}`));
    }, 20);
    let count = 0;
    for await (const record of following) {
      messages.push(told(record));
      from = kept(following.positions());
      count += 1;
      writeNext();
      if (count === 5 + (reader % 4) || messages.length === expected.length) break;
    }
    clearInterval(first);
    expect(count).toBeGreaterThan(0);
  }
  expect(messages.toSorted()).toEqual(expected.toSorted());
  expect((await readFile(killed, 'utf8')).length).toBeGreaterThan(2);
  expect(new Set(gaps)).toEqual(new Set(['node-1 failed']));
}, 300_000);

test('a journal that dropped what was not read yet: a gap, and all that it still has', async () => {
  const directory = path.join(folder, 'many');
  await mkdir(directory);
  const old = writer(path.join(directory, 'a.journal'));
  old.stdin.write(entry(1, 'kernel', 'before'));
  const at = [`--directory=${directory}`];
  await waitUntil(async () => (await newest(at).catch(() => '')) === 'before', {
    within: 30_000,
    what: 'the first entry',
  });
  const stop = new AbortController();
  const following = followLogs(journal(localHost({ name: 'node-1' }), { from: { directory } }), {
    poll: '250ms',
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(120_000)]),
  });
  const messages: string[] = [];
  const reading = (async () => {
    for await (const record of following) {
      messages.push(told(record));
      if (messages.length === 4) stop.abort();
    }
  })();
  await waitUntil(async () => following.positions().journals?.['node-1'] !== undefined, {
    within: 30_000,
    what: 'a position',
  });
  old.stdin.write(entry(1, 'kernel', 'one'));
  await waitUntil(async () => messages.length === 1, { within: 30_000, what: 'the first message' });
  await end(old);
  const later = writer(path.join(folder, 'b.journal'));
  later.stdin.write(['two', 'three', 'four'].map((message) => entry(1, 'kernel', message)).join(''));
  await end(later);
  await rm(path.join(directory, 'a.journal'));
  await run('mv', [path.join(folder, 'b.journal'), directory]);
  await reading;
  expect(messages).toEqual(['one', 'two', 'three', 'four']);
  expect(following.gaps()).toMatchObject([{ what: 'node-1', kind: 'cut' }]);
}, 200_000);
