import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { hostileBodies } from './hostile-bodies.ts';
import { type Measurement, startServer } from './measure.ts';

/** MiB that one body may cost, however large it is. */
const MEMORY = 64;

/**
 * Time and memory that hostile bodies take, each in a process of its own beside a plain error of the same length on the wire:
 * the time is what the processor worked, the memory by how much the process grew.
 */
export async function bench(): Promise<Measurement[]> {
  const server = await startServer(0, 'bodies-server.ts');
  try {
    const results: Measurement[] = [];
    for (const [index, { name }] of hostileBodies.entries()) {
      const plain = await measured(server.url, `plain-${index}`);
      const hostile = await measured(server.url, `hostile-${index}`);
      results.push(
        {
          name: `${name}, against a plain error of that length`,
          value: hostile.milliseconds,
          unit: 'ms',
          baseline: plain.milliseconds,
          ratio: hostile.milliseconds / plain.milliseconds,
          aim: 3,
        },
        {
          name: `${name}: memory, against ${MEMORY} MiB`,
          value: hostile.mebibytes,
          unit: 'MiB',
          baseline: MEMORY,
          ratio: hostile.mebibytes / MEMORY,
          aim: 1,
        },
      );
    }
    return results;
  } finally {
    await server.stop();
  }
}

const run = promisify(execFile);

async function measured(
  url: string,
  name: string,
): Promise<{ readonly milliseconds: number; readonly mebibytes: number }> {
  const script = path.join(import.meta.dirname, 'bodies-client.ts');
  const { stdout } = await run(process.execPath, ['--conditions=@groundcrew/source', script, url, name]);
  return JSON.parse(stdout) as { milliseconds: number; mebibytes: number };
}
