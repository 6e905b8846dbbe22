import { z } from 'zod';
import {
  type Evidence,
  finding,
  type Finding,
  InputError,
  optionsSchema,
  parseArguments,
  unseen,
} from '@groundcrew/ground';
import type { Observed } from '@groundcrew/core';
import { asOf, madeFrom, type SeriesName } from '@groundcrew/ground/series';
import {
  type DetectedRelease,
  detectRelease,
  rangeTitle,
  type ServiceRelease,
  tellsRelease,
} from './detect.ts';
import type { ReleaseSnapshot } from './observe.ts';
import { plannedUntil, type Series, series, statusOn, title } from './series.ts';

export interface AssessReleaseOptions {
  /** Milliseconds since 1970: support ends by date. @default the machine's clock */
  readonly now?: number | undefined;
}

const assessOptions = optionsSchema<AssessReleaseOptions>({ now: z.number().optional() });

/**
 * Judges a cloud's release: which it is, of each service with its reason; whether all are of one; whether it is
 * still maintained; and where it can go from there.
 */
export function assess(observed: Observed<ReleaseSnapshot>, options: AssessReleaseOptions = {}): Finding[] {
  parseArguments('upgrade.assess', assessOptions, options);
  const release = detectRelease(observed.value.services);
  const findings = release.services.map((service) => serviceFinding(service, observed));
  for (const gap of observed.gaps) {
    const what = {
      id: 'upgrade.unseen',
      title: `Not seen: ${gap.what}`,
      severity: 'medium',
    } as const;
    findings.push(unseen(gap, { ...what, at: observed.at }));
  }
  findings.push(uniformity(release, observed), support(release, observed, options.now ?? Date.now()));
  return findings;
}

function serviceFinding(service: ServiceRelease, observed: Observed<ReleaseSnapshot>): Finding {
  const known = service.from !== undefined && !service.newer;
  return finding({
    id: 'upgrade.service-release',
    verdict: known ? 'pass' : 'unknown',
    severity: 'info',
    title: known
      ? `${service.service} is ${rangeTitle(service.from, service.to)}`
      : `The release of ${service.service} is not told`,
    subject: { kind: 'service', id: service.service },
    because: [{ statement: service.because, source: `${service.service} versions`, at: observed.at }],
    remedy: known ? undefined : LOOK,
  });
}

const LOOK = 'Look at the packages on a host of this service.';

function uniformity(release: DetectedRelease, observed: Observed<ReleaseSnapshot>): Finding {
  const because: Evidence[] = release.because.map((statement) => ({
    statement,
    source: 'version documents',
    at: observed.at,
  }));
  const common = { id: 'upgrade.uniform', subject: { kind: 'cloud', id: 'release' }, because } as const;
  switch (release.verdict) {
    case 'uniform': {
      const name = rangeTitle(release.candidates[0], release.candidates.at(-1));
      const sure = release.candidates.length === 1;
      const more = sure ? undefined : `To tell these apart, ask ${release.disambiguateWith.join(', or ')}.`;
      // What was not read may be of another release.
      const doubts = doubtsOf(release, observed);
      if (doubts.length > 0) {
        return finding({
          ...common,
          verdict: 'unknown',
          severity: 'medium',
          title: `All services that could be read fit ${name}`,
          because: [...because, ...doubts],
          remedy: observed.gaps[0]?.remedy ?? more ?? LOOK,
        });
      }
      return finding({
        ...common,
        verdict: 'pass',
        severity: 'medium',
        title: `All services fit ${name}`,
        remedy: more,
      });
    }
    case 'mixed':
      return finding({
        ...common,
        verdict: 'fail',
        severity: 'medium',
        title: 'Services of different releases',
        remedy: 'If an upgrade is under way, finish it. If not, no upstream test covers this combination.',
      });
    case 'newer':
    case 'unknown':
      return finding({
        ...common,
        verdict: 'unknown',
        severity: 'medium',
        title: 'The release is not known here',
        remedy: release.disambiguateWith[0],
      });
  }
}

/**
 * Judges support by every series that the cloud can be of; of a mixed cloud, by those of its oldest service. Where they
 * differ, it is not known which is true.
 */
