/**
 * `node .ci/live.ts FOLDER`: which files of the live suites CI runs. It writes their paths to `FOLDER/live-files`, one a line,
 * and what is left out to `FOLDER/live-left-out.json`, which `count.mjs` reads.
 *
 * With `LIVE=all`, in a shallow clone, and where no commit is 24 hours old, every file runs.
 */
import { globSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readCommandLine } from '../packages/ground/src/command-line.ts';
import { changedFiles } from './changed-files.ts';
import { everything, type ImportGraph, type LiveSelection, selectLive } from './live-selection.ts';
import { smokeFiles } from './live-smoke.ts';
import { type Manifest, root, workspacePackages } from './workspace.ts';

function select(): LiveSelection {
  const files = globSync('packages/*/live/**/*.test.ts', { cwd: root }).toSorted();
  if (process.env['LIVE'] === 'all') return everything(files, 'LIVE=all');
  return selectLive({
    changed: changedFiles(root),
    graph: imports(),
    files,
    smoke: Object.values(smokeFiles),
  });
}

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
