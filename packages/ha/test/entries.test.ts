import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

// Whoever imports one entry pays for that entry: these tests read what each imports, by the sources.

const root = path.join(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string | { readonly '@groundcrew/source': string }>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
};
const entries = Object.entries(manifest.exports).flatMap(([entry, target]) =>
  typeof target === 'string' ? [] : [[entry, target['@groundcrew/source']] as const],
);

const IMPORT = /(?:^|\n)(?:import|export)(?! type)[^;]*? from '([^']+)'|import\('([^']+)'\)/g;

/** Every package that a file and what it imports need at run time. */
function packagesOf(file: string, seen = new Set<string>(), found = new Set<string>()): Set<string> {
  if (seen.has(file)) return found;
  seen.add(file);
  for (const [, fixed, lazy] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    const name = fixed ?? lazy ?? '';
    if (name.startsWith('.')) packagesOf(path.join(path.dirname(file), name), seen, found);
    else found.add(name);
  }
  return found;
}

test.each(entries)('the optional packages of %s', (entry, source) => {
  const needed = [...packagesOf(path.join(root, source))].filter((name) => name in manifest.peerDependencies);
  expect(needed.toSorted()).toEqual(
    { './stack': ['fast-xml-parser', 'mysql2'], './recovery': ['mysql2'], './enroll': ['fast-xml-parser'] }[
      entry
    ] ?? [],
  );
});

test('no name comes out of two entries', async () => {
  const names = await Promise.all(
    entries.map(async ([, source]) => Object.keys((await import(path.join(root, source))) as object)),
  );
  const all = names.flat();
  expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([]);
});
