/**
 * Writes the API report of every published package (`--local`), or checks that the ones in git are true: a change
 * of the public surface is a visible diff, never an accident.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';

const packages = path.join(import.meta.dirname, '..', 'packages');
const extractor = path.join(import.meta.dirname, 'node_modules', '.bin', 'api-extractor');
let failed = 0;
for (const name of readdirSync(packages).toSorted()) {
  const folder = path.join(packages, name);
  if (!existsSync(path.join(folder, 'api-extractor.json'))) continue;
  mkdirSync(path.join(folder, 'etc'), { recursive: true });
  const run = spawnSync(extractor, ['run', ...process.argv.slice(2)], { cwd: folder, encoding: 'utf8' });
  const changed = run.status !== 0;
  console.log(`${changed ? 'CHANGED' : 'ok     '} ${name}`);
  if (changed) {
    failed += 1;
    console.log(run.stdout + run.stderr);
  }
}
if (failed > 0) console.log('Run `pnpm api:reports`, and commit etc/*.api.md if the change is meant.');
process.exitCode = failed === 0 ? 0 : 1;
