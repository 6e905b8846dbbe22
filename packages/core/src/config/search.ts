import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { complaint, type LocatedMap, mapOf } from './located.ts';
import { mergeDeep } from './merge.ts';
import { parseSection } from './parse.ts';

/** The sources from which configuration is read. */
export interface ConfigSources {
  /** Variables; by default those of the process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The user's home directory; by default `HOME`, or the system's answer. */
  readonly home?: string | undefined;
  /** The directory that is searched first; by default the process's. */
  readonly cwd?: string | undefined;
  /** Reads a text file, and throws if it cannot; by default from the disk. */
  readonly readFile?: ((path: string) => string) | undefined;
}

/** The sources with every default filled in. */
export type ResolvedSources = { readonly [K in keyof ConfigSources]-?: NonNullable<ConfigSources[K]> };

export function resolveSources(sources: ConfigSources): ResolvedSources {
  const env = sources.env ?? process.env;
  return {
    env,
    home: sources.home ?? (env['HOME'] || homedir()),
    cwd: sources.cwd ?? process.cwd(),
    readFile: sources.readFile ?? ((path) => readFileSync(path, 'utf8')),
  };
}

/** The section of the first file that can be read, and the paths that were tried. */
export interface Found {
  readonly section: LocatedMap | undefined;
  /** Every path that was tried; with the system's code where it is there and cannot be read. */
  readonly tried: readonly string[];
}

/** The clouds of `clouds.yaml`, with `secure.yaml` over them. */
export function findClouds(sources: ResolvedSources): Found {
  const clouds = find(sources, 'clouds', 'clouds', sources.env['OS_CLIENT_CONFIG_FILE']);
  const secure = find(sources, 'secure', 'clouds', sources.env['OS_CLIENT_SECURE_FILE']);
  if (secure.section === undefined) return clouds;
  if (clouds.section === undefined) return { section: secure.section, tried: clouds.tried };
  const section = mergeDeep(clouds.section, secure.section);
  return { section: section.kind === 'map' ? section : clouds.section, tried: clouds.tried };
}

/** The profiles of `clouds-public.yaml`. */
export const findProfiles = (sources: ResolvedSources): Found =>
  find(sources, 'clouds-public', 'public-clouds', undefined);

/** The first file that can be read is the one, even if it is empty: later ones are not looked at. */
function find(sources: ResolvedSources, name: string, section: string, override: string | undefined): Found {
  const tried: string[] = [];
  for (const path of candidates(sources, name, override)) {
    const content = read(sources, path);
    if (typeof content !== 'string') {
      tried.push(content.code === 'ENOENT' ? path : `${path} (${content.code})`);
      continue;
    }
    tried.push(path);
    const found = parseSection(path, content, section);
    if (found === undefined || (found.kind === 'text' && found.value === null))
      return { section: undefined, tried };
    if (found.kind === 'map') return { section: found, tried };
    throw complaint(
      found.origin,
      `must be a mapping of names, and is a ${found.kind === 'list' ? 'list' : 'single value'}`,
    );
  }
  return { section: undefined, tried };
}

/**
 * The paths, in order: the override, then in each directory `.yaml`, `.yml`, `.json` (openstacksdk
 * `config/loader.py`, `CONFIG_SEARCH_PATH`; platformdirs for the XDG directories).
 */
function candidates(
  { env, home, cwd }: ResolvedSources,
  name: string,
  override: string | undefined,
): string[] {
  const userConfig = join(home, '.config');
  const directories = [
    cwd,
    join(env['XDG_CONFIG_HOME']?.trim() || userConfig, 'openstack'),
    join(env['SNAP_REAL_HOME'] ? join(env['SNAP_REAL_HOME'], '.config') : userConfig, 'openstack'),
    ...(env['XDG_CONFIG_DIRS']?.trim() || '/etc/xdg')
      .split(':')
      .map((directory) => join(directory, 'openstack')),
    '/etc/openstack',
  ];
  const searched = [...new Set(directories)].flatMap((directory) =>
    ['yaml', 'yml', 'json'].map((extension) => join(directory, `${name}.${extension}`)),
  );
  return override ? [resolve(cwd, expandHome(override, home)), ...searched] : searched;
}

/** `~` and `~/…`, as a shell expands them. */
export const expandHome = (path: string, home: string): string =>
  path === '~' ? home : path.startsWith('~/') ? join(home, path.slice(2)) : path;

function read(sources: ResolvedSources, path: string): string | { readonly code: string } {
  try {
    return sources.readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return { code };
  }
}

/** A map without clouds. */
export const noClouds = (): LocatedMap => mapOf([], { file: undefined, line: undefined, key: 'clouds' });
