import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { compareDrill, type DrillEntry, drillHistory } from '../../src/index.ts';

const entry = (day: number, ms: number, more: Partial<DrillEntry> = {}): DrillEntry => ({
  at: `2026-03-${String(day).padStart(2, '0')}T10:00:00.000Z`,
  target: 'keystone',
  fault: 'kill keystone on api-2',
  healed: true,
  downtime: { ms, atMost: ms + 100 },
  ...more,
});

async function file(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'groundcrew-drills-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'drills.jsonl');
}

test('a file that is not there is an empty history, of which nothing is usual', async () => {
  const history = drillHistory(await file());
  expect(await history.read()).toEqual({ entries: [], unreadable: [] });
  expect(await history.check(entry(4, 100))).toMatchObject({ verdict: 'unknown', usual: undefined });
});

test('half a line of somebody who died costs that line only', async () => {
  const path = await file();
  const history = drillHistory(path);
  await history.append(entry(1, 100));
  await appendFile(path, '{"at":"2026-03-02T10:0');
  await history.append(entry(3, 120, { note: 'kept' }));
  const { entries, unreadable } = await history.read();
  expect(entries.map(({ at }) => at.slice(8, 10))).toEqual(['01', '03']);
  expect(entries[1]).toHaveProperty('note', 'kept');
  expect(unreadable).toEqual([2]);
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(4);
});

test('what is no drill is not kept', async () => {
  const history = drillHistory(await file());
  await expect(history.append({ ...entry(1, 1), downtime: { ms: -1, atMost: 0 } })).rejects.toThrow('ms');
  expect((await history.read()).entries).toEqual([]);
});

test('worse than usual is a regression, as far as it is certain', () => {
  const entries = [entry(1, 1_000), entry(2, 1_200), entry(3, 1_100)];
  const compare = (now: DrillEntry) => compareDrill(now, { entries, unreadable: [] }).verdict;
  expect(compare(entry(4, 1_300))).toBe('pass');
  expect(compare(entry(4, 2_500))).toBe('fail');
  expect(compare(entry(4, 1_000, { healed: false }))).toBe('fail');
  expect(compare(entry(4, 2_500, { fault: 'freeze keystone on api-2' }))).toBe('unknown');
  // Its error bar is not held against it.
  expect(compare(entry(4, 1_000, { downtime: { ms: 1_000, atMost: 9_000 } }))).toBe('pass');
  // Later drills say nothing about an earlier one.
  expect(compare(entry(2, 9_000))).toBe('unknown');
});

test('a history with unreadable lines does not say that all is well', () => {
  const entries = [entry(1, 1_000), entry(2, 1_200), entry(3, 1_100)];
  expect(compareDrill(entry(4, 1_000), { entries, unreadable: [2] }).verdict).toBe('unknown');
  expect(compareDrill(entry(4, 9_000), { entries, unreadable: [2] }).verdict).toBe('fail');
});
