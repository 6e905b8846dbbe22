/** Can it run there? A no and an unknown have their reasons. */
export type PlacementAnswer =
  | { readonly answer: 'yes' }
  | { readonly answer: 'no'; readonly because: readonly Reason[] }
  | { readonly answer: 'unknown'; readonly because: readonly Reason[] };

export interface Reason {
  /** Of the rule. */
  readonly rule: string;
  readonly why: string;
}

/** What a rule says. */
export type RuleAnswer = 'yes' | { readonly no: string } | { readonly unknown: string };

export const no = (why: string): RuleAnswer => ({ no: why });
export const notKnown = (why: string): RuleAnswer => ({ unknown: why });
