import { type Family, publicShare, words } from '../addresses/address-family.ts';
import type { Claim } from '../exposure/exposure-claim.ts';
import { reachWords } from '../reach/describe-reach.ts';
import type { Reach } from '../reach/rule-reach.ts';
import { through, UNSEEN, type Wall } from './packet-filter.ts';

/** What becomes of a claim on a way. */
export interface Passage {
  /** The firewall groups on it. */
  readonly groups: readonly string[];
  /** `some`: less than the finding says, but not nothing. */
  readonly lets: 'all' | 'some' | 'nothing' | 'unknown';
  readonly why: readonly string[];
}

/** What is left of claims behind walls: the same claim behind the same walls is asked about once. */
export function passages(): (walls: readonly Wall[], claim: Claim, family: Family) => Passage {
  const numbers = new WeakMap<Wall, number>();
  let last = 0;
  const numberOf = (wall: Wall): number => {
    const number = numbers.get(wall) ?? (last += 1);
    numbers.set(wall, number);
    return number;
  };
  const known = new WeakMap<Claim, Map<string, Passage>>();
  return (walls, claim, family) => {
    const ofClaim = known.get(claim) ?? new Map<string, Passage>();
    known.set(claim, ofClaim);
    const key = walls.map(numberOf).join(' ');
    const passage = ofClaim.get(key) ?? passageOf(walls, claim, family);
    ofClaim.set(key, passage);
    return passage;
  };
}

function passageOf(walls: readonly Wall[], { reached, isAll }: Claim, family: Family): Passage {
  const known = walls.filter((one) => one !== UNSEEN);
  const groups = known.flatMap(({ group }) => group ?? []);
  const why = walls.map((one) => one.why);
  let left = reached;
  for (const { lets } of known) if (lets !== undefined) left = through(left, lets);
  const isShut = known.some(({ lets }) => lets !== undefined) && !isOfTheWorld(left, family);
  // Whatever else stands there, nothing comes through this one.
  if (isShut) return { groups, lets: 'nothing', why: [...why, 'nothing of it comes through'] };
  if (known.some(({ lets }) => lets === undefined)) return { groups, lets: 'unknown', why };
  if (known.length === 0 || isAll(left)) return { groups, lets: 'all', why };
  return { groups, lets: 'some', why: [...why, `what comes through: ${wordsOf(left, family)}`] };
}

/** Does anything of it come from outside? */
const isOfTheWorld = (left: readonly Reach[], family: Family): boolean =>
  left.some(({ sources }) => publicShare(sources, family) > 0);

function wordsOf(left: readonly Reach[], family: Family): string {
  const shown = left.slice(0, 5).map((one) => `${reachWords(one)} from ${words(one.sources, family)}`);
  return `${shown.join(', ')}${left.length > shown.length ? `, and ${left.length - shown.length} more` : ''}`;
}
