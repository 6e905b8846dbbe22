import { orderOf, series } from '../series.ts';
import { upstreamOf } from '../run/executors/dpkg-words.ts';
import { recipes } from '../run/recipes.ts';
import type { SeriesName } from '@groundcrew/ground/series';

/** Versions were those of the series before: `2015.1.0`. */
const FIRST_WITH_MAJORS = orderOf('liberty');
const EPOXY = orderOf('epoxy');

/** The service of a package: `nova` of `nova-api` and of `python3-nova`; `undefined` of what belongs to none. */
export function serviceOfPackage(name: string): string | undefined {
  const base = name.replace(/^python3-/, '');
  return recipes.find(({ service }) => base === service || base.startsWith(`${service}-`))?.service;
}

/**
 * The series by a package's major version, which rises by one with each. A library or a plug-in of a service has versions of its own, and
 * so tells nothing.
 */
export function seriesOfPackage(name: string, version: string): SeriesName | undefined {
  const recipe = recipes.find(({ service }) => service === serviceOfPackage(name));
  if (recipe?.majorAtEpoxy === undefined || !isOwn(name, recipe.service)) return undefined;
  const major = Number(upstreamOf(version)?.split('.')[0]);
  const at = EPOXY + (major - recipe.majorAtEpoxy);
  return at >= FIRST_WITH_MAJORS ? series[at]?.name : undefined;
}

/** `neutron-fwaas` or `python3-novaclient` have versions of their own; what a service is split into has the service's. */
const PARTS =
  /^(?:api|api-metadata|common|compute|compute-.{1,40}|conductor|scheduler|novncproxy|rpc-server|periodic-workers|server|volume|backup|.{1,40}-agent|wsgi)$/;

const isOwn = (name: string, service: string): boolean =>
  name === service || name === `python3-${service}` || PARTS.test(name.slice(service.length + 1));

/** How many of these releases are newer than a version, among those of its major version; `undefined` if it has none there. */
export function releasesBehind(version: string, releases: readonly string[]): number | undefined {
  const own = numbersOf(upstreamOf(version) ?? '');
  const same = releases.map(numbersOf).filter(([major]) => major === own[0]);
  if (same.length === 0) return undefined;
  return same.filter((one) => compare(one, own) > 0).length;
}

const numbersOf = (version: string): readonly number[] => version.split('.').map(Number);

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const less = (a[at] ?? 0) - (b[at] ?? 0);
    if (less !== 0) return less;
  }
  return 0;
}
