import { type Series, series, title } from '../series.ts';
import {
  type DistributionName,
  type DistributionStep,
  distributionAfter,
  distributions,
  testedOn,
} from './distributions.ts';
import { type HopKind, hopBetween } from './hop-between.ts';
import { hypervisorFloors, isOlder } from './hypervisor.ts';
import type { PathRefusal } from './path-refusal.ts';

export interface FoundHop {
  readonly from: Series;
  readonly to: Series;
  readonly kind: HopKind;
  readonly before: readonly DistributionStep[];
  /** At the time of the hop; `undefined` where it is not known. */
  readonly distribution: DistributionName | undefined;
  readonly hypervisor: Hypervisor;
}

interface Hypervisor {
  readonly libvirt: string | undefined;
  readonly qemu: string | undefined;
}

export interface SearchOptions {
  readonly prefer: 'slurp' | 'next';
  readonly distribution?: DistributionName | undefined;
  readonly libvirt?: string | undefined;
  readonly qemu?: string | undefined;
}

export type FoundPath =
  | { readonly ok: true; readonly hops: readonly FoundHop[] }
  | { readonly ok: false; readonly refusal: PathRefusal };

/** A series on a distribution, and how one came there. */
interface State {
  readonly at: Series;
  readonly distribution: DistributionName | undefined;
  readonly hops: readonly FoundHop[];
  /** Changes of the distribution since the last hop. */
  readonly before: readonly DistributionStep[];
}

/**
 * Looks for the fewest hops, and among those for the fewest changes of the distribution: a search in order of cost over pairs of a
 * series and a distribution, of which there are few.
 */
export function searchPath(start: Series, goal: Series, options: SearchOptions): FoundPath {
  const open: State[] = [{ at: start, distribution: options.distribution, hops: [], before: [] }];
  const seen = new Set<string>();
  let obstacle: PathRefusal | undefined;
  for (;;) {
    const state = cheapest(open);
    if (state === undefined) break;
    if (state.at === goal) return { ok: true, hops: state.hops };
    const key = `${state.at.name} ${state.distribution ?? ''}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const next of nextSeries(state.at, goal, options.prefer)) {
      const told = obstacleTo(state, next.to, options);
      if (told === undefined) open.push(hopped(state, next, options));
      // The first that is met is at the series where one gets stuck first.
      else obstacle ??= told;
    }
    const other = changed(state);
    if (other !== undefined) open.push(other);
  }
  const reason = `no hops lead from ${title(start)} to ${title(goal)}`;
  return { ok: false, refusal: obstacle ?? { code: 'distribution-missing', reason, remedy: undefined } };
}

/** Takes out the state with the fewest hops, and of those with the fewest changes of distribution. */
function cheapest(open: State[]): State | undefined {
  const [first, ...rest] = open.toSorted((a, b) => costOf(a) - costOf(b));
  open.splice(0, open.length, ...rest);
  return first;
}

const costOf = ({ hops, before }: State): number =>
  hops.length * 1_000 + hops.reduce((sum, hop) => sum + hop.before.length, before.length);

function nextSeries(at: Series, goal: Series, prefer: SearchOptions['prefer']) {
  const last = series.indexOf(goal);
  return series.slice(series.indexOf(at) + 1, last + 1).flatMap((to) => {
    const answer = hopBetween(at, to);
    return answer.ok && (prefer === 'slurp' || answer.kind === 'next') ? [{ to, kind: answer.kind }] : [];
  });
}

/** What the hosts run now: what they had, or what the distribution has to which they were changed. */
function hypervisorOf({ distribution }: State, options: SearchOptions): Hypervisor {
  const shipped = distributions.find(({ name }) => name === distribution);
  const isChanged = distribution !== options.distribution;
  return {
    libvirt: isChanged ? shipped?.libvirt : (options.libvirt ?? shipped?.libvirt),
    qemu: isChanged ? shipped?.qemu : (options.qemu ?? shipped?.qemu),
  };
}

function obstacleTo(state: State, to: Series, options: SearchOptions): PathRefusal | undefined {
  const { distribution } = state;
  const tested = testedOn[to.name];
  if (distribution !== undefined && tested !== undefined && !tested.includes(distribution))
    return {
      code: 'distribution-missing',
      reason: `${title(to)} is not tested on ${distribution}, and ${title(state.at)} on nothing newer that leads there`,
      remedy: `It is tested on ${tested.join(', ')}: add hosts with one of these, or reinstall.`,
    };
  const floor = hypervisorFloors[to.name];
  if (floor === undefined) return undefined;
  const { libvirt, qemu } = hypervisorOf(state, options);
  for (const [what, there, needed] of [
    ['libvirt', libvirt, floor.libvirt],
    ['QEMU', qemu, floor.qemu],
  ] as const)
    if (there !== undefined && isOlder(there, needed))
      return {
        code: 'infra-edge-missing',
        reason: `nova-compute of ${title(to)} needs ${what} ${needed}, and there is ${there}`,
        remedy: `Bring ${what} to ${needed} on the compute hosts first, by packages or by a newer distribution.`,
      };
  return undefined;
}

const hopped = (
  state: State,
  { to, kind }: { readonly to: Series; readonly kind: HopKind },
  options: SearchOptions,
): State => ({
  at: to,
  distribution: state.distribution,
  hops: [
    ...state.hops,
    {
      from: state.at,
      to,
      kind,
      before: state.before,
      distribution: state.distribution,
      hypervisor: hypervisorOf(state, options),
    },
  ],
  before: [],
});

/** The next distribution, if the series that runs there is tested on it. */
function changed(state: State): State | undefined {
  const { at, distribution, before } = state;
  if (distribution === undefined) return undefined;
  const to = distributionAfter(distribution);
  if (to === undefined || testedOn[at.name]?.includes(to) !== true) return undefined;
  return { ...state, distribution: to, before: [...before, { from: distribution, to }] };
}
