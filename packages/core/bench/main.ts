/**
 * `pnpm bench [NAME…]`: runs benchmarks, prints a table, writes `out/bench/NAME.json`. A package's benchmark is
 * `packages/NAME/bench/NAME.ts`, which exports `bench`; core has others, `bodies` and `types`.
 */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Measurement } from './measure.ts';

const packages = path.join(import.meta.dirname, '..', '..');
const OF_CORE = ['bodies', 'types'];
const fileOf = (name: string): string =>
  path.join(packages, OF_CORE.includes(name) ? 'core' : name, 'bench', `${name}.ts`);
const all = [...readdirSync(packages), ...OF_CORE].filter((name) => existsSync(fileOf(name)));

const names = process.argv.slice(2).filter((one) => one !== '--');
const unknown = names.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no benchmark ${unknown.join(', ')}; there are ${all.join(', ')}\n`);
  process.exit(2);
}

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
