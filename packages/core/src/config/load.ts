import { assertConfigSources, assertLoadOptions } from './connect-options.ts';
import { ConfigError } from '../errors/errors.ts';
import { foldAuth, refuseUnknownAuth } from './auth.ts';
import type { CloudEntry } from './cloud-entry.ts';
import { toEntry } from './entry.ts';
import { environmentCloud, environmentName } from './environment.ts';
import { asMap, type LocatedMap, mapOf } from './located.ts';
import { overlay, withoutNulls } from './merge.ts';
import { type LoadOptions, optionsMap } from './options.ts';
import { profileOf } from './profile.ts';
import { pickRegion } from './regions.ts';
import {
  findClouds,
  type Found,
  type ResolvedSources,
  resolveSources,
  noClouds,
  type ConfigSources,
} from './search.ts';

export type { AuthOptions, LoadOptions } from './options.ts';
export type { ConfigSources } from './search.ts';

/**
 * Finds out how to reach a cloud: from options, `OS_*` variables, `clouds.yaml`, `secure.yaml` and
 * `clouds-public.yaml`, by the rules of openstacksdk (`openstack/config/loader.py`). Nothing is sent.
 *
 * Without `cloud`, and unless the options stand for themselves ({@link LoadOptions}), it is the one that
 * `OS_CLOUD` names, else the one that `OS_*` variables describe, else the only one that the file has.
 *
 * @throws ConfigError, with file, line and key where there are any. Secrets are never in its message.
 *
 * @example
 * loadCloud();                                     // OS_CLOUD, or OS_AUTH_URL & co
 * loadCloud({ cloud: 'prod', region_name: 'west' });
 * loadCloud({ auth: { auth_url: 'https://keystone:5000/v3', token: 'gAAAA…' } });
 */
export function loadCloud(options: LoadOptions = {}): CloudEntry {
  assertLoadOptions(options);
  return entryOf(options);
}

/** As {@link loadCloud}, for options that are checked already. */
export function entryOf(options: LoadOptions): CloudEntry {
  const sources = resolveSources(options);
  const explicit = foldAuth(optionsMap(options));
  refuseUnknownAuth(explicit);
  const cloud = isSelfContained(options)
    ? { name: 'options', entry: explicit, isEnvironment: false, isChosenByEnvironment: false }
    : choose(options, sources);
  const profileName = explicit.entries.get('profile') ?? cloud.entry.entries.get('profile');
  const referring =
    profileName === undefined
      ? cloud.entry
      : mapOf([...cloud.entry.entries, ['profile', profileName]], cloud.entry.origin);
  const profile = profileOf(referring, environmentName(sources.env), sources);
  const region = pickRegion(
    { ...cloud, entry: regionsOf(cloud, options), profile },
    askedRegion(options, cloud, sources),
  );
  const layers = [profile, cloud.entry, withoutNulls(region.values), explicit].map(foldAuth);
  const settings = layers.reduce(overlay, mapOf([], cloud.entry.origin));
  return toEntry({ name: cloud.name, settings, region: region.name, explicit, home: cloud.entry }, sources);
}

/**
 * The names of the clouds that {@link loadCloud} finds; that of the environment, if it has one, comes last.
 *
 * @throws ConfigError for an option that does not exist, or a file that cannot be read as what it should be
 */
export function listClouds(options: ConfigSources = {}): string[] {
  assertConfigSources(options);
  const sources = resolveSources(options);
  const names = [...(findClouds(sources).section ?? noClouds()).entries.keys()];
  return environmentCloud(sources.env) === undefined ? names : [...names, environmentName(sources.env)];
}

interface Chosen {
  readonly name: string;
  readonly entry: LocatedMap;
  /** Made of `OS_*` variables. */
  readonly isEnvironment: boolean;
  /** The cloud is not named in code: then `OS_REGION_NAME` may choose the region too. */
  readonly isChosenByEnvironment: boolean;
}

function isSelfContained(options: LoadOptions): boolean {
  return !options.cloud && Boolean(options.auth?.auth_url ?? options.auth?.endpoint);
}

function choose(options: LoadOptions, sources: ResolvedSources): Chosen {
  const found = findClouds(sources);
  const clouds = found.section ?? noClouds();
  const fromEnvironment = environmentCloud(sources.env);
  const ownName = environmentName(sources.env);
  if (fromEnvironment !== undefined && clouds.entries.has(ownName)) {
    throw new ConfigError(
      `${found.tried.at(-1)} has a cloud ${ownName}, which is also the name of that of the OS_* variables`,
      {
        key: `clouds.${ownName}`,
        remedy: 'Set OS_CLOUD_NAME to another name for it.',
      },
    );
  }
  const names = [...clouds.entries.keys()];
  const only = names.length === 1 ? names[0] : undefined;
  const name = options.cloud || sources.env['OS_CLOUD'] || (fromEnvironment === undefined ? only : ownName);
  if (name === undefined && options.profile) {
    return {
      name: 'options',
      entry: mapOf([], noClouds().origin),
      isEnvironment: false,
      isChosenByEnvironment: false,
    };
  }
  if (name === ownName && fromEnvironment !== undefined) {
    return { name, entry: fromEnvironment, isEnvironment: true, isChosenByEnvironment: false };
  }
  const node = name === undefined ? undefined : clouds.entries.get(name);
  if (name === undefined || node === undefined) throw notFound(name, names, found, ownName);
  return {
    name,
    entry: asMap(node, clouds.origin),
    isEnvironment: false,
    isChosenByEnvironment: !options.cloud,
  };
}

/** `OS_REGION_NAME` is where the cloud of the environment is, and no list that would forbid another. */
const regionsOf = (cloud: Chosen, options: LoadOptions): LocatedMap =>
  (cloud.isEnvironment || cloud.name === 'options') && options.region_name
    ? mapOf([], cloud.entry.origin)
    : cloud.entry;

const askedRegion = (options: LoadOptions, cloud: Chosen, sources: ResolvedSources): string | undefined =>
  options.region_name ||
  (cloud.isChosenByEnvironment ? sources.env['OS_REGION_NAME'] : undefined) ||
  undefined;

function notFound(
  name: string | undefined,
  names: readonly string[],
  found: Found,
  ownName: string,
): ConfigError {
  const looked = `looked at ${found.tried.join(', ')}`;
  const there =
    names.length === 0 ? `there is none (${looked})` : `there are ${names.join(', ')} (${looked})`;
  if (name === undefined) {
    return new ConfigError(`no cloud is chosen: ${there}`, {
      key: 'cloud',
      remedy: 'Name one: in the options, or in OS_CLOUD; or set OS_AUTH_URL and the credentials.',
    });
  }
  return new ConfigError(`cloud ${JSON.stringify(name)} is not configured: ${there}`, {
    key: 'cloud',
    remedy:
      name === ownName
        ? 'It is the cloud of OS_* variables, and none of them is set.'
        : 'Is the name right? Another file is read with OS_CLIENT_CONFIG_FILE.',
  });
}
