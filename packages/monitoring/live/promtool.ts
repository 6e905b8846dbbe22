import { execFile } from 'node:child_process';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const FOLDER = path.join(tmpdir(), 'groundcrew-promtool');

/**
 * Path of Debian's promtool. The package is unpacked, not installed: its service is never started, and nothing of the
 * machine changes.
 */
async function promtool(): Promise<string> {
  for (const file of ['/usr/bin/promtool', path.join(FOLDER, 'usr/bin/promtool')])
    if (await stat(file).catch(() => undefined)) return file;
  const folder = await mkdtemp(`${FOLDER}-`);
  try {
    // A fresh container has no lists of packages.
    await run('apt-get', ['download', 'prometheus'], { cwd: folder }).catch(async () => {
      await run('apt-get', ['update']);
      await run('apt-get', ['download', 'prometheus'], { cwd: folder });
    });
    await run('sh', ['-c', 'dpkg -x prometheus_*.deb . && rm prometheus_*.deb'], { cwd: folder });
    // Unpacked by another at the same time, it is as good.
    await rename(folder, FOLDER).catch(() => undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return path.join(FOLDER, 'usr/bin/promtool');
}

/** Runs promtool and gives what it said, whether it was content or not. */
export async function runPromtool(
  args: readonly string[],
): Promise<{ readonly passed: boolean; readonly output: string }> {
  const file = await promtool();
  return new Promise((resolve) => {
    execFile(file, args, { maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ passed: error === null, output: `${stdout}${stderr}` }),
    );
  });
}
