import { z } from 'zod';

/** Given once or several times. */
export const Several = z.union([z.string(), z.array(z.string())]).optional();

const named = {
  /** The most `allocation_requests` to be answered. */
  limit: z.number().int().positive().optional(),
  /** Whether groups may be had from one provider (`none`), or not (`isolate`). To be given with two groups or more. */
  group_policy: z.enum(['none', 'isolate']).optional(),
};

/** Arguments that no list can name, since a suffix is a part of them: the pattern of their names says which. */
const suffixed = <S extends z.ZodRawShape>(shape: S, pattern: RegExp) =>
  z
    .object(shape)
    .catchall(z.union([z.string(), z.number(), z.array(z.string())]).optional())
    .superRefine((given, context) => {
      for (const [name, value] of Object.entries(given)) {
        if (name in shape) continue;
        if (!pattern.test(name)) context.addIssue({ code: 'unrecognized_keys', keys: [name], input: given });
        else if (typeof value === 'number') context.addIssue({ code: 'custom', path: [name], message: 'is not text' });
      }
    });

/** Groups by number: `resources1`, `required1`, `member_of1` and, from 1.31 on, `in_tree1`. */
export const GranularRequest = suffixed(named, /^(resources|required|member_of|in_tree)([1-9]\d*)?$/);

/** Groups by any suffix. */
export const GranularRequestBySuffix = suffixed(
  {
    ...named,
    /** Traits of the top of the tree, `A,!B`. From 1.35 on. */
    root_required: z.string().optional(),
    /** Suffixes of groups to be had from one subtree, `_A,_B`. From 1.36 on, and then several times. */
    same_subtree: Several,
  },
  /^(resources|required|member_of|in_tree)[\w-]{0,64}$/,
);
