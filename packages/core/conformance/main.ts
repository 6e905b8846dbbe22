/**
 * `pnpm conformance FOLDER`: decodes upstream's API samples with our records. FOLDER holds a folder for each project:
 * `nova`, `cinder`, `glance`, `keystone`, `neutron-lib`, `placement`, `masakari`, as their repositories have them.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { records } from '../src/records.ts';
import { malformed } from './malformed.ts';
import { checkSamples } from './samples.ts';

const projects = {
  nova: records.compute,
  cinder: records.blockStorage,
  glance: records.image,
  keystone: records.identity,
  'neutron-lib': records.network,
  placement: records.placement,
  masakari: records.instanceHa,
} as const;

const [folder] = process.argv.slice(2).filter((one) => !one.startsWith('-'));
const verbose = process.argv.includes('--verbose');
if (folder === undefined || !existsSync(folder)) {
  process.stderr.write('usage: pnpm conformance FOLDER [--verbose]\n');
  process.exit(2);
}
let misfits = 0;
for (const [project, service] of Object.entries(projects)) {
  const samples = path.join(folder, project);
  if (!existsSync(samples)) continue;
  const checked = checkSamples(service, samples);
  const isMalformed = (file: string): boolean => malformed[`${project}/${file}`] !== undefined;
  const outcomes = checked.filter((one) => !(one.result === 'misfits' && isMalformed(one.file)));
  const count = (result: string): number => outcomes.filter((one) => one.result === result).length;
  misfits += count('misfits');
  process.stdout.write(
    `${project.padEnd(12)} ${count('fits')} fit, ${count('misfits')} do not, ${count('no-record')} have no record, ${checked.length - outcomes.length + count('unreadable')} are malformed\n`,
  );
  for (const one of outcomes) {
    if (one.result === 'misfits') process.stdout.write(`    ${one.file}: ${one.operation} ${one.why}\n`);
    else if (verbose && one.result !== 'fits') process.stdout.write(`    ${one.file}: ${one.result}\n`);
  }
}
process.exitCode = misfits === 0 ? 0 : 1;
