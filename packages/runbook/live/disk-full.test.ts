import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ONCE, saidOf, Subject } from '../test/fixtures/subject.ts';

const execute = promisify(execFile);

test('the disk is full, at every moment of a run: it is interrupted, and goes on when there is room', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-full-'));
  const disk = join(folder, 'disk');
  await mkdir(disk);
  const said = new Set<string>();
  // It gets full by pages of 4 KiB. The lease takes one, the journal one, and there is no other: the longer the plan that
  // is its first record, the earlier the journal needs more.
  for (let pad = 0; pad < 4000; pad += 140) {
    await execute('mount', ['-t', 'tmpfs', '-o', 'size=32k,mode=700', 'tmpfs', disk]);
    try {
      await writeFile(join(disk, 'ballast'), Buffer.alloc(6 * 4096));
      const subject = new Subject(await mkdtemp(join(folder, 'run-')), disk);
      const first = await subject.live({ pad });
      const end = first.said.at(-1) ?? '';
      if (end.startsWith('outcome succeeded')) continue;
      expect(end).toMatch(/^outcome interrupted .* ENOSPC/);
      said.add(String(first.said.length));
      const started = saidOf(first.said, /^recorded step-started (.*)/);
      expect(started).toEqual(expect.arrayContaining(saidOf(first.said, /^performs (.*)/)));
      await rm(join(disk, 'ballast'));
      expect(await subject.finish({ pad })).toEqual(ONCE);
    } finally {
      await execute('umount', [disk]);
    }
  }
  // It struck in different places.
  expect(said.size).toBeGreaterThanOrEqual(8);
  await rm(folder, { recursive: true });
});
