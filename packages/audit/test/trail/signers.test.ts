import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sqliteStore } from '../../src/trail.ts';
import { type SharedPlace, twoSigners } from './signers.ts';

// In PostgreSQL: packages/audit/live/trail/signers.test.ts.

async function place(): Promise<SharedPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-signers-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'trail.db');
  return {
    open: () => sqliteStore(file),
    args: ['--file', file],
    anchorsOf: (name) => join(folder, `anchors-${name}`),
  };
}

test('two processes write, sign, redact and retire one file, 100 rounds each: it verifies, then and all the while', async () => {
  const { end, verified } = await twoSigners(await place(), 100);
  expect(end).toMatchObject({ ok: true });
  expect(end.from).toBeGreaterThan(1);
  expect(verified).toBeGreaterThan(0);
});

test('one of them is killed between any two acts, ten times: it verifies, then and all the while', async () => {
  // Round 3, 10, 17, … redacts, and 20, 45, … retires.
  const { end } = await twoSigners(await place(), 80, [
    '0:4',
    '3:6',
    '10:8',
    '17:9',
    '20:7',
    '24:10',
    '45:12',
    '45:16',
    '52:11',
    '70:14',
  ]);
  expect(end).toMatchObject({ ok: true });
  expect(end.from).toBeGreaterThan(1);
});
