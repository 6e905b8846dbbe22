import { compareMicroversions, isMicroversion } from '@groundcrew/core';
import { asOf, broughtBy, type DetectableService, type SeriesName } from '@groundcrew/ground/series';
import { orderOf, type Series, series, title } from './series.ts';

/** The versions that a service says of itself. */
export interface ServiceVersions {
  /** Its official type, `compute`. */
  readonly service: string;
  readonly versions: readonly {
    readonly id: string;
    readonly status: string;
    readonly max?: string | undefined;
  }[];
  /** The aliases of Neutron's extensions. */
  readonly extensions?: readonly string[] | undefined;
}

/** The series that a service can be of, with the reason. */
export interface ServiceRelease {
  readonly service: string;
  /** Oldest and newest that fit; `undefined` where nothing bounds it. */
  readonly from: SeriesName | undefined;
  readonly to: SeriesName | undefined;
  /** The version that it was told by: `2.93`, `v2.16`, or the extension. */
  readonly told: string | undefined;
  readonly because: string;
  /** It says a version that no series known here has. */
  readonly newer: boolean;
}

/** One cloud's release: of each service, and of all together. */
export interface DetectedRelease {
  /**
   * `uniform`: one series fits all services. `mixed`: none does, whether one of them is newer than what is known here or not
   * (`because` says so). `newer`: some service is newer than what is known here, and none contradicts it. `unknown`: no
   * service tells anything.
   */
  readonly verdict: 'uniform' | 'mixed' | 'newer' | 'unknown';
  /** The series that fit all services; of a mixed cloud none. Oldest first. */
  readonly candidates: readonly SeriesName[];
  readonly services: readonly ServiceRelease[];
  readonly because: readonly string[];
  /** The further sources that would tell the candidates apart. */
  readonly disambiguateWith: readonly string[];
}

/**
 * Tells the release of each service from its API versions, and of the cloud from what fits them all.
 *
 * The answer is an interval, since several series may have the same API: nova alone cannot tell 2025.1 from 2025.2.
 * It is made narrower by other services only under the assumption that all are of one series; where no series fits
 * all, the cloud is `mixed`, and each service keeps its own interval.
 */
export function detectRelease(services: readonly ServiceVersions[]): DetectedRelease {
  const found = services.map((versions) => detectService(versions));
  const bounded = found.filter((release) => release.from !== undefined);
  const newer = found.filter((release) => release.newer);
  const candidates = series
    .filter((row) => bounded.every((service) => fits(service, row.name)))
    .map((row) => row.name);
  if (newer.length > 0) {
    // What is newer than the table may still be too new for what stands beside it.
    const apart = conflicts(bounded);
    const because = [...newer.map((release) => `${release.service}: ${release.because}`), ...apart];
    return {
      verdict: apart.length === 0 ? 'newer' : 'mixed',
      candidates: [],
      services: found,
      because,
      disambiguateWith: [`a newer table than that of ${asOf}`],
    };
  }
  if (bounded.length === 0) {
    return {
      verdict: 'unknown',
      candidates: [],
      services: found,
      because: ['no service tells a version that says anything'],
      disambiguateWith: [],
    };
  }
  if (candidates.length === 0) {
    return {
      verdict: 'mixed',
      candidates,
      services: found,
      because: orNone(conflicts(bounded)),
      disambiguateWith: [],
    };
  }
  return {
    verdict: 'uniform',
    candidates,
    services: found,
    because: [
      `${rangeTitle(candidates[0], candidates.at(-1))} fits all of ${bounded.map((release) => release.service).join(', ')}`,
    ],
    disambiguateWith: candidates.length === 1 ? [] : probesFor(candidates, services),
  };
}

function detectService(versions: ServiceVersions): ServiceRelease {
  if (versions.service === 'network') return fromExtensions(versions);
  const told = newestOf(versions);
  const none = { service: versions.service, from: undefined, to: undefined, told, newer: false };
  if (!isDetectable(versions.service)) return { ...none, because: 'its API does not tell a release' };
  if (told === undefined) return { ...none, because: 'it names no version' };
  return fromVersion(versions.service, told);
}

function fromVersion(service: DetectableService, told: string): ServiceRelease {
  const rows = series.filter((row) => row.api[service] !== undefined);
  const same = rows.filter((row) => row.api[service]?.includes(told));
  const what =
    service === 'image'
      ? 'newest API version'
      : service === 'identity'
        ? 'API version'
        : 'maximum microversion';
  const first = same[0];
  const last = same.at(-1);
  if (first !== undefined && last !== undefined) {
    const open = last === rows.at(-1);
    return {
      service,
      from: first.name,
      to: last.name,
      told,
      newer: false,
      because: `${what} ${told} is that of ${rangeTitle(first.name, last.name)}${open ? ', or of a later one that did not raise it' : ''}`,
    };
  }
  const older = rows.findLast((row) =>
    row.api[service]?.every((known) => compareMicroversions(known, told) < 0),
  );
  const younger = rows.find((row) =>
    row.api[service]?.every((known) => compareMicroversions(known, told) > 0),
  );
  if (younger === undefined) {
    return {
      service,
      from: older?.name,
      to: undefined,
      told,
      newer: true,
      because: `${what} ${told} is newer than every series known on ${asOf}`,
    };
  }
  return {
    service,
    from: (older ?? younger).name,
    to: younger.name,
    told,
    newer: false,
    because: `${what} ${told} is of no release; it lies ${older === undefined ? 'before' : `between ${title(older)} and`} ${title(younger)}: a development build`,
  };
}

