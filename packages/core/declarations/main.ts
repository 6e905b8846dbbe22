/**
 * Writes the declarations of the services: what the compiler infers from the records, by name. They stand in `declared`,
 * and `dist/services/services.d.ts` refers to them in the place of the inference, which each program that is compiled against core would
 * have to repeat. Not in `dist`: for `tsc -b` what is there has a source in `src`, and an import is looked for beside that.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const folder = path.join(root, 'declared');
const entry = path.join(dist, 'services', 'services.d.ts');
const stamp = path.join(dist, '.declarations');

// `tsc -b` writes its own only when that has changed.
const isReplaced = !readFileSync(entry, 'utf8').includes('ServiceClient<');
const inputs = digest();
if (!isReplaced || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== inputs) {
  const { declarationsOf } = await import('./declarations.ts');
  const { modules, services } = declarationsOf(root, { made: '../../declared', core: '..', back: '../dist' });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of modules) writeFileSync(path.join(folder, `${name}.d.ts`), text);
  writeFileSync(entry, services);
  writeFileSync(stamp, inputs);
}

/** Of all that the declarations are made of: the compiler needs 15 seconds for them. */
function digest(): string {
  const hash = createHash('sha256');
  for (const file of globSync(['src/**/*.ts', 'declarations/*.ts', 'package.json'], { cwd: root }).toSorted())
    hash.update(file).update(readFileSync(path.join(root, file)));
  return hash.digest('hex');
}
