/**
 * `pnpm quickstart [--os-cloud NAME] [--logs DIR] [--out DIR]`: the readiness report, on the simulated cloud unless a
 * real one is named.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { connect, isGroundcrewError } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import { collect } from './collect.ts';
import { toHtml } from './html/page.ts';
import type { Report } from './report.ts';
import { toTerminal } from './terminal.ts';

const usage = `usage: pnpm quickstart [--os-cloud NAME] [--logs DIRECTORY] [--out DIRECTORY]

  --os-cloud NAME    a cloud of your clouds.yaml; without it, a simulated one
  --logs DIRECTORY   judge the log files in it too
  --out DIRECTORY    where readiness.html and readiness.json go (default: out)
`;

async function main(): Promise<number> {
  const flags = readFlags();
  if (flags === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  const { 'os-cloud': name, logs, out } = flags;
  try {
    // Before anything is asked: a report that cannot be kept is not worth its time.
    await mkdir(out, { recursive: true });
  } catch (error) {
    process.stderr.write(`${out}: no reports can be written there: ${(error as Error).message}\n`);
    return 1;
  }
  try {
    const report = name === undefined ? await onSimulated(logs) : await onReal(name, logs);
    await save(report, out);
    return 0;
  } catch (error) {
    if (!isGroundcrewError(error)) throw error;
    process.stderr.write(`${error.message}\n${error.remedy === undefined ? '' : `  ${error.remedy}\n`}`);
    return 1;
  }
}

function readFlags() {
  try {
    // pnpm hands on the `--` that people write before flags.
    const args = process.argv.slice(2).filter((one) => one !== '--');
    return parseArgs({
      args,
      options: {
        'os-cloud': { type: 'string' },
        logs: { type: 'string' },
        out: { type: 'string', default: 'out' },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return undefined;
  }
}

async function onReal(name: string, logs: string | undefined): Promise<Report> {
  await using cloud = connect({ cloud: name });
  return collect(cloud, { logs });
}

/** The same client, over HTTP, on a cloud that has everything a report should find. */
async function onSimulated(logs: string | undefined): Promise<Report> {
  const simulated = simulateCloud({ scenario: 'site' });
  const door = await simulated.listen({ port: 0 });
  try {
    await using cloud = connect({ ...door.connectOptions, clock: simulated.clock });
    return await collect(cloud, { name: 'a simulated cloud', logs });
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

process.exitCode = await main();
