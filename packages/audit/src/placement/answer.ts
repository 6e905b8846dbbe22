/** The answer whether a workload can run at a location. A no and an unknown have their reasons. */
export type PlacementAnswer =
  | { readonly answer: 'yes' }
  | { readonly answer: 'no'; readonly because: readonly Reason[] }
  | { readonly answer: 'unknown'; readonly because: readonly Reason[] };

export interface Reason {
  /** The rule's id. */
  readonly rule: string;
  readonly why: string;
}

/** The answer of a rule. */
export type RuleAnswer = 'yes' | { readonly no: string } | { readonly unknown: string };

export const no = (why: string): RuleAnswer => ({ no: why });
export const notKnown = (why: string): RuleAnswer => ({ unknown: why });
