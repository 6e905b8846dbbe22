import { open, readFile, truncate } from 'node:fs/promises';
import { StateCorruptError } from '@groundcrew/runbook';

/** Adds lines to a file, on the disk when it resolves. What a crash tore before is taken away: it was never promised. */
export async function appendLines(path: string, lines: readonly unknown[]): Promise<void> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    if (size > 0 && last.toString() !== '\n') {
      const text = await file.readFile();
      await truncate(path, text.lastIndexOf(10) + 1);
    }
    await file.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * The lines of a file, of which there may be none yet. A last line that a crash tore is passed over.
 *
 * @param parse throws on what is no such thing
 * @throws StateCorruptError that names the line
 */
export async function readLines<T>(path: string, what: string, parse: (value: unknown) => T): Promise<T[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    try {
      return [parse(JSON.parse(line))];
    } catch (cause) {
      if (index === lines.length - 1) return [];
      throw new StateCorruptError(`${path}:${index + 1}: is no ${what}`, {
        cause,
        remedy: 'Look at that line: nothing of the file was used, and nothing was overwritten.',
      });
    }
  });
}
