import { z } from 'zod';

/** Amounts by resource class. */
export const Resources = z.record(z.string(), z.number().int().positive());

/** By provider. Its generation is no guard: Placement does not look at it. */
const ByProvider = z.record(
  z.string(),
  z.strictObject({ resources: Resources, generation: z.number().int().optional() }),
);

const Owner = { project_id: z.string(), user_id: z.string() };

/** As last read; `null` of a consumer that is to have nothing yet. Otherwise 409 `placement.concurrent_update`. */
export const ConsumerGeneration = z.number().int().nullable();

/** Providers by the suffix of the group of the request that they were chosen for. */
export const Mappings = z.record(z.string(), z.array(z.string()).min(1)).optional();

/** `INSTANCE`, `MIGRATION`, or another in capitals. */
export const ConsumerType = z
  .string()
  .max(255)
  .regex(/^[A-Z0-9_]+$/);

/** Allocations of one of several consumers; without any, what it has is taken. */
const At13 = z.strictObject({ allocations: ByProvider, ...Owner });
const At28 = At13.extend({ consumer_generation: ConsumerGeneration });
const At34 = At28.extend({ mappings: Mappings });
const At38 = At34.extend({ consumer_type: ConsumerType });

/** By consumer, at each microversion that changed it. */
export const ByConsumer = {
  at13: z.record(z.string(), At13),
  at28: z.record(z.string(), At28),
  at34: z.record(z.string(), At34),
  at38: z.record(z.string(), At38),
};

/** Of one consumer: by provider, which before 1.12 was told in a list. */
export const GivenList = z
  .array(z.strictObject({ resource_provider: z.strictObject({ uuid: z.string() }), resources: Resources }))
  .min(1);
export const GivenMap = ByProvider;
