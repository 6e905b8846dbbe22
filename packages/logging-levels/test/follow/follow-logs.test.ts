import { appendFile, copyFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Clock } from '@groundcrew/ground';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followLogs, type FollowOptions, watchTemplates } from '../../src/follow.ts';
import { Templates } from '../../src/templates.ts';

let folder = '';
let log = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'groundcrew-follow-'));
  log = path.join(folder, 'nova.log');
});
afterEach(() => rm(folder, { recursive: true }));

const line = (message: string, level = 'INFO'): string =>
  `2026-11-23 03:13:00.264 1 ${level} nova.x [-] ${message}\n`;

/** Follows, and does one thing after another each time when all was read; then ends. */
async function follow(steps: readonly (() => Promise<unknown>)[], options: FollowOptions = {}) {
  const stop = new AbortController();
  const waiting = [...steps];
  const clock: Clock = {
    now: () => 0,
    sleep: async () => {
      const step = waiting.shift();
      if (step === undefined) {
        stop.abort();
        throw stop.signal.reason;
      }
      await step();
    },
  };
  const following = followLogs(folder, { signal: stop.signal, clock, ...options });
  const messages: string[] = [];
  for await (const record of following) messages.push([record.message, ...record.more].join('|'));
  return { messages, positions: following.positions(), gaps: following.gaps() };
}
const nothing = async (): Promise<void> => {};

test('what was there is not told, what is written is, and a message goes on until something else follows or nothing does', async () => {
  await writeFile(log, line('before'));
  const { messages } = await follow([
    () => appendFile(log, `${line('one')}${line('two')}`),
    () => appendFile(log, '  of two\n'),
    () => appendFile(log, line('three').slice(0, 20)),
    () => appendFile(log, line('three').slice(20)),
    nothing,
  ]);
  expect(messages).toEqual(['one', 'two|  of two', 'three']);
});

test('a file that is renamed is read to its end, then the new one from its beginning', async () => {
  await writeFile(log, line('before'));
  const { messages, gaps } = await follow([
    () => appendFile(log, line('one')),
    async () => {
      await appendFile(log, line('two'));
      await rename(log, `${log}.1`);
      await writeFile(log, line('three'));
    },
    nothing,
    () => writeFile(path.join(folder, 'cinder.log'), line('of Cinder')),
    nothing,
  ]);
  expect(messages).toEqual(['one', 'two', 'three', 'of Cinder']);
  expect(gaps).toEqual([]);
});

test('a file that is copied and cut is read from its beginning again', async () => {
  await writeFile(log, line('a long line before'));
  const { messages } = await follow([
    () => appendFile(log, line('one')),
    async () => {
      await copyFile(log, `${log}.1`);
      await truncate(log);
      await appendFile(log, line('two'));
    },
    nothing,
  ]);
  expect(messages).toEqual(['one', 'two']);
});

test('what was rotated and is gone is told, as its end may not have been read', async () => {
  await writeFile(log, line('before'));
  const { messages, gaps } = await follow([
    async () => {
      await rm(log);
      await writeFile(log, line('new'));
      // The inode of a file that is gone may be given to the next one.
      await rename(log, `${log}.x`).then(() => writeFile(log, line('new')));
      await rm(`${log}.x`);
    },
    nothing,
  ]);
  expect(messages).toEqual(['new']);
  expect(gaps).toMatchObject([{ what: 'nova.log', kind: 'failed' }]);
});

test('killed at any point, none is lost: what was open comes again, also out of a file that was rotated meanwhile', async () => {
  await writeFile(log, `${line('one')}${line('two')}  of two`);
  const first = await follow([], { from: 'beginning' });
  expect(first.messages).toEqual(['one', 'two|  of two']);
  // The caller was killed before the second was handed on: it has what it kept then.
  const kept = {
    version: 1,
    files: { 'nova.log': { ...first.positions.files['nova.log'], offset: line('one').length } },
  };
  await appendFile(log, '\n');
  await rename(log, `${log}.1`);
  await writeFile(log, line('three'));
  const second = await follow([nothing], { from: JSON.parse(JSON.stringify(kept)) as never });
  expect(second.messages).toEqual(['two|  of two', 'three']);
  expect(second.positions.files['nova.log']?.offset).toBe(line('three').length);
});

test('killed behind any message of what was read at once, and begun again, each message comes once', async () => {
  const all = ['one', 'two', 'three', 'four'];
  await writeFile(log, all.map((message) => line(message)).join(''));
  for (let most = 1; most <= all.length; most += 1) {
    const stop = new AbortController();
    const following = followLogs(folder, { from: 'beginning', signal: stop.signal, poll: 1 });
    const messages: string[] = [];
    for await (const { message } of following) {
      messages.push(message);
      if (messages.length === most) break;
    }
    const rest = await follow([nothing], { from: following.positions() });
    expect([...messages, ...rest.messages], `killed behind ${most}`).toEqual(all);
  }
});

test('positions that do not fit are refused by the name of the field', () => {
  const wrong = { version: 1, files: { x: { file: '1:2', offset: -1 } } };
  expect(() => followLogs(folder, { from: wrong as never })).toThrow(/from\.files\.x\.offset/);
  expect(() => followLogs(folder, { from: 'start' as never })).toThrow(/from/);
});

test('a kind of message that is new is told once, at its level and above', async () => {
  await writeFile(log, '');
  const known = new Templates();
  known.add({ logger: 'nova.x', level: 'error', message: 'Server 17 failed' });
  const stop = new AbortController();
  const steps = [
    () =>
      appendFile(
        log,
        `${line('Server 42 failed', 'ERROR')}${line('Disk 1 is gone', 'ERROR')}${line('Disk 2 is gone', 'ERROR')}${line('Late by 3 s', 'WARNING')}${line('fine 4')}`,
      ),
    nothing,
  ];
  const clock: Clock = {
    now: () => 0,
    sleep: async () => {
      const step = steps.shift();
      if (step === undefined) {
        stop.abort();
        throw stop.signal.reason;
      }
      await step();
    },
  };
  const watch = watchTemplates(followLogs(folder, { signal: stop.signal, clock }), {
    known,
    atLeast: 'error',
  });
  const found: string[] = [];
  watch.on('found', ({ template, record }) => found.push(`${template.text}: ${record.message}`));
  await watch.done;
  expect(found).toEqual(['Disk <*> is gone: Disk 1 is gone']);
  expect(watch.templates.records).toBe(3);
});
