import { counted, type Evidence } from '@groundcrew/ground';
import type { WayAnswer } from './asking.ts';
import type { CloudCoverage, FigureCoverage } from './observe-coverage.ts';
import type { CoverageThing } from './thing.ts';
import { type CoverageSource, type CoverageWay, coverageWays } from './ways.ts';

/** The things of a figure, by what is known of their being measured. Each is in one list. */
export interface Judged {
  /** A source has a value that is young enough. */
  readonly covered: readonly CoverageThing[];
  /** Every source that was asked has answered, and none has one. */
  readonly blind: readonly CoverageThing[];
  /** None has one as far as is known, and one that was asked did not tell; or none was asked. */
  readonly unknown: readonly CoverageThing[];
  /** None has one, and the thing is not older than a value may be. */
  readonly young: readonly CoverageThing[];
}

/** Sorts the things of a figure by whether anything measures them. */
export function judge({ at }: CloudCoverage, { things, ways }: FigureCoverage): Judged {
  const judged = { covered: [], blind: [], unknown: [], young: [] } as Record<keyof Judged, CoverageThing[]>;
  const patience = Math.max(0, ...ways.map(({ freshnessMs }) => freshnessMs));
  const now = Date.parse(at);
  for (const thing of things.value) {
    const tells = ({ seen }: WayAnswer): boolean =>
      seen.completeness === 'complete' && !seen.value.untold.has(thing.id);
    const wasSeen = ways.some(({ seen }) => seen.value.stale.has(thing.id));
    if (ways.some(({ seen }) => seen.value.fresh.has(thing.id))) judged.covered.push(thing);
    else if (ways.length === 0 || !ways.every(tells)) judged.unknown.push(thing);
    else if (!wasSeen && thing.since !== undefined && now - thing.since < patience) judged.young.push(thing);
    else judged.blind.push(thing);
  }
  return judged;
}

/** What each way that was asked does not have of some things, in sentences. */
export const missedBy = (
  ways: readonly WayAnswer[],
  missed: readonly CoverageThing[],
  of: number,
): Evidence[] =>
  ways.flatMap(({ way, seen: { value, source, at } }) => {
    const gone = missed.filter(({ id }) => value.stale.has(id));
    const never = missed.filter(({ id }) => !value.stale.has(id) && !value.untold.has(id));
    const name = nameOf(way);
    const statements = [
      ...(never.length > 0
        ? [`${never.length} of ${of} have no ${name}: ${some(never.map(({ id }) => id))}`]
        : []),
      ...(gone.length > 0
        ? [
            `${gone.length} of ${of} have no ${name} any more: ${some(
              gone.map(({ id }) => {
                const since = value.stale.get(id);
                return `${id} (${since === undefined ? 'the last one is older than what was asked for' : `the last one at ${since}`})`;
              }),
            )}`,
          ]
        : []),
    ];
    return statements.map((statement) => ({ statement, source, at }));
  });

/** The targets that do not answer Prometheus: what is missing may be theirs. */
export function downBy({ downTargets }: CloudCoverage, ways: readonly WayAnswer[]): Evidence[] {
  if (downTargets === undefined || downTargets.value.length === 0) return [];
  if (!ways.some(({ way }) => way.source === 'prometheus')) return [];
  const names = downTargets.value.map(({ job, instance }) => `${job} ${instance}`);
  const statement = `${counted(names.length, 'target does', 'targets do')} not answer: ${some(names)}`;
  return [{ statement, source: downTargets.source, at: downTargets.at }];
}

/** Why it is not known of some things, in sentences. */
export function untoldBy(ways: readonly WayAnswer[], things: readonly CoverageThing[]): Evidence[] {
  const ids = new Set(things.map(({ id }) => id));
  return ways.flatMap(({ seen: { value, source, at, gaps } }) => {
    const whys = new Map<string, number>();
    for (const [id, why] of value.untold) if (ids.has(id)) whys.set(why, (whys.get(why) ?? 0) + 1);
    return [
      ...gaps.map((gap) => ({ statement: gap.why, source: gap.what, at })),
      ...[...whys].map(([why, count]) => ({ statement: `of ${count}: ${why}`, source, at })),
    ];
  });
}

/** The sources that could measure a figure, and were not asked. */
export function notAsked({ sources }: CloudCoverage, { figure }: FigureCoverage): CoverageSource[] {
  const could = coverageWays.filter((way) => way.figure === figure.id).map(({ source }) => source);
  return [...new Set(could)].filter((source) => sources[source] === 'not-asked');
}

/** The sources that were asked for a figure: `Gnocchi and Prometheus`. */
export const askedWords = (ways: readonly WayAnswer[]): string =>
  [...new Set(ways.map(({ way }) => SOURCE_WORDS[way.source]))].join(' and ');

export const SOURCE_WORDS: Readonly<Record<CoverageSource, string>> = {
  gnocchi: 'Gnocchi',
  prometheus: 'Prometheus',
  notifications: 'notifications',
  nova: "Nova's audit log",
};

function nameOf(way: CoverageWay): string {
  switch (way.source) {
    case 'gnocchi':
      return way.metric;
    case 'prometheus':
      return way.series.join(' or ');
    case 'notifications':
      return `notification ${way.events.join(' or ')}`;
    case 'nova':
      return 'usage audit of their host in the last whole period';
  }
}

const some = (texts: readonly string[]): string =>
  `${texts.slice(0, 5).join(', ')}${texts.length > 5 ? `, and ${counted(texts.length - 5, 'other')}` : ''}`;
