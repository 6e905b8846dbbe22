import { intersection } from '../addresses/address-set.ts';
import { causeOf, widestOf } from '../exposure/causes.ts';
import type { ExposureCondition } from '../exposure/conditions.ts';
import { parsePrefix, prefixesOf } from '../addresses/cidr.ts';
import type { Family } from '../addresses/address-family.ts';
import type { RuleReach } from '../reach/rule-reach.ts';
import { newRule, type RuleEdit } from './rule-edit.ts';

export interface FixOptions {
  readonly family: Family;
  /** The faults to be mended: any of these. */
  readonly conditions: readonly ExposureCondition[];
  /** From where what is closed to everyone stays open. */
  readonly keep: readonly string[];
  readonly groupOf: (rule: RuleReach['rule']) => string;
}

/** Causes that are looked for one behind the other; after that the widest go. */
const ROUNDS = 20;

/**
 * The edits that end an exposure: every rule that causes it goes, and comes back for the prefixes that are to be kept.
 * Rules that cause nothing stay. A cause may hide behind another one, so it is looked for until there is none.
 */
export function ruleEdits(
  rules: readonly RuleReach[],
  { family, conditions, keep, groupOf }: FixOptions,
): RuleEdit[] {
  const gone = new Set<RuleReach>();
  let rest = rules;
  const drop = (some: readonly RuleReach[]): void => {
    for (const rule of some) gone.add(rule);
    rest = rest.filter((rule) => !gone.has(rule));
  };
  for (const condition of conditions) {
    drop(rest.filter((rule) => condition.matters(rule) && condition.holds([rule])));
    for (let round = 0; round < ROUNDS && condition.holds(rest); round += 1)
      drop(causeOf(rest, condition, family));
    if (condition.holds(rest)) drop(widestOf(rest, condition, family));
  }
  const kept = keptOf([...gone], rest, keep, family);
  // The sources to keep may be so many that with them it is as open as before.
  const open = conditions.some(({ holds }) => holds([...rest, ...kept.map(({ reach }) => reach)]));
  const back = open ? [] : kept;
  const stays = new Set(back.flatMap(({ stays: unchanged }) => unchanged ?? []));
  return [
    ...back.flatMap(({ reach, prefix, stays: unchanged }): RuleEdit[] =>
      unchanged === undefined
        ? [
            {
              edit: 'add',
              rule: {
                ...newRule(reach.rule, groupOf(reach.rule)),
                remote_ip_prefix: prefix,
                remote_group_id: null,
                remote_address_group_id: null,
              },
            },
          ]
        : [],
    ),
    ...[...gone].flatMap((rule): RuleEdit[] =>
      stays.has(rule)
        ? []
        : [{ edit: 'remove', rule: { ...newRule(rule.rule, groupOf(rule.rule)), id: rule.rule.id } }],
    ),
  ];
}

/** A rule that is added again: a narrower one, or one of those that were to be removed, as it is. */
interface Kept {
  readonly reach: RuleReach;
  readonly prefix: string;
  readonly stays: RuleReach | undefined;
}

/**
 * The rules that let in the sources to keep, as far as rules let them in that are removed, unless a rule that stays is
 * the same: Neutron has none twice.
 */
function keptOf(
  gone: readonly RuleReach[],
  rest: readonly RuleReach[],
  keep: readonly string[],
  family: Family,
): Kept[] {
  if (keep.length === 0) return [];
  const there = new Set(rest.map(keyOf));
  const before = new Map(gone.map((rule) => [keyOf(rule), rule]));
  const found = new Map<string, Kept>();
  for (const rule of gone)
    for (const text of keep) {
      const wanted = parsePrefix(text);
      if (wanted?.version !== family.version) continue;
      for (const { first, last } of intersection(rule.sources, [wanted]))
        for (const prefix of prefixesOf({ first, last }, family.version)) {
          const reach: RuleReach = { ...rule, sources: [prefix], doubt: undefined };
          const key = keyOf(reach);
          if (!there.has(key)) found.set(key, { reach, prefix: prefix.text, stays: before.get(key) });
        }
    }
  return [...found.values()];
}

/** The same for two rules that do the same. */
const keyOf = ({ protocol, first, last, sources }: RuleReach): string =>
  `${protocol} ${first}-${last} ${sources.map((source) => `${source.first}-${source.last}`).join(' ')}`;
