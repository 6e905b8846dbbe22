/** What the packages of this workspace say of themselves in their manifests. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The root of the repository. */
export const root = path.join(import.meta.dirname, '..');

/** The part of a `package.json` that the scripts of this folder read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly homepage?: string;
  readonly bugs?: { readonly url: string };
  readonly license?: string;
  readonly author?: string;
  readonly repository?: { readonly type: string; readonly url: string; readonly directory?: string };
  readonly files?: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly publishConfig?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly engines?: Readonly<Record<string, string>>;
}

/** A package of the workspace. */
export interface WorkspacePackage {
  /** Its folder under `packages`, such as `core`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every package under `packages`, in alphabetical order of their folders. */
export function workspacePackages(): WorkspacePackage[] {
  const packages = path.join(root, 'packages');
  return readdirSync(packages)
    .toSorted()
    .map((folder) => ({ folder, file: path.join(packages, folder, 'package.json') }))
    .filter(({ file }) => existsSync(file))
    .map(({ folder, file }) => ({ folder, manifest: JSON.parse(readFileSync(file, 'utf8')) as Manifest }));
}

/** The packages that are published. */
export const publicPackages = (): WorkspacePackage[] =>
  workspacePackages().filter(({ manifest }) => manifest.private !== true);