function fromExtensions({ service, extensions }: ServiceVersions): ServiceRelease {
  const none = { service, from: undefined, to: undefined, told: undefined, newer: false };
  if (extensions === undefined) return { ...none, because: 'its extensions could not be read' };
  const known = extensions.filter((alias) => broughtBy[alias] !== undefined);
  const newest = known.toSorted(
    (a, b) => orderOf(broughtBy[b] as SeriesName) - orderOf(broughtBy[a] as SeriesName),
  )[0];
  const from = newest === undefined ? undefined : broughtBy[newest];
  if (newest === undefined || from === undefined) {
    return { ...none, because: `none of its ${extensions.length} extensions came with a known series` };
  }
  const to = series.findLast((row) => Object.keys(row.api).length > 0)?.name;
  return {
    service,
    from,
    to,
    told: newest,
    newer: false,
    because: `extension ${newest} came with ${title(series[orderOf(from)] as Series)}; Neutron tells no upper bound`,
  };
}

/**
 * Services without microversions, whose newest minor version is in the id of the version. The others tell their microversion
 * beside it: of `v2.1` without one nothing is known, and it is not a Nova of 2015 (nova `api/openstack/compute/versions.py`).
 */
const MINOR_IN_ID: readonly string[] = ['identity', 'image', 'load-balancer'];

/** The newest version that is in use: of a service with microversions its maximum, of others the id. */
function newestOf({ service, versions }: ServiceVersions): string | undefined {
  const told = versions.flatMap((version) => {
    if (version.status === 'DEPRECATED' && versions.length > 1) return [];
    // `''` is no microversion: of a service that has them and tells none nothing is known.
    const text = version.max ?? (MINOR_IN_ID.includes(service) ? version.id.replace(/^v/i, '') : '');
    return isMicroversion(text) ? [text] : [];
  });
  return told.toSorted(compareMicroversions).at(-1);
}

function fits(service: ServiceRelease, name: SeriesName): boolean {
  const at = orderOf(name);
  const from = service.from === undefined ? -Infinity : orderOf(service.from);
  // The newest row of the table may not be the newest series of the world: it has no end.
  const to = service.to === undefined ? Infinity : orderOf(service.to);
  return from <= at && at <= to;
}

/** Pairs of services of which the older ends before the younger begins. */
function conflicts(services: readonly ServiceRelease[]): string[] {
  const lines = services.flatMap((older) =>
    services
      .filter(
        (younger) =>
          older.to !== undefined && younger.from !== undefined && orderOf(older.to) < orderOf(younger.from),
      )
      .map(
        (younger) =>
          `${older.service} is ${rangeTitle(older.from, older.to)}, ${younger.service} is ${rangeTitle(younger.from, younger.to)}`,
      ),
  );
  return lines;
}

const orNone = (lines: string[]): string[] => (lines.length > 0 ? lines : ['no series fits all services']);

/** Services that are not asked yet, and whose API differs among the candidates. */
function probesFor(candidates: readonly SeriesName[], asked: readonly ServiceVersions[]): string[] {
  const rows = series.filter((row) => candidates.includes(row.name));
  const services = new Set(rows.flatMap((row) => Object.keys(row.api))) as Set<DetectableService>;
  const telling = [...services].filter(
    (service) =>
      !asked.some((versions) => versions.service === service) &&
      new Set(rows.map((row) => String(row.api[service]))).size > 1,
  );
  return [
    ...telling.map((service) => `the API of ${service}, if this cloud has one`),
    "Swift's /info",
    "the packages' versions on a host",
  ];
}

/** `Zed (2022.2)`, or `2025.1 (Epoxy) to 2025.2 (Flamingo)`. */
export function rangeTitle(from: SeriesName | undefined, to: SeriesName | undefined): string {
  const first = from === undefined ? undefined : series[orderOf(from)];
  const last = to === undefined ? undefined : series[orderOf(to)];
  if (first === undefined) return last === undefined ? 'any series' : `${title(last)} or older`;
  if (last === undefined) return `${title(first)} or newer`;
  return first === last ? title(first) : `${title(first)} to ${title(last)}`;
}

/** Whether a service of this type says anything of its release, by its versions or by Neutron's extensions. */
export const tellsRelease = (service: string): boolean => service === 'network' || isDetectable(service);

const isDetectable = (service: string): service is DetectableService =>
  series.some((row) => service in row.api);
