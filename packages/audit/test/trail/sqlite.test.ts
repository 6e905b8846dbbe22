import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openTrail, sqliteStore } from '../../src/trail.ts';
import { all, storeContract } from './store-contract.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'groundcrew-trail-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe('the embedded store', () => {
  storeContract(async () => {
    const path = await mkdtemp(join(tmpdir(), 'groundcrew-trail-'));
    return {
      open: () => sqliteStore(join(path, 'trail.db')),
      end: () => rm(path, { recursive: true, force: true }),
    };
  }, 25);

  test('a writer that is killed in mid-append: what it was told is safe is there, and the rest follows', async () => {
    const file = join(await folder(), 'trail.db');
    const writer = fileURLToPath(new URL('writer.ts', import.meta.url));
    let safe = 0;
    for (let kill = 0; kill < 6; kill += 1) {
      const child = spawn(process.execPath, ['--conditions=@groundcrew/source', writer, file, String(safe)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child.stdout.setEncoding('utf8');
      // oxlint-disable-next-line no-loop-func -- it ends within its turn
      child.stdout.on('data', (text: string) => {
        for (const line of text.split('\n')) if (line !== '') safe = Math.max(safe, Number(line));
        if (safe >= (kill + 1) * 300) child.kill('SIGKILL');
      });
      await once(child, 'exit');
    }
    await using trail = await openTrail({ store: sqliteStore(file) });
    const kept = new Set((await all(trail.find())).map(({ event }) => event.id));
    for (let id = 1; id <= safe; id += 1) expect(kept.has(`event-${id}`), `event-${id}`).toBe(true);
    expect(await trail.verify()).toMatchObject({ ok: true, records: kept.size });
  });

  test('a file that is no database is refused, and left as it is', async () => {
    const file = join(await folder(), 'notes.txt');
    await writeFile(file, 'not a database, and long enough to be taken for one'.repeat(50));
    for (const [path, why] of [
      [file, /not a database/],
      [join(file, 'below'), /unable to open/],
    ] as const)
      expect(caught(() => sqliteStore(path))).toMatchObject({
        code: 'trail.unreadable',
        message: expect.stringMatching(why),
      });
    for (const path of ['', 5, null])
      expect(caught(() => sqliteStore(path as never))).toMatchObject({ code: 'input', field: 'file' });
  });
});

function caught(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
