import { type Family, publicShare, describeSources } from '../addresses/address-family.ts';
import type { ExposureClaim } from '../exposure/exposure-claim.ts';
import { describeReach } from '../reach/describe-reach.ts';
import type { Reach } from '../reach/rule-reach.ts';
import { through, UNSEEN, type PacketFilter } from './packet-filter.ts';

/** The part of a claim that the packet filters on a path leave. */
export interface FilteredExposure {
  /** The firewall groups on the path. */
  readonly groups: readonly string[];
  /** `some`: less than the finding says, but not nothing. */
  readonly lets: 'all' | 'some' | 'nothing' | 'unknown';
  readonly why: readonly string[];
}

/** Computes the part of claims that filters leave. The same claim behind the same filters is computed once. */
export function filteredExposures(): (
  filters: readonly PacketFilter[],
  claim: ExposureClaim,
  family: Family,
) => FilteredExposure {
  const numbers = new WeakMap<PacketFilter, number>();
  let last = 0;
  const numberOf = (filter: PacketFilter): number => {
    const number = numbers.get(filter) ?? (last += 1);
    numbers.set(filter, number);
    return number;
  };
  const known = new WeakMap<ExposureClaim, Map<string, FilteredExposure>>();
  return (filters, claim, family) => {
    const byFilters = known.get(claim) ?? new Map<string, FilteredExposure>();
    known.set(claim, byFilters);
    const key = filters.map(numberOf).join(' ');
    const filtered = byFilters.get(key) ?? filterExposure(filters, claim, family);
    byFilters.set(key, filtered);
    return filtered;
  };
}

function filterExposure(
  filters: readonly PacketFilter[],
  { reached, isAll }: ExposureClaim,
  family: Family,
): FilteredExposure {
  const known = filters.filter((filter) => filter !== UNSEEN);
  const groups = known.flatMap(({ group }) => group ?? []);
  const why = filters.map((filter) => filter.why);
  let left = reached;
  for (const { lets } of known) if (lets !== undefined) left = through(left, lets);
  const isShut = known.some(({ lets }) => lets !== undefined) && !isFromOutside(left, family);
  // Whatever else filters there, nothing comes through this one.
  if (isShut) return { groups, lets: 'nothing', why: [...why, 'nothing of it comes through'] };
  if (known.some(({ lets }) => lets === undefined)) return { groups, lets: 'unknown', why };
  if (known.length === 0 || isAll(left)) return { groups, lets: 'all', why };
  return { groups, lets: 'some', why: [...why, `what comes through: ${describeReaches(left, family)}`] };
}

/** Tells whether anything of it comes from outside. */
const isFromOutside = (left: readonly Reach[], family: Family): boolean =>
  left.some(({ sources }) => publicShare(sources, family) > 0);

function describeReaches(left: readonly Reach[], family: Family): string {
  const shown = left
    .slice(0, 5)
    .map((reach) => `${describeReach(reach)} from ${describeSources(reach.sources, family)}`);
  return `${shown.join(', ')}${left.length > shown.length ? `, and ${left.length - shown.length} more` : ''}`;
}
