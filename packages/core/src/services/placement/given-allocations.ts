import { z } from 'zod';
import { GivenAmounts } from './amounts.ts';

/** The allocations to make, by the uuid of the provider. `generation` is ignored, so that an answer can be sent back. */
export const ByProvider = z.record(
  z.string(),
  z.strictObject({ resources: GivenAmounts, generation: z.number().int().optional() }),
);

/** As Placement says it before 1.12. */
export const AsList = z
  .array(z.strictObject({ resource_provider: z.strictObject({ uuid: z.string() }), resources: GivenAmounts }))
  .min(1);

/** Before 1.28, to take nothing is an error here: delete the allocations. */
export const SomeByProvider = ByProvider.refine(
  (allocations) => Object.keys(allocations).length > 0,
  'takes nothing: before microversion 1.28 that is to delete the allocations',
);

/** For whom it is taken. */
export const Owner = z.string().min(1).max(255);

/** The one that was seen; null if the consumer has none yet. */
export const ConsumerGeneration = z.number().int().nullable();

/** From which providers each group of a request was satisfied, as a candidate said it. */
export const Mappings = z.record(z.string(), z.array(z.string()).min(1)).optional();

/** `INSTANCE`, `MIGRATION`, or another name. */
export const ConsumerType = z
  .string()
  .max(255)
  .regex(/^[A-Z0-9_]+$/, 'has capitals, digits and underscores only');

const allocation13 = z.strictObject({ allocations: ByProvider, project_id: Owner, user_id: Owner });
const allocation28 = allocation13.extend({ consumer_generation: ConsumerGeneration });
const allocation34 = allocation28.extend({ mappings: Mappings });
const allocation38 = allocation34.extend({ consumer_type: ConsumerType });

/** The allocations of several consumers, by the consumer's uuid. Empty `allocations` remove those of a consumer. */
export const Consumers13 = z.record(z.string(), allocation13);
export const Consumers28 = z.record(z.string(), allocation28);
export const Consumers34 = z.record(z.string(), allocation34);
export const Consumers38 = z.record(z.string(), allocation38);
