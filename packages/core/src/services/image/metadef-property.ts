import { z } from 'zod';
import { tolerant } from '../../record/tolerant.ts';

/** A property that images, flavors, volumes or hosts may have, as a JSON schema. */
export const MetadefProperty = tolerant({
  title: z.string().optional(),
  description: z.string().nullable().optional(),
  /** `string`, `integer`, `number`, `boolean` or `array`. */
  type: z.union([z.string(), z.array(z.string())]).optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).nullable().optional(),
  /** `<in>`, `<or>`, … of the scheduler's filters. */
  operators: z.array(z.string()).nullable().optional(),
  minimum: z.number().nullable().optional(),
  maximum: z.number().nullable().optional(),
  items: z.unknown().optional(),
  readonly: z.boolean().nullable().optional(),
});
export type MetadefProperty = z.output<typeof MetadefProperty>;

/** A property to be defined. Keywords of JSON schema that are not named here pass. */
export const GivenProperty = tolerant({
  title: z.string(),
  type: z.union([z.string(), z.array(z.string())]),
  description: z.string().nullable().optional(),
});
