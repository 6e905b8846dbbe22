import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fileNotices, memoryNotices, noticeKey, settleNotices } from '../../src/response.ts';
import { wrong } from './stage.ts';

const at = '2026-03-01T12:00:00.000Z';
const autumn = Date.parse('2026-10-01T12:00:00.000Z');
const keyOf = (id: string): string => noticeKey(wrong('server', id));

test('in memory and in a file: what is good ends its notices, what nobody saw does not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-notices-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'notices');
  for (const book of [memoryNotices(), fileNotices(file)]) {
    for (const id of ['good', 'exempt', 'unknown', 'fail', 'both', 'unseen'])
      await book.note([{ key: keyOf(id), channel: 'owner', at }]);
    const findings = [
      wrong('server', 'good', 'pass'),
      wrong('server', 'exempt', 'exempt'),
      wrong('server', 'unknown', 'unknown'),
      wrong('server', 'fail'),
      // Good as one region tells it, and not to be seen in the other.
      wrong('server', 'both', 'pass'),
      wrong('server', 'both', 'unknown'),
      wrong('server', 'never told of', 'pass'),
    ];
    const kept = ['unknown', 'fail', 'both', 'unseen'].map((id) => ({
      key: keyOf(id),
      channel: 'owner',
      at,
    }));
    expect(await settleNotices(book, findings, autumn)).toEqual(kept);
    expect(await book.read()).toEqual(kept);
    // Wrong again: told of again, with a time of its own.
    const again = { key: keyOf('good'), channel: 'owner', at: '2026-11-01T12:00:00.000Z' };
    await book.note([again]);
    expect(await book.read()).toEqual([...kept, again]);
  }
  expect(await fileNotices(file).read()).toHaveLength(5);
});

test('nothing to settle: nothing is written', async () => {
  const book = memoryNotices([{ key: keyOf('fail'), channel: 'owner', at }]);
  let writes = 0;
  const counting = { ...book, settle: async () => void (writes += 1) };
  await settleNotices(counting, [wrong('server', 'fail'), wrong('server', 'good', 'pass')], autumn);
  expect(writes).toBe(0);
});
