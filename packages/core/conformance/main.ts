/**
 * `pnpm conformance FOLDER`: decodes upstream's API samples with our records. FOLDER holds a folder for each project:
 * `nova`, `cinder`, `glance`, `keystone`, `neutron-lib`, `placement`, `masakari`, `octavia`, as their repositories have them.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type CommandLineEnd, readCommandLine, wrongCall } from '@groundcrew/ground/command-line';
import { records } from '../src/services/records.ts';
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
  octavia: records.loadBalancer,
} as const;

const declared = {
  usage: `usage: pnpm conformance FOLDER [--verbose]

  FOLDER      with a folder of API samples for each project: ${Object.keys(projects).join(', ')}
  --verbose   names the samples that have no record, too
  --help, --version

Exit code: 1 a sample does not fit its record; 2 the call is wrong.
`,
  version: (
    JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      readonly version: string;
    }
  ).version,
  options: { verbose: { type: 'boolean', default: false } },
  positionals: true,
} as const;

function call(): { readonly folder: string; readonly verbose: boolean } {
  const line = readCommandLine(process.argv.slice(2), declared);
  if (line.kind === 'end') return end(line);
  const [folder, ...more] = line.positionals;
  if (folder === undefined) return end(wrongCall(declared, 'No FOLDER is given'));
  if (more.length > 0) return end(wrongCall(declared, `Unexpected argument '${more[0] ?? ''}'`));
  if (!existsSync(folder)) return end(wrongCall(declared, `There is no folder '${folder}'`));
  return { folder, verbose: line.values.verbose };
}

function end({ stream, text, code }: CommandLineEnd): never {
  process[stream].write(text);
  process.exit(code);
}

const { folder, verbose } = call();
let misfits = 0;
for (const [project, service] of Object.entries(projects)) {
  const samples = path.join(folder, project);
  if (!existsSync(samples)) continue;
  const checked = checkSamples(service, samples);
  const isMalformed = (file: string): boolean => malformed[`${project}/${file}`] !== undefined;
  const outcomes = checked.filter((outcome) => !(outcome.result === 'misfits' && isMalformed(outcome.file)));
  const count = (result: string): number => outcomes.filter((outcome) => outcome.result === result).length;
  misfits += count('misfits');
  process.stdout.write(
    `${project.padEnd(12)} ${count('fits')} fit, ${count('misfits')} do not, ${count('no-record')} have no record, ${checked.length - outcomes.length + count('unreadable')} are malformed\n`,
  );
  for (const outcome of outcomes) {
    if (outcome.result === 'misfits')
      process.stdout.write(`    ${outcome.file}: ${outcome.operation} ${outcome.why}\n`);
    else if (verbose && outcome.result !== 'fits')
      process.stdout.write(`    ${outcome.file}: ${outcome.result}\n`);
  }
}
process.exitCode = misfits === 0 ? 0 : 1;
