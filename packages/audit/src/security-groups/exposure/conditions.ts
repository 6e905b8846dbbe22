import type { AdminPort } from './admin-ports.ts';
import { union } from '../addresses/address-set.ts';
import type { Family } from '../addresses/address-family.ts';
import { type IsEveryone, isAll, reaches, reachPort, wideOpen } from './exposure.ts';
import type { RuleReach } from '../reach/rule-reach.ts';

const TCP = 6;
const UDP = 17;

/** A fault of a set of rules, in the form in which its causes are searched. More rules are never less wrong. */
export interface ExposureCondition {
  readonly holds: (some: readonly RuleReach[]) => boolean;
  /** Tells whether the rule can contribute to it. */
  readonly matters: (rule: RuleReach) => boolean;
  /** True if only the union of the sources of the rules that matter counts, not their ports or protocols. */
  readonly ofSources: boolean;
}

/**
 * The conditions that everyone reaches everything: by the rules for all protocols, or by those of three protocols
 * together.
 */
export const wideOpenConditions = (
  family: Family,
  isEveryone: IsEveryone,
): readonly [ExposureCondition, ExposureCondition] => [
  {
    holds: (some) => isEveryone(union(some.filter(isAll).map((reach) => reach.sources)), family),
    matters: isAll,
    ofSources: true,
  },
  {
    holds: (some) => wideOpen(some, family, isEveryone) !== undefined,
    matters: ({ protocol, sources }) =>
      sources.length > 0 &&
      (protocol === 'any' || protocol === TCP || protocol === UDP || protocol === family.icmp),
    ofSources: false,
  },
];

/** The condition that everyone reaches this port. */
export const openPortCondition = (
  port: AdminPort,
  family: Family,
  isEveryone: IsEveryone,
): ExposureCondition => ({
  holds: (some) => isEveryone(reachPort(some, port), family),
  matters: (reach) => reaches(reach, port),
  ofSources: true,
});
