/**
 * The readiness report, on the simulated cloud unless a real one is named: `npx @groundcrew/readiness`, or `pnpm quickstart`
 * in a clone.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connect } from '@groundcrew/core';
import { importOptional, isGroundcrewError } from '@groundcrew/ground';
import { type ProgramManifest, readCommandLine, wrongCall } from '@groundcrew/ground/command-line';
import { Templates } from '@groundcrew/logging-levels/templates';
import { collect, type CollectOptions } from './collect.ts';
import { toHtml } from './html/page.ts';
import { showProgress } from './progress-line.ts';
import type { Report } from './report.ts';
import { readTemplates, saveTemplates } from './templates-file.ts';
import { toTerminal } from './terminal.ts';

/** Only a clone runs the source. */
const program = import.meta.filename.endsWith('.ts') ? 'pnpm quickstart' : 'npx @groundcrew/readiness';
type Flags = ReturnType<typeof declared>['options'];
const declared = (version: string) =>
  ({
    usage: `usage: ${program} [--os-cloud NAME] [--logs DIRECTORY] [--templates-before FILE] [--save-templates FILE] [--levels DIRECTORY] [--out DIRECTORY]

  --os-cloud NAME          a cloud of your clouds.yaml; without it, a simulated one (needs @groundcrew/sim)
  --logs DIRECTORY         judge the log files in it too
  --templates-before FILE  and tell what they say that is not among the templates in FILE, which --save-templates wrote
  --save-templates FILE    count their messages by template, and save that in FILE, for the next report
  --levels DIRECTORY       tell which log levels are lent, by the journals in it of levels set for a time (needs --os-cloud)
  --out DIRECTORY          where readiness.html and readiness.json go (default: out)
  --help, --version

It only reads the cloud. Exit code: 0 the report is written, whatever its verdict; 1 the cloud is not configured or does
not let the user in; 2 the flags are wrong.
`,
    version,
    options: {
      'os-cloud': { type: 'string' },
      logs: { type: 'string' },
      'templates-before': { type: 'string' },
      'save-templates': { type: 'string' },
      levels: { type: 'string' },
      out: { type: 'string', default: 'out' },
    },
  }) as const;

/** What the flags say, if none of them lacks another. */
function commandLine(args: readonly string[], version: string): ReturnType<typeof readCommandLine<Flags>> {
  const line = readCommandLine(args, declared(version));
  if (line.kind === 'end') return line;
  const { values } = line;
  const counting = (['templates-before', 'save-templates'] as const).find(
    (flag) => values[flag] !== undefined,
  );
  if (counting !== undefined && values.logs === undefined)
    return wrongCall(declared(version), `--${counting} needs --logs`);
  // A lease that was over would be none by a clock that is not of this world.
  if (values.levels !== undefined && values['os-cloud'] === undefined)
    return wrongCall(
      declared(version),
      '--levels needs --os-cloud, since a simulated cloud has a time of its own',
    );
  return line;
}

/** Runs the program: its exit code. */
export async function main(args: readonly string[], { version }: ProgramManifest): Promise<number> {
  const line = commandLine(args, version);
  if (line.kind === 'end') {
    process[line.stream].write(line.text);
    return line.code;
  }
  const { 'os-cloud': name, logs, levels, out } = line.values;
  const { 'templates-before': beforeFile, 'save-templates': saveFile } = line.values;
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
    const templates = saveFile === undefined ? undefined : new Templates();
    const templatesBefore = beforeFile === undefined ? undefined : await readTemplates(beforeFile);
    const options = { logs, levels, templates, templatesBefore, onProgress: progress.show };
    const report = name === undefined ? await onSimulated(options) : await onReal(name, options);
    progress.end();
    await save(report, out);
    if (saveFile !== undefined && templates !== undefined) await keep(saveFile, templates);
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

/** Of logs that had no message nothing is kept: the templates of a better day stay. */
async function keep(file: string, templates: Templates): Promise<void> {
  if (templates.records === 0) {
    process.stderr.write(`${file} is left as it was: the logs had no message\n`);
    return;
  }
  await saveTemplates(file, templates);
  process.stdout.write(
    `${file} has the templates of these logs, for --templates-before of the next report.\n`,
  );
}

async function save(report: Report, out: string): Promise<void> {
  const page = path.join(out, 'readiness.html');
  await writeFile(page, toHtml(report));
  await writeFile(path.join(out, 'readiness.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  process.stdout.write(toTerminal(report, { colour: process.stdout.isTTY }));
  process.stdout.write(`\n${page} and readiness.json are written.\n`);
}
