#!/usr/bin/env node
/** The program of this package. An older Node cannot import the rest of it, so that its version is looked at before. */
import { readFileSync } from 'node:fs';
import { nodeTooOld, type ProgramManifest } from '@groundcrew/ground/command-line';

const manifest = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as ProgramManifest;
const tooOld = nodeTooOld(manifest);
if (tooOld === undefined) {
  const { main } = await import('./program.ts');
  process.exitCode = await main(process.argv.slice(2), manifest);
} else {
  process.stderr.write(tooOld);
  process.exitCode = 1;
}
