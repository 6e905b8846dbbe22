import { z } from 'zod';

/** Amounts by resource class: `{ VCPU: 2, MEMORY_MB: 512 }`. */
export const Amounts = z.record(z.string(), z.number());

/** The name of a resource class: a standard one, or one of the cloud's own with `CUSTOM_`. */
export const ResourceClassName = z
  .string()
  .regex(/^[A-Z0-9_]+$/, 'has capitals, digits and underscores only');

/** The name of a resource class or trait of the cloud's own. */
export const CustomName = z
  .string()
  .max(255)
  .regex(/^CUSTOM_[A-Z0-9_]+$/, 'begins with CUSTOM_, and has capitals, digits and underscores only');

/** Amounts to be taken, at least 1 of each class. */
export const GivenAmounts = z
  .record(ResourceClassName, z.number().int().positive())
  .refine((amounts) => Object.keys(amounts).length > 0, 'names no resource class');

/**
 * The number of changes to a provider. Whoever changes what belongs to a provider sends the number that was read; if it
 * is no longer that, the answer is a 409 `placement.concurrent_update`, and the provider must be read again.
 */
export const Generation = z.number().int();
