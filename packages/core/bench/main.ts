/**
 * `pnpm bench [NAME…]`: runs benchmarks, prints a table, writes `out/bench/NAME.json`. A package's benchmark is
 * `packages/NAME/bench/NAME.ts`, which exports `bench`; core has others, `bodies` and `types`,
 * and monitoring has `uptime`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readCommandLine, wrongCall } from '@groundcrew/ground/command-line';
import type { Measurement } from './measure.ts';

const packages = path.join(import.meta.dirname, '..', '..');
const MORE: Readonly<Record<string, string>> = { bodies: 'core', types: 'core', uptime: 'monitoring' };
const fileOf = (name: string): string => path.join(packages, MORE[name] ?? name, 'bench', `${name}.ts`);
const all = [...readdirSync(packages), ...Object.keys(MORE)].filter((name) => existsSync(fileOf(name)));

const declared = {
  usage: `usage: pnpm bench [NAME…]

  NAME   ${all.join(', ')}; without one, all of them
  --help, --version

It prints a table, and writes out/bench/NAME.json.
`,
  version: (
    JSON.parse(readFileSync(path.join(packages, 'core', 'package.json'), 'utf8')) as {
      readonly version: string;
    }
  ).version,
  options: {},
  positionals: true,
} as const;

function benchmarks(): readonly string[] {
  const line = readCommandLine(process.argv.slice(2), declared);
  const unknown = line.kind === 'run' ? line.positionals.filter((name) => !all.includes(name)) : [];
  const wrong = `no benchmark ${unknown.join(', ')}; there are ${all.join(', ')}`;
  const end = unknown.length > 0 ? wrongCall(declared, wrong) : line;
  if (end.kind === 'run') return end.positionals;
  process[end.stream].write(end.text);
  process.exit(end.code);
}

const names = benchmarks();
const out = path.join(packages, '..', 'out', 'bench');
await mkdir(out, { recursive: true });
for (const name of names.length > 0 ? names : all) {
  const { bench } = (await import(fileOf(name))) as { bench: () => Promise<Measurement[]> };
  const results = await bench();
  for (const { name: what, value, unit, baseline, ratio, aim } of results) {
    const verdict = aim === undefined ? '' : ratio <= aim ? `, aim ${aim}: met` : `, aim ${aim}: missed`;
    process.stdout.write(
      `${what}\n    ${value.toFixed(1)} ${unit}, baseline ${baseline.toFixed(1)} ${unit}: ratio ${ratio.toFixed(2)}${verdict}\n`,
    );
  }
  await writeFile(path.join(out, `${name}.json`), `${JSON.stringify(results, undefined, 2)}\n`);
}
