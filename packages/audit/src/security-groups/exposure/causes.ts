import { intersection, size } from '../addresses/address-set.ts';
import type { Family } from '../addresses/address-family.ts';
import type { ExposureCondition } from './conditions.ts';
import type { RuleReach } from '../reach/rule-reach.ts';

/**
 * The rules that cause something, as few as can be without trying all sets: one if one alone is enough, or else a set
 * of which none can be spared. Wide ones are preferred.
 *
 * More rules let in no less, so what a prefix of the list causes a longer one causes too: the first that is needed is
 * found by halving, then the next with that one given, and so on. A tenant decides how long that takes, so it ends after
 * `TRIED` rules were looked at; what it has then is a cause, of which some might be spared. A hundred rules (the usual
 * quota) are never that many; prefixes for one port, or for all, however many, are done in one halving.
 */
export function causeOf(
  rules: readonly RuleReach[],
  { holds, matters, ofSources }: ExposureCondition,
  family: Family,
): readonly RuleReach[] {
  const relevant = widestFirst(rules.filter(matters), family, ofSources);
  const { few: widest, apart } = ofSources ? outermost(relevant) : { few: relevant, apart: false };
  // A rule that is wide enough alone is among the widest.
  const alone = widest.slice(0, ALONE).find((rule) => holds([rule]));
  if (alone !== undefined) return [alone];
  const needed: RuleReach[] = [];
  let left = TRIED;
  const enoughWith = (some: readonly RuleReach[]): boolean => {
    left -= needed.length + some.length;
    return holds([...needed, ...some]);
  };
  let candidates: readonly RuleReach[] = widest;
  while (candidates.length > 0 && !enoughWith([])) {
    if (left < 0 && needed.length > 0) return [...needed, ...candidates];
    const enough = leastPrefix(candidates.length, (count) => enoughWith(candidates.slice(0, count)));
    // Sets that do not overlap, the widest first: without any of them there is less than without the last.
    if (apart) return candidates.slice(0, enough);
    needed.push(...candidates.slice(enough - 1, enough));
    candidates = candidates.slice(0, enough - 1);
  }
  return widest.filter((rule) => needed.includes(rule));
}

/** The widest rules that must go, if those that go are to be the widest: for what has more causes than can be told. */
export function widestOf(
  rules: readonly RuleReach[],
  condition: ExposureCondition,
  family: Family,
): RuleReach[] {
  const widest = widestFirst(rules.filter(condition.matters), family, condition.ofSources);
  return widest.slice(
    0,
    leastPrefix(widest.length, (count) => !condition.holds(widest.slice(count))),
  );
}

/** The number of rules that are tried by themselves. */
const ALONE = 50;
const TRIED = 100_000;

/** The least count from 1 to `all` of which something is true that stays true, and is true of `all`. */
function leastPrefix(all: number, isEnough: (count: number) => boolean): number {
  let [few, enough] = [0, all];
  while (few + 1 < enough) {
    const middle = Math.floor((few + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else few = middle;
  }
  return enough;
}

function widestFirst(rules: readonly RuleReach[], family: Family, ofSources: boolean): RuleReach[] {
  return rules
    .map((rule) => {
      const ports = rule.last - rule.first + 1;
      const times = ofSources ? 1 : ports;
      const open = Number(size(intersection(rule.sources, family.public))) * times;
      return { rule, open, all: Number(size(rule.sources)) * times, ports };
    })
    .toSorted((a, b) => b.open - a.open || b.all - a.all || b.ports - a.ports)
    .map(({ rule }) => rule);
}

/** Without those that are inside of another; and whether the others have nothing in common. */
function outermost(rules: readonly RuleReach[]): { readonly few: RuleReach[]; readonly apart: boolean } {
  const spans = rules
    .flatMap((rule) => rule.sources.map(({ first, last }) => ({ rule, first, last })))
    .toSorted((a, b) =>
      a.first === b.first ? (a.last > b.last ? -1 : a.last < b.last ? 1 : 0) : a.first < b.first ? -1 : 1,
    );
  const inside = new Set<RuleReach>();
  let [reach, apart] = [-1n, true];
  for (const { rule, first, last } of spans) {
    // Of one that is in several pieces, that one piece is inside says nothing.
    if (last <= reach && rule.sources.length === 1) inside.add(rule);
    else if (first <= reach) apart = false;
    if (last > reach) reach = last;
  }
  return { few: rules.filter((rule) => rule.sources.length > 0 && !inside.has(rule)), apart };
}
