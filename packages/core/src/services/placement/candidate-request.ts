import { z } from 'zod';
import { args, changes, since } from '../../record/shape.ts';

const Text = z.string().optional();
const Texts = z.union([z.string(), z.array(z.string())]).optional();
const Limit = z.number().int().positive().optional();

/** A request without groups, as it was before 1.25. */
const Ungrouped = args({
  /** `VCPU:4,MEMORY_MB:2048` */
  resources: z.string(),
  limit: since('1.16', Limit),
  /** Traits with commas; `!` in front, from 1.22 on, means without. */
  required: since('1.17', Text),
  /** An aggregate, or `in:` and several. Several of these, from 1.24 on: in each. */
  member_of: changes(['1.21', Text], ['1.24', Texts]),
});

/** The parameters of a group: `resources`, `resources1`, `resources_NIC`, … */
export interface Groups<Required> {
  readonly [resources: `resources${string}`]: string | undefined;
  readonly [required: `required${string}`]: Required | undefined;
  readonly [memberOf: `member_of${string}`]: string | readonly string[] | undefined;
}
export interface Trees {
  readonly [inTree: `in_tree${string}`]: string | undefined;
}
export interface Common {
  /** The largest number of candidates. */
  readonly limit?: number | undefined;
  /** With more than one numbered group: whether two may be met by one provider. */
  readonly group_policy?: 'none' | 'isolate' | undefined;
}
export interface Rooted {
  /** Traits of the root of the tree, with commas; `!` in front means without. */
  readonly root_required?: string | undefined;
}
export interface Subtrees {
  /** Suffixes of groups, with commas, to be met below one provider. Several of these: each. */
  readonly same_subtree?: string | readonly string[] | undefined;
}
type At25 = Flat<Groups<string> & Common>;
type At31 = Flat<At25 & Trees>;
type At35 = Flat<At31 & Rooted>;
type At36 = Flat<At35 & Subtrees>;
type At39 = Flat<Groups<string | readonly string[]> & Common & Trees & Rooted & Subtrees>;
type Flat<T> = { [K in keyof T]: T[K] } & {};

const common = { limit: Limit, group_policy: z.enum(['none', 'isolate']).optional() };
const rooted = { ...common, root_required: Text };
const subtrees = { ...rooted, same_subtree: Texts };

const NUMBERED = '([1-9][0-9]*)?';
const NAMED = '([a-zA-Z0-9_-]{1,64})?';

/**
 * Groups are fields whose names begin with a word and end with a suffix of the caller's making, which no table of
 * fields can list: the names are checked here, one by one, and their values by the word.
 */
function grouped<T>(
  fixed: z.ZodRawShape,
  words: Readonly<Record<string, z.ZodType>>,
  suffix: string,
): z.ZodType<T, T> {
  const patterns = Object.entries(words).map(
    ([word, schema]) => [new RegExp(`^${word}${suffix}$`), schema] as const,
  );
  const check = z
    .object(fixed)
    .catchall(z.unknown())
    .superRefine((given, context) => {
      for (const [name, value] of Object.entries(given)) {
        if (name in fixed) continue;
        const schema = patterns.find(([pattern]) => pattern.test(name))?.[1];
        if (schema === undefined) {
          context.addIssue({ code: 'unrecognized_keys', keys: [name], input: given });
          continue;
        }
        const issue = schema.safeParse(value).error?.issues[0];
        if (issue !== undefined)
          context.addIssue({ code: 'custom', path: [name], message: issue.message, input: value });
      }
    });
  return check as unknown as z.ZodType<T, T>;
}

const words = { resources: Text, required: Text, member_of: Texts };
const withTrees = { ...words, in_tree: Text };

/**
 * The resources that a consumer would need. From 1.25 on it comes in groups: `resources`, `required` and `member_of` (and from
 * 1.31 on `in_tree`) without a suffix may be met by several providers together, those with the same suffix by one. The suffix
 * is a number, from 1.33 on any of `[a-zA-Z0-9_-]{1,64}` (`placement/schemas/allocation_candidate.py`).
 */
export const CandidateRequest = changes(
  ['1.10', Ungrouped],
  ['1.25', grouped<At25>(common, words, NUMBERED)],
  ['1.31', grouped<At31>(common, withTrees, NUMBERED)],
  ['1.33', grouped<At31>(common, withTrees, NAMED)],
  ['1.35', grouped<At35>(rooted, withTrees, NAMED)],
  ['1.36', grouped<At36>(subtrees, withTrees, NAMED)],
  ['1.39', grouped<At39>(subtrees, { ...withTrees, required: Texts }, NAMED)],
);
