import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { uptimeLedger } from '../../src/uptime.ts';
import { sqliteUptime } from '../../src/uptime/sqlite.ts';
import { at, poll } from './evidence.ts';
import { storeContract } from './store-contract.ts';

const folderOf = (): Promise<string> => mkdtemp(join(tmpdir(), 'groundcrew-uptime-'));

async function folder(): Promise<string> {
  const path = await folderOf();
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const question = { from: at(0), to: at(60), staleness: '5m', skew: 0 } as const;

describe('the embedded store', () => {
  storeContract(async () => {
    const path = await folderOf();
    return {
      open: () => sqliteUptime(join(path, 'uptime.db')),
      end: () => rm(path, { recursive: true, force: true }),
    };
  }, 20);

  test('a file that is no ledger is refused by its code, and left as it is', async () => {
    const file = join(await folder(), 'notes.txt');
    const notes = 'not a database, and long enough to be taken for one'.repeat(50);
    await writeFile(file, notes);
    expect(() => sqliteUptime(file)).toThrow(expect.objectContaining({ code: 'uptime.unreadable' }) as Error);
    expect(await readFile(file, 'utf8')).toBe(notes);
  });

  test('a file that is cut off is an error, never a shorter history', async () => {
    const file = join(await folder(), 'uptime.db');
    const names = Array.from({ length: 500 }, (_, index) => `server-${index}`);
    const whole = await uptimeLedger({ store: sqliteUptime(file) });
    await whole.append(names.flatMap((name) => [0, 4, 8, 12].map((minute) => poll(name, minute))));
    await whole.close();
    const { length } = await readFile(file);
    await truncate(file, Math.floor(length / 2));
    const asked = (async () => {
      await using cut = await uptimeLedger({ store: sqliteUptime(file) });
      return cut.report({ ...question, of: 'server' });
    })();
    await expect(asked).rejects.toMatchObject({ name: 'UptimeError', code: 'uptime.unreadable' });
  });

  test('two processes write at once, and one is killed in between: what was told to be kept is there, once', async () => {
    const file = join(await folder(), 'uptime.db');
    const writer = fileURLToPath(new URL('writer.ts', import.meta.url));
    const safe = new Map<string, number>();
    const start = (name: string) => {
      const child = spawn(process.execPath, ['--conditions=@groundcrew/source', writer, file, name], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child.stdout.setEncoding('utf8');
      child.stdout.on('data', (text: string) => {
        for (const line of text.split('\n')) if (line !== '') safe.set(name, Number(line));
        if (name === 'killed' && (safe.get(name) ?? 0) >= 50) child.kill('SIGKILL');
      });
      return once(child, 'exit');
    };
    await Promise.all([start('killed'), start('whole')]);
    await using ledger = await uptimeLedger({ store: sqliteUptime(file) });
    expect(safe.get('whole')).toBe(200);
    const known = await ledger.subjects('server');
    for (const [name, last] of safe) {
      expect(known.find((each) => each.name === name)?.newest).toBeGreaterThanOrEqual(Date.parse(at(last)));
      const up = await ledger.of({ server: name }, { ...question, to: at(last) });
      expect(up.availability).toEqual({ lower: 1, upper: 1 });
    }
  });
});
