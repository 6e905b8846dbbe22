/** What survives a file: plans, inputs, outputs and journals hold nothing else. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
