import {
  complaint,
  isUnset,
  type Located,
  type LocatedMap,
  type LocatedText,
  mapOf,
  type Origin,
  plain,
} from './located.ts';

/** A region of a cloud, and what is set otherwise in it. */
export interface Region {
  /** Empty: the cloud has one and does not say its name. */
  readonly name: string;
  readonly values: LocatedMap;
}

/**
 * The region to use: the one that was asked for, or the first.
 *
 * @param cloud The entry as it is in the file.
 * @param profile What its vendor says, which counts if the entry names no region.
 * @throws ConfigError that lists the regions, if there is none of that name.
 */
export function pickRegion(
  cloud: { readonly name: string; readonly entry: LocatedMap; readonly profile: LocatedMap },
  asked: string | undefined,
): Region {
  const regions = knownRegions(cloud.entry) ?? knownRegions(cloud.profile) ?? [];
  const [first] = regions;
  if (first === undefined) return { name: asked ?? '', values: mapOf([], cloud.entry.origin) };
  if (asked === undefined) return first;
  const found = regions.find((region) => region.name === asked);
  if (found !== undefined) return found;
  const origin = (cloud.entry.entries.get('regions') ?? cloud.entry.entries.get('region_name') ?? cloud.entry)
    .origin;
  throw complaint(
    origin,
    `has no region ${JSON.stringify(asked)}; cloud ${cloud.name} has ${regions.map((region) => region.name).join(', ')}`,
    'Region names are case-sensitive.',
  );
}

/** `regions` wins over `region_name`, which may be a list, or several with commas between (deprecated). */
function knownRegions(entry: LocatedMap): Region[] | undefined {
  const regions = given(entry, 'regions');
  if (regions !== undefined) {
    if (regions.kind !== 'list') throw complaint(regions.origin, 'must be a list of regions');
    return regions.items.map(regionOf);
  }
  const name = given(entry, 'region_name');
  if (name === undefined) return undefined;
  if (name.kind === 'list') return name.items.map(regionOf);
  if (name.kind === 'map') throw complaint(name.origin, 'must be the name of a region');
  return plain(name)
    .split(',')
    .map((part) => ({ name: part, values: mapOf([], name.origin) }));
}

function regionOf(node: Located): Region {
  if (node.kind === 'text' && !isUnset(node)) return { name: plain(node), values: mapOf([], node.origin) };
  if (node.kind !== 'map') throw invalid(node.origin);
  const name = node.entries.get('name');
  const values = node.entries.get('values');
  const others = [...node.entries.keys()].filter((key) => key !== 'name' && key !== 'values');
  if (!isName(name) || others.length > 0) throw invalid(node.origin);
  if (values === undefined || isUnset(values)) return { name: plain(name), values: mapOf([], node.origin) };
  if (values.kind !== 'map') throw complaint(values.origin, 'must be a mapping');
  return { name: plain(name), values };
}

const isName = (node: Located | undefined): node is LocatedText => node?.kind === 'text' && !isUnset(node);

function given(entry: LocatedMap, key: string): Located | undefined {
  const node = entry.entries.get(key);
  return node === undefined || isUnset(node) ? undefined : node;
}

const invalid = (origin: Origin): Error =>
  complaint(
    origin,
    'is no region',
    'Write its name, or a mapping with `name` and `values` and nothing else.',
  );
