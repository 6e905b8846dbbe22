import { type AddressSet, intersection, size } from './address-set.ts';
import { causeOf } from './cause.ts';
import { parsePrefix } from './cidr.ts';
import type { Family } from './family.ts';
import type { Opening } from './opening.ts';
import type { NewRule, RuleEdit } from './rule-edit.ts';

export interface FixOptions {
  readonly family: Family;
  /** Whether these openings are still wrong. */
  readonly holds: (some: readonly Opening[]) => boolean;
  /** From where what is closed to everyone stays open. */
  readonly keep: readonly string[];
  readonly groupOf: (rule: Opening['rule']) => string;
}

/**
 * The edits that end an exposure: every rule that causes it goes, and comes back for the prefixes that are to be kept.
 * Rules that cause nothing stay. A cause may hide behind another one, so it is looked for until there is none.
 */
export function fixOf(
  openings: readonly Opening[],
  { family, holds, keep, groupOf }: FixOptions,
): RuleEdit[] {
  let rest = openings;
  const gone: Opening[] = [];
  while (rest.length > 0 && holds(rest)) {
    const cause = causeOf(rest, holds);
    gone.push(...cause);
    rest = rest.filter((one) => !cause.includes(one));
  }
  const bodies = gone.map((one) => bodyOf(one, groupOf(one.rule)));
  return [
    ...gone.flatMap((one, index) => narrowed(one, bodies[index], keep, family)),
    ...gone.flatMap((one, index): RuleEdit[] => {
      const body = bodies[index];
      return body === undefined ? [] : [{ edit: 'remove', rule: { ...body, id: one.rule.id } }];
    }),
  ];
}

function narrowed(
  { sources }: Opening,
  body: NewRule | undefined,
  keep: readonly string[],
  family: Family,
): RuleEdit[] {
  if (body === undefined) return [];
  return keep.flatMap((text): RuleEdit[] => {
    const prefix = parsePrefix(text);
    if (prefix === undefined || prefix.version !== family.version) return [];
    const wanted: AddressSet = [{ first: prefix.first, last: prefix.last }];
    // Only what the rule did let in, and whole: half a prefix is no prefix.
    if (size(intersection(sources, wanted)) < size(wanted)) return [];
    return [
      {
        edit: 'add',
        rule: { ...body, remote_ip_prefix: text, remote_group_id: null, remote_address_group_id: null },
      },
    ];
  });
}

const bodyOf = ({ rule }: Opening, security_group_id: string): NewRule => ({
  security_group_id,
  direction: rule.direction,
  ethertype: rule.ethertype,
  protocol: rule.protocol,
  port_range_min: rule.port_range_min,
  port_range_max: rule.port_range_max,
  remote_ip_prefix: rule.remote_ip_prefix,
  remote_group_id: rule.remote_group_id,
  remote_address_group_id: rule.remote_address_group_id ?? null,
});
