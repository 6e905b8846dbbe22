import type { Completeness, Evidence } from '@groundcrew/ground';
import type { FigureId } from './figures.ts';
import { downBy, judge, missedBy, notAsked } from './judge.ts';
import type { CloudCoverage, FigureCoverage } from './observe-coverage.ts';
import type { CoverageSetting } from './setting.ts';
import type { CoverageSource } from './ways.ts';

/** A figure that none of the sources that were asked has of some things. */
export interface BlindSpot {
  readonly figure: FigureId;
  /** `size of volumes`. */
  readonly what: string;
  /** Their ids. */
  readonly things: readonly string[];
  /** How many things there are that have the figure, of those that were seen. */
  readonly of: number;
  /** Of the list of things: one that was not read to its end may have more that nothing measures. */
  readonly completeness: Completeness;
  /** Those of the things that were measured once, and until when, as far as a source tells. */
  readonly stale: readonly { readonly id: string; readonly since: string | undefined }[];
  /** What was looked for, and where. */
  readonly because: readonly Evidence[];
  /** The settings that open it, of the sources that were asked. One is enough; whether it is set already is not known from here. */
  readonly opensWith: readonly CoverageSetting[];
  /** Sources that could have it, and were not asked. */
  readonly notAsked: readonly CoverageSource[];
}

/**
 * The blind spots of a cloud: what exists, and has no value that is young enough in any source that was asked. What a source did not
 * tell, since it was not asked, is denied or failed, is no blind spot; `assessCoverage` says that it is unknown.
 */
export const blindSpots = (found: CloudCoverage): BlindSpot[] =>
  found.figures.flatMap((coverage) => blindSpotOf(found, coverage) ?? []);

/** The blind spot of one figure, if there is one. */
export function blindSpotOf(found: CloudCoverage, coverage: FigureCoverage): BlindSpot | undefined {
  const { figure, things, ways } = coverage;
  const { blind } = judge(found, coverage);
  if (blind.length === 0) return undefined;
  const of = things.value.length;
  const stale = blind.flatMap(({ id }) => {
    const told = ways.filter(({ seen }) => seen.value.stale.has(id));
    if (told.length === 0) return [];
    const times = told.flatMap(({ seen }) => seen.value.stale.get(id) ?? []).toSorted();
    return [{ id, since: times.at(-1) }];
  });
  const settings = ways.flatMap(({ way }) => way.opensWith);
  return {
    figure: figure.id,
    what: figure.what,
    things: blind.map(({ id }) => id),
    of,
    completeness: things.completeness,
    stale,
    because: [...missedBy(ways, blind, of), ...downBy(found, ways)],
    opensWith: [
      ...new Map(settings.map((setting) => [`${setting.program} ${setting.line}`, setting])).values(),
    ],
    notAsked: notAsked(found, coverage),
  };
}
