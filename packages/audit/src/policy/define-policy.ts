import { aFunction, parseArguments, type Severity } from '@groundcrew/ground';
import { InputError, type Observed } from '@groundcrew/core';
import { z } from 'zod';
import type { Judgement } from './judgement.ts';

/** The names of what a snapshot observed: `users`, `images`, … */
export type PartOf<S> = { [K in keyof S]-?: S[K] extends Observed<unknown> ? K : never }[keyof S] & string;

/** The values of some parts, without their gaps: the evaluator deals with those. */
export type ObservedParts<S, K extends PartOf<S>> = {
  readonly [P in K]: S[P] extends Observed<infer T> ? T : never;
};

/** The context of a check beside the snapshot. */
export interface CheckContext {
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The origins of a rule, for reports in the words of a framework: `{ 'security-guide': ['Check-Block-09'] }`. */
export type Frameworks = Readonly<Record<string, readonly string[]>>;

/** A rule over snapshots of kind `S`. */
export interface CompliancePolicy<S> {
  /** Stable across releases: `identity.trust-without-expiry`. */
  readonly id: string;
  /** The requirement, as a sentence that is true where it passes. */
  readonly title: string;
  readonly severity: Severity;
  /**
   * The parts of the snapshot that it reads. The first part is the list that is judged, item by item; the others are
   * looked up. Where the first is incomplete, things that it may lack are unknown; where another is incomplete, no item
   * passes.
   */
  readonly needs: readonly [PartOf<S>, ...PartOf<S>[]];
  /** The way to mend a failure. */
  readonly remedy: string;
  readonly frameworks: Frameworks;
  readonly check: (seen: ObservedParts<S, PartOf<S>>, context: CheckContext) => Iterable<Judgement>;
}

export interface CompliancePolicySpec<S, K extends PartOf<S>> {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly needs: readonly [K, ...K[]];
  readonly remedy: string;
  readonly frameworks?: Frameworks | undefined;
  /**
   * Judges what was seen. Pure: the clock is in the context. It need not care for what was not seen, but for one thing:
   * a verdict that rests on something not being there, or on a count, says so (`ifWhole`).
   */
  readonly check: (seen: ObservedParts<S, K>, context: CheckContext) => Iterable<Judgement>;
}

const words = z.string().refine((text) => text.trim() !== '', 'is empty');
const specSchema = z.strictObject({
  id: z.string().regex(/^\S+$/, 'must be a word without blanks'),
  title: words,
  severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
  needs: z.array(words).min(1, 'needs nothing, so that nothing can be judged').readonly(),
  remedy: words,
  frameworks: z.record(z.string(), z.array(z.string()).readonly()).optional(),
  check: aFunction,
});

/**
 * Makes the function that defines policies over one kind of snapshot, so that `check` gets the parts in `needs`, with
 * their types, and no others.
 *
 * @throws InputError, from that function, that names the field
 * @example
 * const define = policiesOver<SecurityGroupSnapshot>();
 * const named = define({
 *   id: 'shop.named-groups',
 *   title: 'Security groups have names',
 *   severity: 'low',
 *   needs: ['securityGroups'],
 *   remedy: 'Name it.',
 *   check: ({ securityGroups }) =>
 *     securityGroups.map((securityGroup) => (securityGroup.name === '' ? fail : pass)(subject('security group', securityGroup), `it is "${securityGroup.name}"`)),
 * });
 */
export const policiesOver =
  <S>() =>
  <const K extends PartOf<S>>(spec: CompliancePolicySpec<S, K>): CompliancePolicy<S> => {
    parseArguments('definePolicy', specSchema, spec);
    const twice = spec.needs.find((need, at) => spec.needs.indexOf(need) !== at);
    if (twice !== undefined)
      throw new InputError(`needs: ${twice} is there twice`, { field: 'needs', operation: 'definePolicy' });
    return { ...spec, frameworks: spec.frameworks ?? {} };
  };
