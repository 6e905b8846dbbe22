/**
 * `pnpm api`: the API reference, in Markdown, into `docs/api`: every entry of every published package, and a page of operations
 * for each service (`operations/main.ts`).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Application, type ProjectReflection, TSConfigReader, TypeDocReader } from 'typedoc';
import { load } from 'typedoc-plugin-markdown';

const packages = path.join(import.meta.dirname, '..', 'packages');

/** The source file of each entry, and how it is imported. */
function entries(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const folder of readdirSync(packages).toSorted()) {
    const manifest = path.join(packages, folder, 'package.json');
    if (!existsSync(manifest)) continue;
    const {
      name,
      private: isPrivate,
      exports,
    } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      readonly name: string;
      readonly private?: boolean;
      readonly exports: Readonly<Record<string, string | { readonly '@groundcrew/source'?: string }>>;
    };
    if (isPrivate === true) continue;
    for (const [entry, target] of Object.entries(exports)) {
      const source = typeof target === 'string' ? undefined : target['@groundcrew/source'];
      if (source !== undefined) found.set(path.join(packages, folder, source), path.posix.join(name, entry));
    }
  }
  return found;
}

/** Modules are called as they are imported, not after their files. */
function nameModules(project: ProjectReflection, names: ReadonlyMap<string, string>): void {
  for (const module of project.children ?? []) {
    const file = module.sources?.[0]?.fullFileName;
    const name = file === undefined ? undefined : names.get(path.normalize(file));
    if (name !== undefined) module.name = name;
  }
}

const names = entries();
// The other options are in `typedoc.json`. `pnpm typecheck` checks the types, with the compiler that the project is written for.
const app = await Application.bootstrapWithPlugins({ entryPoints: [...names.keys()], plugin: [load] }, [
  new TypeDocReader(),
  new TSConfigReader(),
]);
const project = await app.convert();
if (project === undefined) throw new Error('the sources could not be converted');
nameModules(project, names);
const missing = [...names.values()].filter(
  (name) => !(project.children ?? []).some((module) => module.name === name),
);
if (missing.length > 0) throw new Error(`not in the reference: ${missing.join(', ')}`);
await app.generateOutputs(project);
console.log(`${names.size} entries are in docs/api`);
