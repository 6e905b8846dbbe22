// A held lease kept the process alive until its holder gave it back (issue 9; Node's manual, "timeout.unref()").
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileLease } from '../../src/index.ts';

test('a process whose work is done ends, although it holds a lease and a journal', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-lease-'));
  try {
    const source = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href);
    const program = `
      import { fileJournal, fileLease } from ${source};
      await fileLease(process.argv[1]).acquire({ holder: 'child' });
      await fileJournal(process.argv[1] + '.journal').open({ holder: 'child' });
      console.log('held');`;
    const child = spawn(
      process.execPath,
      ['--conditions=@groundcrew/source', '--input-type=module', '-e', program, join(folder, 'lease')],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      const [said] = (await once(child.stdout, 'data')) as [Buffer];
      expect(said.toString()).toBe('held\n');
      if (child.exitCode === null) await once(child, 'exit');
      expect(child.exitCode).toBe(0);
    } finally {
      child.kill('SIGKILL');
    }
    // And it is free at once: whoever held it is dead.
    const held = await fileLease(join(folder, 'lease')).acquire({ holder: 'next' });
    expect(held.token).toBe(2);
    await held.release();
  } finally {
    await rm(folder, { recursive: true });
  }
}, 20_000);
