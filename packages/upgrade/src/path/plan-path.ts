import { optionsSchema, parseArguments } from '@groundcrew/ground';
import { asOf, type SeriesName } from '@groundcrew/ground/series';
import { z } from 'zod';
import { type DetectedRelease, rangeTitle } from '../detect.ts';
import { type Series, series, statusOn, title } from '../series.ts';
import { type DistributionName, distributions, type DistributionStep, testedOn } from './distributions.ts';
import { type HopKind, hopBetween } from './hop-between.ts';
import { hypervisorFloors } from './hypervisor.ts';
import type { PathRefusal, PathRefusalCode } from './path-refusal.ts';
import { type FoundHop, searchPath } from './search-path.ts';
import { supportEndOf } from './support-end.ts';

/** Where a cloud is: a series by its name or number, or what `detectRelease` found. */
export type PathFrom = SeriesName | (string & {}) | DetectedRelease;

export interface PathOptions {
  /** The series to come to, by name or number. @default the newest SLURP that is maintained on the day */
  readonly to?: string | undefined;
  /** `slurp` passes over a series wherever OpenStack allows it; `next` takes each. @default 'slurp' */
  readonly prefer?: 'slurp' | 'next' | undefined;
  /** ISO date for what is maintained. @default the day of the table of series */
  readonly day?: string | undefined;
  /** What the hosts run. What is not said is not judged, and told as a need of the hops. */
  readonly infra?: {
    readonly distribution?: DistributionName | undefined;
    /** Of the oldest compute host: `9.0.0`. */
    readonly libvirt?: string | undefined;
    readonly qemu?: string | undefined;
  };
}

/** What a hop needs of whatever is below OpenStack. */
export interface HopNeed {
  readonly what: 'distribution' | 'libvirt' | 'QEMU';
  /** One of these distributions, or the oldest version. */
  readonly needed: string;
  /** What is there; `undefined` if it is not known. */
  readonly there: string | undefined;
}

export interface Hop {
  readonly from: Series;
  readonly to: Series;
  readonly kind: HopKind;
  readonly before: readonly DistributionStep[];
  readonly needs: readonly HopNeed[];
  /** The status of the series that it leads to, on the day. */
  readonly status: Series['status'];
  /** The day on which its project ends the support of that series, as far as it is planned. */
  readonly supportedUntil: string | undefined;
}

export interface UpgradePath {
  readonly ok: true;
  readonly from: Series;
  readonly to: Series;
  readonly hops: readonly [Hop, ...Hop[]];
}

export type PathAnswer =
  | UpgradePath
  | { readonly ok: false; readonly refusals: readonly [PathRefusal, ...PathRefusal[]] };

const names = distributions.map(({ name }) => name);
const aVersion = z.string().regex(/^\d{1,4}(?:\.\d{1,4}){0,3}$/, 'must be a version: 9.0.0');
const pathOptions = optionsSchema<PathOptions>({
  to: z.string().min(1).optional(),
  prefer: z.enum(['slurp', 'next']).optional(),
  day: z.iso.date().optional(),
  infra: z
    .strictObject({
      distribution: z.enum(names as [DistributionName, ...DistributionName[]]).optional(),
      libvirt: aVersion.optional(),
      qemu: aVersion.optional(),
    })
    .optional(),
});

/**
 * The hops that lead a cloud from its series to another, over three graphs: the series, of which OpenStack allows the next one and
 * from a SLURP the next SLURP; the distributions on which each series is tested; and the libvirt and QEMU with which nova-compute
 * starts. Pure, and the fewest hops there are.
 *
 * @throws InputError for an option that is not known
 * @example
 * const path = planPath('zed', { infra: { distribution: 'Debian 11' } });
 * if (path.ok) console.log(pathText(path));
 * else for (const { code, reason, remedy } of path.refusals) console.log(code, reason, remedy);
 */
export function planPath(from: PathFrom, options: PathOptions = {}): PathAnswer {
  parseArguments('planPath', pathOptions, options);
  const { day = asOf, prefer = 'slurp', infra = {} } = options;
  const start = typeof from === 'string' ? seriesCalled(from) : seriesOf(from);
  if (start === undefined)
    return no('unknown-from', `there is no series ${JSON.stringify(from)}`, 'Say its name or its number.');
  if ('code' in start) return { ok: false, refusals: [start] };
  const goal = options.to === undefined ? newestKept(day) : seriesCalled(options.to);
  if (goal === undefined)
    return no(
      'unknown-to',
      `there is no series ${options.to ?? 'that is maintained'}`,
      `The table is of ${asOf}.`,
    );
  const status = statusOn(goal, day);
  if (status === 'development' || status === 'future')
    return no(
      'not-maintained',
      `${title(goal)} is not released on ${day}: ${status}`,
      'Take a released series.',
    );
  const direct = hopBetween(start, goal);
  if (!direct.ok && direct.refusal.code !== 'not-slurp-skip')
    return { ok: false, refusals: [{ ...direct.refusal, code: direct.refusal.code }] };
  const found = searchPath(start, goal, { prefer, ...infra });
  if (!found.ok) return { ok: false, refusals: [found.refusal] };
  const [first, ...more] = found.hops.map((hop) => hopOf(hop, day, infra));
  if (first === undefined) return no('already-there', `it is ${title(goal)} already`, undefined);
  return { ok: true, from: start, to: goal, hops: [first, ...more] };
}

function hopOf(
  { from, to, kind, before, distribution, hypervisor }: FoundHop,
  day: string,
  infra: NonNullable<PathOptions['infra']>,
): Hop {
  const tested = testedOn[to.name] ?? [];
  const floor = hypervisorFloors[to.name];
  const needs: HopNeed[] = [];
  if (infra.distribution === undefined && tested.length > 0)
    needs.push({ what: 'distribution', needed: tested.join(', '), there: distribution });
  if (floor !== undefined)
    needs.push(
      { what: 'libvirt', needed: floor.libvirt, there: hypervisor.libvirt },
      { what: 'QEMU', needed: floor.qemu, there: hypervisor.qemu },
    );
  return { from, to, kind, before, needs, status: statusOn(to, day), supportedUntil: supportEndOf(to) };
}

const seriesCalled = (text: string): Series | undefined =>
  series.find(({ name, number }) => name === text.toLowerCase() || number === text);

function seriesOf(found: DetectedRelease): Series | PathRefusal {
  const because = found.because.join('; ');
  switch (found.verdict) {
    case 'newer':
      return {
        code: 'unknown-newer',
        reason: because,
        remedy: `Ask ${found.disambiguateWith.join(', or ')}.`,
      };
    case 'mixed':
      return {
        code: 'mixed',
        reason: because,
        remedy: 'Finish the upgrade that is under way; a hop begins at one series.',
      };
    case 'unknown':
      return { code: 'unknown-from', reason: because, remedy: 'Say the series.' };
    case 'uniform': {
      const [only, ...others] = found.candidates;
      const row = series.find(({ name }) => name === only);
      if (row !== undefined && others.length === 0) return row;
      return {
        code: 'ambiguous',
        reason: `it can be any of ${rangeTitle(only, others.at(-1))}: ${because}`,
        remedy: `Ask ${found.disambiguateWith.join(', or ')}; or say the series.`,
      };
    }
  }
}

const newestKept = (day: string): Series | undefined =>
  series.findLast((row) => statusOn(row, day) === 'maintained' && row.slurp === true);

const no = (code: PathRefusalCode, reason: string, remedy: string | undefined): PathAnswer => ({
  ok: false,
  refusals: [{ code, reason, remedy }],
});
