import { aFunction, optionsSchema, readOptions } from '@groundcrew/ground';
import { z } from 'zod';
import type { CheckDataOptions, EngineOptions, GetOptions, ListOptions, PutOptions } from './engine.ts';

const reading = { ...readOptions, lock: z.boolean().optional() };
const tags = z.record(z.string(), z.string()).optional();
const aCount = z.number().nonnegative();

/** Schemas of the options of an engine's methods: a slip in `lock` or `offset` must not read something else. */
export const engineOptions = optionsSchema<EngineOptions>(readOptions);
export const putOptions = optionsSchema<PutOptions>({
  ...readOptions,
  tags,
  onProgress: aFunction.optional(),
});
export const getOptions = optionsSchema<GetOptions>({
  ...reading,
  offset: aCount.and(z.int()).optional(),
  // Infinity is all of it.
  length: z.union([aCount.and(z.int()), z.literal(Infinity)]).optional(),
});
export const listOptions = optionsSchema<ListOptions>({ ...reading, tags });
export const checkOptions = optionsSchema<CheckDataOptions>({
  ...reading,
  share: z.number().min(0).max(1).optional(),
});
