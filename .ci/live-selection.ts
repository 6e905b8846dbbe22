/** Which files of the live suites have something to prove: those of packages that changed, or that import what changed. */

/** For each package, by its folder, the packages of the workspace that it imports. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** What is known of the repository. */
export interface LiveSituation {
  /** Paths that changed, relative to the root. `undefined` if that cannot be known: then every file runs. */
  readonly changed: readonly string[] | undefined;
  readonly graph: ImportGraph;
  /** Every test file of the live suites, relative to the root: `packages/core/live/images.test.ts`. */
  readonly files: readonly string[];
  /** The files that run always. */
  readonly smoke: readonly string[];
}

/** What runs, what does not, and why. */
export interface LiveSelection {
  readonly run: readonly string[];
  readonly leftOut: readonly string[];
  /** Why as much runs as does, in words. */
  readonly because: string;
}

/** Selects the files of the live suites that run. Pure. */
export function selectLive({ changed, graph, files, smoke }: LiveSituation): LiveSelection {
  if (changed === undefined) return everything(files, 'what changed is not known');
  const relevant = changed.filter((file) => !PROSE.test(file));
  const shared = relevant.find((file) => !file.startsWith('packages/') || file.startsWith('packages/lab/'));
  if (shared !== undefined) return everything(files, `${shared} changed, on which all of them depend`);
  const changedPackages = new Set(relevant.map((file) => packageOf(file)));
  const affected = new Set(
    [...graph.keys()].filter((name) => [...reachable(graph, name)].some((one) => changedPackages.has(one))),
  );
  const run = files.filter((file) => affected.has(packageOf(file)) || smoke.includes(file));
  return {
    run,
    leftOut: files.filter((file) => !run.includes(file)),
    because:
      affected.size === 0
        ? 'no package changed'
        : `${[...changedPackages].toSorted().join(', ')} changed, which ${[...affected].toSorted().join(', ')} import or are`,
  };
}

/** Every file runs. */
export const everything = (files: readonly string[], because: string): LiveSelection => ({
  run: files,
  leftOut: [],
  because,
});

/** The package of a path, by its folder. */
export const packageOf = (file: string): string => file.split('/')[1] ?? '';

/** Nothing that runs reads these: text, the documentation, the programs of `examples`, the notes of a release. */
const PROSE = /\.md$|^(?:docs|examples|\.changeset|LICENSE)(?:\/|$)/;

/** A package, and all that it imports, directly or not. */
function reachable(graph: ImportGraph, name: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const next = [name];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    next.push(...(graph.get(at) ?? []));
  }
  return seen;
}