function support(release: DetectedRelease, observed: Observed<ReleaseSnapshot>, now: number): Finding {
  const base = {
    id: 'upgrade.supported',
    subject: { kind: 'cloud', id: 'support' },
    severity: 'high',
  } as const;
  const today = new Date(now).toISOString().slice(0, 10);
  const rows = possibleSeries(release);
  const newest = rows.at(-1);
  if (newest === undefined) {
    const because = [
      { statement: 'no service tells a series', source: 'version documents', at: observed.at },
    ];
    return finding({
      ...base,
      verdict: 'unknown',
      title: 'Support is not known',
      because,
      remedy: undefined,
    });
  }
  const because: Evidence[] = rows.map((row) => ({
    statement: `${title(row)} was released ${row.released} and is ${statusOn(row, today)} on ${today}, by the plans of ${asOf}`,
    source: 'openstack/releases',
  }));
  const since = plannedUntil(today);
  if (since.length > 0) {
    return finding({
      ...base,
      verdict: 'unknown',
      title: `Support is not known: this table of series is of ${asOf}`,
      because: [
        ...because,
        { statement: `planned since then: ${since.join('; ')}`, source: 'openstack/releases' },
      ],
      remedy: `Take a newer version of this package; its table is made from ${madeFrom}.`,
    });
  }
  const kept = rows.filter((row) => statusOn(row, today) === 'maintained');
  const names = rangeTitle(rows[0]?.name, newest.name);
  const hops = nextHops(rows[0] ?? newest, { day: today })
    .map(title)
    .join(', then ');
  const upgrade = hops === '' ? undefined : `Upgrade: ${hops}.`;
  const doubts = doubtsOf(release, observed);
  if (kept.length === rows.length && doubts.length > 0) {
    return finding({
      ...base,
      verdict: 'unknown',
      title: `What could be read, ${names}, is maintained; the rest is not known`,
      because: [...because, ...doubts],
      remedy: observed.gaps[0]?.remedy ?? LOOK,
    });
  }
  if (kept.length === rows.length) {
    return finding({ ...base, verdict: 'pass', title: `${names} is maintained`, because, remedy: undefined });
  }
  if (kept.length === 0) {
    return finding({
      ...base,
      verdict: 'fail',
      title: `${names} gets no more releases from its project`,
      because,
      remedy: upgrade,
    });
  }
  const remedy =
    `Find out which it is: ask ${release.disambiguateWith.join(', or ')}. ${upgrade ?? ''}`.trim();
  return finding({
    ...base,
    verdict: 'unknown',
    title: `Whether it is maintained depends on which of ${names} it is`,
    because,
    remedy,
  });
}

/**
 * The reasons why a claim about all services cannot be made: what was not read, and services that could tell their release
 * and do not.
 */
const doubtsOf = (release: DetectedRelease, observed: Observed<ReleaseSnapshot>): Evidence[] => [
  ...observed.gaps.map((gap) => ({ statement: gap.why, source: gap.what, at: observed.at })),
  ...release.services
    .filter(({ service, from }) => from === undefined && tellsRelease(service))
    .map(({ service, because }) => ({
      statement: `the release of ${service} is not told: ${because}`,
      source: `${service} versions`,
      at: observed.at,
    })),
];

function possibleSeries(release: DetectedRelease): readonly Series[] {
  if (release.verdict === 'uniform') return series.filter((row) => release.candidates.includes(row.name));
  const bounded = release.services.filter(
    (service) => service.from !== undefined && service.to !== undefined && !service.newer,
  );
  const oldest = bounded.toSorted((a, b) => place(a.to) - place(b.to))[0];
  return oldest === undefined ? [] : series.slice(place(oldest.from), place(oldest.to) + 1);
}

const place = (name: SeriesName | undefined): number => series.findIndex((row) => row.name === name);

export interface HopOptions {
  /** ISO date, for what is maintained then. @default the day of the table */
  readonly day?: string | undefined;
  /**
   * Only to the newest maintained SLURP, which is kept longest and may be left for the next SLURP directly. `false` leads to
   * the newest maintained series, whichever it is. @default true
   */
  readonly slurp?: boolean | undefined;
}

const hopOptions = optionsSchema<HopOptions>({
  day: z.iso.date().optional(),
  slurp: z.boolean().optional(),
});

/**
 * The hops from a series to the newest one that is maintained, as the TC allows them: to the next series, or from one
 * SLURP to the next (resolution of 2022-02-10).
 *
 * @throws InputError for a series that is not of the table, and on an option that there is not
 * @example nextHops(caracal).map(title); // ['2025.1 (Epoxy)', '2026.1 (Gazpacho)']
 */
export function nextHops(from: Series, options: HopOptions = {}): Series[] {
  parseArguments('nextHops', hopOptions, options);
  const { day = asOf, slurp: onlySlurp = true } = options;
  const goal = series.findLast(
    (row) => statusOn(row, day) === 'maintained' && (!onlySlurp || row.slurp === true),
  );
  const hops: Series[] = [];
  let at = series.indexOf(from);
  if (at === -1)
    throw new InputError('nextHops: from: is no series of the table', {
      field: 'from',
      operation: 'nextHops',
    });
  const end = goal === undefined ? -1 : series.indexOf(goal);
  while (at < end) {
    const slurp =
      series[at]?.slurp === true ? series.findIndex((row, index) => index > at && row.slurp === true) : -1;
    at = slurp !== -1 && slurp <= end ? slurp : at + 1;
    hops.push(series[at] as Series);
  }
  return hops;
}
