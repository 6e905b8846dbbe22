/**
 * The readiness report, on the simulated cloud unless a real one is named: `npx @groundcrew/readiness`, or `pnpm quickstart`
 * in a clone.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connect } from '@groundcrew/core';
import { importOptional, isGroundcrewError } from '@groundcrew/ground';
import { type ProgramManifest, readCommandLine } from '@groundcrew/ground/command-line';
import { collect, type CollectOptions } from './collect.ts';
import { toHtml } from './html/page.ts';
import { showProgress } from './progress-line.ts';
import type { Report } from './report.ts';
import { toTerminal } from './terminal.ts';

/** Only a clone runs the source. */
const program = import.meta.filename.endsWith('.ts') ? 'pnpm quickstart' : 'npx @groundcrew/readiness';
const declared = (version: string) =>
  ({
    usage: `usage: ${program} [--os-cloud NAME] [--logs DIRECTORY] [--out DIRECTORY]

  --os-cloud NAME    a cloud of your clouds.yaml; without it, a simulated one (needs @groundcrew/sim)
  --logs DIRECTORY   judge the log files in it too
  --out DIRECTORY    where readiness.html and readiness.json go (default: out)
  --help, --version

It only reads the cloud. Exit code: 0 the report is written, whatever its verdict; 1 the cloud is not configured or does
not let the user in; 2 the flags are wrong.
`,
    version,
    options: {
      'os-cloud': { type: 'string' },
      logs: { type: 'string' },
      out: { type: 'string', default: 'out' },
    },
  }) as const;

/** Runs the program: its exit code. */
export async function main(args: readonly string[], { version }: ProgramManifest): Promise<number> {
  const line = readCommandLine(args, declared(version));
  if (line.kind === 'end') {
    process[line.stream].write(line.text);
    return line.code;
  }
  const { 'os-cloud': name, logs, out } = line.values;
  try {
    // Before anything is asked: a report that cannot be kept is not worth its time.
    await mkdir(out, { recursive: true });
  } catch (error) {
    process.stderr.write(`${out}: no reports can be written there: ${(error as Error).message}\n`);
    return 1;
  }
  // A report that goes into a file or another program is not mixed with what is only of use while one looks at it.
  const progress = showProgress(process.stdout.isTTY ? process.stderr : undefined);
  try {
    const options = { logs, onProgress: progress.show };
    const report = name === undefined ? await onSimulated(options) : await onReal(name, options);
    progress.end();
    await save(report, out);
    return 0;
  } catch (error) {
    progress.end();
    if (!isGroundcrewError(error)) throw error;
    process.stderr.write(`${error.message}\n${error.remedy === undefined ? '' : `  ${error.remedy}\n`}`);
    return 1;
  }
}

async function onReal(name: string, options: CollectOptions): Promise<Report> {
  await using cloud = connect({ cloud: name });
  return await collect(cloud, options);
}

/** The same client, over HTTP, on a cloud that has everything a report should find. */
async function onSimulated(options: CollectOptions): Promise<Report> {
  const { simulateCloud } = await importOptional(
    '@groundcrew/sim',
    () => import('@groundcrew/sim'),
    'A report on a simulated cloud (no --os-cloud was given)',
  );
  const simulated = simulateCloud({ scenario: 'site' });
  const door = await simulated.listen({ port: 0 });
  try {
    await using cloud = connect({ ...door.connectOptions, clock: simulated.clock });
    return await collect(cloud, { ...options, name: 'a simulated cloud' });
  } finally {
    await door.close();
  }
}

async function save(report: Report, out: string): Promise<void> {
  const page = path.join(out, 'readiness.html');
  await writeFile(page, toHtml(report));
  await writeFile(path.join(out, 'readiness.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  process.stdout.write(toTerminal(report, { colour: process.stdout.isTTY }));
  process.stdout.write(`\n${page} and readiness.json are written.\n`);
}
