import { asMap, complaint, type LocatedMap, mapOf, plain, textOf } from './located.ts';
import { findProfiles, type ResolvedSources } from './search.ts';

/**
 * The settings of the vendor's profile that an entry refers to; empty if it refers to none.
 *
 * Profiles come from `clouds-public.yaml` alone: Groundcrew brings no list of public clouds, and fetches none.
 *
 * @throws ConfigError that lists the profiles there are, if there is none of that name.
 */
export function profileOf(entry: LocatedMap, environmentName: string, sources: ResolvedSources): LocatedMap {
  // `cloud` is what `profile` was called at first.
  const reference = textOf(entry, 'profile') ?? textOf(entry, 'cloud');
  const none = mapOf([], entry.origin);
  if (reference === undefined) return none;
  const name = plain(reference);
  if (name === environmentName) return none;
  const { section, tried } = findProfiles(sources);
  const profile = section?.entries.get(name);
  if (profile !== undefined) return asMap(profile, reference.origin);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) {
    throw complaint(
      reference.origin,
      'is the URL of a profile, and Groundcrew fetches none',
      'Copy what <URL>/.well-known/openstack/api says into clouds-public.yaml, or set auth_url.',
    );
  }
  const known = [...(section?.entries.keys() ?? [])];
  throw complaint(
    reference.origin,
    `is ${JSON.stringify(name)}, of which there is no profile; ` +
      (known.length === 0
        ? `there is none at all (looked at ${tried.join(', ')})`
        : `${tried.at(-1)} has ${known.join(', ')}`),
    'Set auth_url in the entry, or write the profile into clouds-public.yaml under public-clouds.',
  );
}
