/** `pnpm bench [NAME…]`: runs benchmarks, prints a table, writes `out/bench/NAME.json`. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { core } from './core.ts';
import type { Measurement } from './measure.ts';

const benches: Readonly<Record<string, () => Promise<Measurement[]>>> = { core };

const names = process.argv.slice(2).filter((one) => one !== '--');
const unknown = names.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}\n`);
  process.exit(2);
}

const out = path.join(import.meta.dirname, '..', '..', '..', 'out', 'bench');
await mkdir(out, { recursive: true });
for (const name of names.length > 0 ? names : Object.keys(benches)) {
  const results = (await benches[name]?.()) ?? [];
  for (const { name: what, value, unit, baseline, ratio, aim } of results) {
    const verdict = aim === undefined ? '' : ratio <= aim ? `, aim ${aim}: met` : `, aim ${aim}: missed`;
    process.stdout.write(
      `${what}\n    ${value.toFixed(1)} ${unit}, baseline ${baseline.toFixed(1)} ${unit}: ratio ${ratio.toFixed(2)}${verdict}\n`,
    );
  }
  await writeFile(path.join(out, `${name}.json`), `${JSON.stringify(results, undefined, 2)}\n`);
}
