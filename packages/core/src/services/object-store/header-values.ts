import { z } from 'zod';

/** A number as a header has it. */
export const Count = z
  .string()
  .regex(/^\d{1,15}$/, 'is no whole number')
  .transform(Number);

/** Metadata as the store has it, by names in small letters. */
export const StoredMetadata = z.record(z.string(), z.string());

/** Metadata to be stored. Names have no case; an empty text takes one away. */
export const GivenMetadata = z.record(z.string().min(1), z.string()).optional();
