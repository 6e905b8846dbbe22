/**
 * `node .ci/live.ts FOLDER`: which files of the live suites CI runs. It writes their paths to `FOLDER/live-files`, one a line,
 * and what is left out to `FOLDER/live-left-out.json`, which `count.mjs` reads.
 *
 * With `LIVE=all` every file runs; else as many as take `LIVE_MINUTES` (20): CI has 45 minutes in all. In a shallow clone, and where no
 * commit is 24 hours older than the last, every file has something to prove.
 */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readCommandLine } from '../packages/ground/src/command-line.ts';
import { changedFiles } from './changed-files.ts';
import { withinBudget } from './live-budget.ts';
import { everything, type ImportGraph, type LiveSelection, selectLive } from './live-selection.ts';
import { smokeFiles } from './live-smoke.ts';
import { type Manifest, root, workspacePackages } from './workspace.ts';

function select(): LiveSelection {
  const files = globSync('packages/*/live/**/*.test.ts', { cwd: root }).toSorted();
  if (process.env['LIVE'] === 'all') return everything(files, 'LIVE=all');
  const smoke = Object.values(smokeFiles);
  const changed = changedFiles(root);
  return withinBudget(selectLive({ changed, graph: imports(), files, smoke }), {
    seconds: Number(process.env['LIVE_MINUTES'] ?? 20) * 60,
    took: (file) => seconds.get(file),
    always: smoke,
    first: files.filter((file) => changed?.includes(file) === true),
    turn: execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
  });
}

/** What each file took in a whole run on two cores. */
const seconds = new Map<string, number>(
  Object.entries(JSON.parse(readFileSync(path.join(import.meta.dirname, 'live-seconds.json'), 'utf8'))),
);

const namesIn = ({ dependencies, devDependencies, peerDependencies }: Manifest): string[] =>
  Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });

/** The dependencies that the manifests declare. A package's own tests import its development dependencies as well. */
function imports(): ImportGraph {
  const packages = workspacePackages();
  const folders = new Map(packages.map(({ folder, manifest }) => [manifest.name, folder]));
  return new Map(
    packages.map(({ folder, manifest }) => [
      folder,
      namesIn(manifest).flatMap((name) => {
        const imported = folders.get(name);
        return imported === undefined ? [] : [imported];
      }),
    ]),
  );
}

const line = readCommandLine(process.argv.slice(2), {
  usage: 'usage: node .ci/live.ts FOLDER\n\nLIVE=all selects every file.\n',
  version: '0.0.0',
  options: {},
  positionals: true,
});
if (line.kind === 'end') {
  process[line.stream].write(line.text);
  process.exitCode = line.code;
} else {
  const [folder = '.'] = line.positionals;
  const selection = select();
  writeFileSync(path.join(folder, 'live-files'), selection.run.map((file) => `${file}\n`).join(''));
  writeFileSync(path.join(folder, 'live-left-out.json'), JSON.stringify(selection));
  const { run, leftOut, because } = selection;
  process.stdout.write(
    `${run.length} of ${run.length + leftOut.length} files of the live suites run: ${because}\n`,
  );
}
