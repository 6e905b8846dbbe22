import { linkedUrl, parseVersion, satisfies, type VersionNumber } from './endpoint-url.ts';

/** One version of an API, as its service describes it. */
export interface ApiVersion {
  /** As it came: `v2.1`, `v3.14`. */
  readonly id: string;
  /** `CURRENT`, `SUPPORTED`, `DEPRECATED`, `EXPERIMENTAL`, or another word of the service; `UNKNOWN` if none. */
  readonly status: string;
  /** Oldest and newest microversion; absent where the service has none. */
  readonly min: string | undefined;
  readonly max: string | undefined;
  /** The minimum that is to come, and the day before which it will not. */
  readonly next_min: string | undefined;
  readonly not_before: string | undefined;
  /** The time at which this version of the API was last changed, by the service's own account. */
  readonly updated: string | undefined;
  /** Its URL, with scheme and host corrected; `undefined` if the service does not say. */
  readonly url: string | undefined;
  /**
   * The release of the software that answered, as it calls itself: Gnocchi tells it beside its versions (`4.4.2`;
   * `gnocchi/rest/api.py`, `VersionsController`), no service of OpenStack does.
   */
  readonly build?: string | undefined;
  /** As they came. */
  readonly links: readonly { readonly rel: string; readonly href: string }[];
}

/**
 * Reads a version document; `undefined` if it is none.
 *
 * Keystone answers `{ versions: { values: […] } }`, most services `{ versions: […] }`, and at a version's own URL
 * `{ version: {…} }`. Ironic before 2018 answers the version itself, with the microversions in headers. What is
 * malformed within is left out: a service may be old, and a proxy may have been there.
 */
export function readVersions(body: unknown, headers: Headers, documentUrl: string): ApiVersion[] | undefined {
  const raw = rawVersions(body, headers);
  if (raw === undefined) return undefined;
  const build = isObject(body) ? text(body['build']) : undefined;
  const versions = raw.flatMap((item) => {
    const version = isObject(item) ? readVersion(item, documentUrl) : undefined;
    return version === undefined ? [] : [build === undefined ? version : { ...version, build }];
  });
  return versions.length === 0 ? undefined : versions;
}

/**
 * The version to use of those that a service has: the newest that satisfies `need`. One that does not say where it is, an
 * experimental one, or one of unknown status, only if there is no other (keystoneauth's discovery passes over a version
 * without a self link).
 */
export function pickVersion(versions: readonly ApiVersion[], need: VersionNumber): ApiVersion | undefined {
  const fit = versions.filter((version) => {
    const have = parseVersion(version.id);
    return have !== undefined && satisfies(have, need);
  });
  const placed = preferred(fit, ({ url }) => url !== undefined);
  const settled = preferred(placed, ({ status }) => SETTLED.has(status));
  return settled.toSorted((a, b) => minorOf(b) - minorOf(a))[0];
}

/** The versions for which a condition holds; all, if it holds for none. */
function preferred(versions: ApiVersion[], holds: (version: ApiVersion) => boolean): ApiVersion[] {
  const some = versions.filter(holds);
  return some.length === 0 ? versions : some;
}

function rawVersions(body: unknown, headers: Headers): readonly unknown[] | undefined {
  if (!isObject(body)) return undefined;
  const { versions, version } = body;
  if (isObject(versions) && Array.isArray(versions['values'])) return versions['values'];
  if (Array.isArray(versions)) return versions;
  if (isObject(version)) return [version];
  if (typeof body['id'] !== 'string') return undefined;
  return [
    {
      status: 'CURRENT',
      min_version: headerEnding(headers, 'api-minimum-version'),
      version: headerEnding(headers, 'api-maximum-version'),
      ...body,
    },
  ];
}

function readVersion(item: Record<string, unknown>, documentUrl: string): ApiVersion | undefined {
  const { id, status } = item;
  if (typeof id !== 'string' || parseVersion(id) === undefined) return undefined;
  const links = (Array.isArray(item['links']) ? item['links'] : []).filter(isLink);
  const self = links.find((link) => link.rel.toLowerCase() === 'self');
  return {
    id,
    status: typeof status === 'string' && status !== '' ? normalStatus(status) : 'UNKNOWN',
    min: microversion(item['min_version']),
    max: microversion(item['max_version']) ?? microversion(item['version']),
    next_min: microversion(item['next_min_version']),
    not_before: text(item['not_before']),
    updated: text(item['updated']),
    url: self === undefined ? undefined : linkedUrl(documentUrl, self.href),
    links: links.map(({ rel, href }) => ({ rel, href })),
  };
}

/** Keystone says `stable` for what the others call `CURRENT`. */
const normalStatus = (status: string): string => {
  const upper = status.toUpperCase();
  return upper === 'STABLE' ? 'CURRENT' : upper;
};

/** Nova's v2.0 has `""` for "none". */
function microversion(value: unknown): string | undefined {
  const written = typeof value === 'number' ? String(value) : text(value);
  if (written === undefined) return undefined;
  if (/^\d+\.\d+$/.test(written)) return written;
  return /^\d+$/.test(written) ? `${written}.0` : undefined;
}

function headerEnding(headers: Headers, end: string): string | undefined {
  for (const [name, value] of headers)
    if (name.startsWith('x-openstack-') && name.endsWith(end)) return value;
  return undefined;
}

const SETTLED: ReadonlySet<string> = new Set(['CURRENT', 'SUPPORTED', 'DEPRECATED']);
const minorOf = (version: ApiVersion): number => parseVersion(version.id)?.minor ?? 0;
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const isLink = (value: unknown): value is { rel: string; href: string } =>
  isObject(value) && typeof value['rel'] === 'string' && typeof value['href'] === 'string';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
