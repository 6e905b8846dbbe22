import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the lines of the README on what breaks run, and say what they say there', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const code = [...readme.matchAll(/```ts\n([^]*?)```/g)].find(([, block = '']) =>
    block.includes('compatibilityOf'),
  )?.[1];
  const folder = await mkdtemp(path.join(tmpdir(), 'compatibility-'));
  try {
    const file = path.join(folder, 'nova.conf');
    await writeFile(file, '[scheduler]\nscheduler_driver = filter_scheduler\n[DEFAULT]\ndebug = false\n');
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [
        '--conditions=@groundcrew/source',
        '--input-type=module-typescript',
        '--eval',
        (code ?? '').replace("readFile('/etc/nova/nova.conf'", `readFile(${JSON.stringify(file)}`),
      ],
      { cwd: import.meta.dirname },
    );
    expect(stderr).toBe('');
    const promised = [...(code ?? '').matchAll(/^\/\/ (.+[^…\n])$/gm)].map(([, line = '']) => line);
    expect(promised.length).toBeGreaterThan(1);
    for (const line of promised) expect(stdout.split('\n')).toContain(line);
  } finally {
    await rm(folder, { recursive: true });
  }
});
